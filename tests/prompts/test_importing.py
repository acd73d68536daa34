"""Importing sentences."""

import tracemalloc

import pytest
from django.core.management import CommandError, call_command

from common.errors import Refused
from prompts import importing
from prompts.cleaning import FAULTS as CLEANING_FAULTS
from prompts.importing import Line, import_lines, read_lines
from prompts.models import Prompt
from prompts.wording import FAULTS
from tests import make


def test_plain_lines_are_sentences():
    assert list(read_lines(["One.\n", "\n", "Two.\n"])) == [Line(1, "One.\n"), Line(3, "Two.\n")]


def test_a_table_names_its_columns_in_any_order():
    table = ["\ufeffdomain\tsentence\r\n", "finance\tOne.\r\n", "\tTwo.\r\n"]
    assert list(read_lines(table)) == [Line(2, "One.", "finance"), Line(3, "Two.", "")]


def test_a_table_without_sentences_is_refused():
    with pytest.raises(Refused) as no:
        list(read_lines(["text\tdomain\n"]))
    assert no.value.code == "no-sentence-column"


def run(*texts, **more):
    refused = []
    lines = [text if isinstance(text, Line) else Line(n, text) for n, text in enumerate(texts, 1)]
    result = import_lines(
        lines=lines,
        language=make.language(),
        source="tests",
        refuse=lambda line, code: refused.append(code),
        **more,
    )
    return result, refused


@pytest.mark.django_db
def test_what_passes_the_rules_is_in_use_and_the_rest_is_refused_with_a_reason():
    result, refused = run(
        "The cat sleeps.", "It is 5 o'clock.", Line(3, "A dog barks loudly.", "cooking"), " "
    )
    assert (result.accepted, refused) == (1, ["digit", "unknown-domain", "empty"])
    assert Prompt.objects.get().text == "The cat sleeps."


@pytest.mark.django_db
def test_the_same_sentence_is_taken_once_within_a_file_and_across_files():
    run("The cat sleeps.")
    result, refused = run("the cat  sleeps", "A dog barks.", "A dog barks!")
    assert (result.accepted, refused) == (1, ["duplicate", "duplicate"])


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_file(monkeypatch):
    monkeypatch.setattr(importing.Prompt.objects, "bulk_create", lambda prompts: None)
    monkeypatch.setattr(importing, "BATCH", 100)

    def peak(count):
        lines = (Line(n, "word " * (n % 14 + 1)) for n in range(count))
        tracemalloc.start()
        import_lines(lines=lines, language=make.language(), source="tests", refuse=lambda line, code: None)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(100)
    assert peak(4_000) < 2 * peak(400)


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
    assert set(FAULTS) == set(CLEANING_FAULTS) | {"duplicate", "unknown-domain"}
