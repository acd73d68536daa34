"""Importing files of sentences."""

import io
import random
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from common.errors import Refused
from prompts import importing, jobs, keys, processing, receiving
from prompts.cleaning import FAULTS as CLEANING_FAULTS
from prompts.lines import Line, Reader
from prompts.models import NearKey, Prompt, RefusedLine, SentenceImport
from prompts.options import Licence
from prompts.receiving import Origin, take_in, take_in_all
from prompts.states import ImportState, PromptState
from prompts.wording import FAULTS
from tests import make


def read(content, **where):
    return list(Reader(io.BytesIO(content), **where))


def sentences(count):
    """Return sentences that are not like each other."""
    chance = random.Random(count)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(5 * count)]
    return [" ".join(words[5 * number : 5 * number + 5]) for number in range(count)]


# Reading


def test_plain_lines_are_sentences():
    assert read(b"One.\n\nTwo.\n") == [Line(1, "One."), Line(3, "Two.")]
    assert read("\ufeffÉin.".encode()) == [Line(1, "Éin.")]


def test_a_table_names_its_columns_in_any_order_and_with_remarks():
    table = "\ufeffDomain (optional)\tSentence (mandatory)\tsource\r\nfinance\tOne.\tA book\r\n\tTwo.\r\n"
    assert read(table.encode()) == [
        Line(2, "One.", domain="finance", source="A book"),
        Line(3, "Two."),
    ]


@pytest.mark.parametrize(
    ("content", "code"), [(b"text\tdomain\n", "no-sentence-column"), (b"\xff\xfeO\0", "not-utf8")]
)
def test_a_file_that_holds_no_sentences_is_refused(content, code):
    with pytest.raises(Refused) as no:
        read(content)
    assert no.value.code == code


def test_a_line_without_end_is_read_to_its_end_and_kept_short():
    lines = read(b"a" * 100_000 + b"\nNext.\n")
    assert [len(line.text) for line in lines] == [8192, 5]
    assert lines[1].number == 2


def test_reading_goes_on_where_it_stopped():
    file = io.BytesIO(b"sentence\tdomain\nOne.\t\nTwo.\tfinance\n")
    first = Reader(file)
    next(iter(first))
    file.seek(at := file.tell())
    assert at == len(b"sentence\tdomain\nOne.\t\n")
    assert list(Reader(file, first.number, first.columns)) == [Line(3, "Two.", domain="finance")]


# Taking in


def run(*texts):
    refused = []
    lines = [text if isinstance(text, Line) else Line(n, text) for n, text in enumerate(texts, 1)]
    result = take_in_all(lines=lines, language=make.language(), origin=Origin("tests"), refuse=refused.append)
    return result, [refusal.code for refusal in refused]


@pytest.mark.django_db
def test_what_passes_the_rules_is_in_use_and_the_rest_is_refused_with_a_reason():
    result, refused = run(
        "The cat sleeps.",
        "It is 5 o'clock.",
        Line(3, "A dog barks loudly.", domain="cooking"),
        Line(4, "Some birds sing.", variant="en-xx"),
        " ",
    )
    assert (result.accepted, refused) == (1, ["digit", "unknown-domain", "unknown-variant", "empty"])
    assert Prompt.objects.get().text == "The cat sleeps."


@pytest.mark.django_db
def test_a_line_may_be_a_question_to_be_answered_freely():
    file = "sentence\tkind\nWhat did you do yesterday?\ttopic\nThe cat sleeps.\t\nA dog barks.\tpoem\n"
    _, refused = run(*read(file.encode()))
    assert refused == ["unknown-kind"]
    assert {prompt.text: prompt.kind for prompt in Prompt.objects.all()} == {
        "What did you do yesterday?": "topic",
        "The cat sleeps.": "sentence",
    }


@pytest.mark.django_db
def test_a_line_may_name_its_variant_and_its_own_source():
    scots = make.language().variants.create(code="en-scotland", name="Scottish English")
    run(Line(1, "It's a braw day.", variant="en-scotland", source="A song"))
    assert Prompt.objects.get(variant=scots).source == "A song"


@pytest.mark.django_db
def test_the_same_sentence_is_taken_once_within_a_file_and_across_files():
    run("The cat sleeps.")
    result, refused = run("the cat  sleeps", "A dog barks.", "A dog barks!")
    assert (result.accepted, refused) == (1, ["duplicate", "duplicate"])


@pytest.mark.django_db
def test_a_sentence_much_like_another_is_refused_unless_it_is_wanted_anyway():
    text = "The old baker went down to the harbour early in the morning."
    like = "The old baker went down to the harbour early in the evening."
    result, refused = run(text, like, "Nobody had ever seen such a storm before.")
    assert (result.accepted, refused) == (2, ["similar"])
    assert run(Line(1, like, anyway=True))[0].accepted == 1


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_file(monkeypatch):
    monkeypatch.setattr(receiving, "BATCH", 50)
    texts = iter(sentences(950))

    def peak(count):
        lines = (Line(n, next(texts)) for n in range(count))
        tracemalloc.start()
        take_in_all(lines=lines, language=make.language(), origin=Origin("t"), refuse=lambda refusal: None)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(50)
    assert peak(800) < 3 * peak(100)


# The job


def start(*lines, **fields):
    content = ContentFile("\n".join(lines).encode() + b"\n")
    said = {"source": "A book", "licence": Licence.PUBLIC_DOMAIN} | fields
    return importing.start_import(language=make.language(), file=content, **said)


def finish(job):
    while processing.process(job.pk):
        pass
    job.refresh_from_db()


@pytest.mark.django_db
def test_a_file_waits_for_a_worker_and_leaves_a_report():
    job = start(
        "sentence\tdomain", "The cat sleeps.\tfinance", "It is 5 o'clock.\t", submitter=make.speaker()
    )
    assert job.state == ImportState.WAITING
    assert processing.process_next()
    job.refresh_from_db()
    assert (job.state, job.accepted, job.refused, job.line) == (ImportState.DONE, 1, 1, 3)
    prompt = Prompt.objects.get()
    assert (prompt.state, prompt.domain, prompt.source) == (PromptState.SUBMITTED, "finance", "A book")
    assert (prompt.submitter, prompt.licence) == (job.submitter, Licence.PUBLIC_DOMAIN)
    report = [line.split("\t") for line in importing.report(job)]
    assert report[1] == ["3", "digit", str(FAULTS["digit"]), "5", "It is 5 o'clock.\n"]
    assert not storages["private"].exists(keys.of_import(job.pk))
    assert not processing.process_next()


@pytest.mark.django_db
def test_a_worker_that_dies_leaves_the_rest_to_the_next_and_no_line_is_taken_twice(monkeypatch):
    monkeypatch.setattr(processing, "BATCH", 10)
    job = start(*sentences(45), "It is 5 o'clock.")
    take_in, calls = processing.take_in, []

    def die_in_the_third(**batch):
        taken = take_in(**batch)
        calls.append(batch)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return taken

    monkeypatch.setattr(processing, "take_in", die_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        processing.process(job.pk)
    assert Prompt.objects.count() == 20
    assert not processing.process(job.pk)  # its lease still runs
    SentenceImport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    finish(job)
    assert (job.state, job.accepted, job.refused) == (ImportState.DONE, 45, 1)
    assert Prompt.objects.count() == 45
    assert RefusedLine.objects.get().number == 46
    assert NearKey.objects.values("prompt").distinct().count() == 45


@pytest.mark.django_db
def test_a_worker_that_wakes_up_late_writes_nothing(monkeypatch):
    job = start(*sentences(5))
    monkeypatch.setattr(jobs, "advance", lambda job, **changes: False)
    assert processing.process(job.pk)
    assert Prompt.objects.count() == 0


@pytest.mark.django_db
def test_a_long_file_is_put_back_after_a_while_for_others_to_have_their_turn(monkeypatch):
    monkeypatch.setattr(processing, "BATCH", 2)
    monkeypatch.setattr(processing, "BATCHES", 2)
    job = start(*sentences(6))
    assert processing.process(job.pk)
    job.refresh_from_db()
    assert (job.state, job.accepted) == (ImportState.WAITING, 4)
    finish(job)
    assert (job.state, job.accepted) == (ImportState.DONE, 6)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "fault"), [(["text\tdomain", "One.\t"], "no-sentence-column"), (["gone"], "file-lost")]
)
def test_a_file_that_cannot_be_read_fails_with_a_reason(lines, fault):
    job = start(*lines)
    if fault == "file-lost":
        storages["private"].delete(keys.of_import(job.pk))
    processing.process(job.pk)
    job.refresh_from_db()
    assert (job.state, job.fault) == (ImportState.FAILED, fault)


@pytest.mark.django_db
def test_storage_that_is_away_puts_an_import_back_and_too_many_tries_end_it(monkeypatch):
    job = start("One line of text.")

    def away(key):
        raise OSError

    monkeypatch.setattr(storages["private"], "open", away)
    for _ in range(jobs.MAX_ATTEMPTS):
        assert processing.process_next()
    assert not processing.process_next()
    job.refresh_from_db()
    assert (job.state, job.fault) == (ImportState.FAILED, "failed-often")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"source": " "}, "no-source"),
        ({"source": "x" * 201}, "long-source"),
        ({"licence": "mine"}, "no-licence"),
        ({"licence": Licence.CITATION}, "no-evidence"),
    ],
)
def test_a_file_without_a_right_to_use_it_is_refused(said, code):
    with pytest.raises(Refused) as no:
        start("One.", **said)
    assert no.value.code == code


@pytest.mark.django_db
def test_an_import_is_never_further_than_its_file_and_fails_only_with_a_reason():
    job = start("One.")
    for wrong in ({"offset": job.size + 1}, {"state": ImportState.FAILED}, {"fault": "file-lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SentenceImport.objects.update(**wrong)


# Commands


@pytest.mark.django_db
def test_the_command_tells_what_it_did(tmp_path, capsys):
    make.language("br")
    (tmp_path / "sentences.txt").write_text("Demat deoc'h.\nEur 5 eo.\n")
    report = tmp_path / "report.tsv"
    call_command(
        "import_sentences", str(tmp_path / "sentences.txt"), locale="br", source="tests", report=report
    )
    assert "1 sentences are in use now, 1 were refused." in capsys.readouterr().out
    assert report.read_text().splitlines()[1].split("\t")[:2] == ["2", "digit"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "locale", "words"),
    [(b"\xff\xfe", "en", "not UTF-8"), (b"x", "tlh", "not collected here")],
)
def test_what_cannot_be_imported_is_said_in_words(tmp_path, content, locale, words):
    make.language()
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("import_sentences", str(tmp_path / "file"), locale=locale, source="tests")


@pytest.mark.django_db
def test_the_demo_can_be_loaded_again():
    call_command("load_demo", verbosity=0)
    count = Prompt.objects.count()
    call_command("load_demo", verbosity=0)
    assert Prompt.objects.count() == count >= 6 * 60


def test_every_fault_has_words():
    own = {"duplicate", "similar", "unknown-domain", "unknown-kind", "unknown-variant"}
    assert set(FAULTS) == set(CLEANING_FAULTS) | own


def test_two_who_send_the_same_sentences_at_once_are_both_answered(on_postgresql):
    language = make.language()
    texts = sentences(300)
    start = Barrier(2)

    def send(order):
        try:
            start.wait(timeout=60)
            lines = [Line(number, text) for number, text in enumerate(order, 1)]
            return len(take_in(lines=lines, language=language, origin=Origin("tests")))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        refused = list(threads.map(send, [texts, texts[::-1]]))
    assert sum(refused) == 300
    assert Prompt.objects.count() == 300
    assert NearKey.objects.count() == 6 * 300
