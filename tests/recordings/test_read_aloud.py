"""The command that takes in a folder of sentences read aloud."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from recordings import processing
from recordings.models import Reading
from tests import make, sound

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    yield
    processing.sandbox().close()
    processing.sandbox.cache_clear()


def run(folder, table, **options):
    (folder / "table.tsv").write_text(table)
    out, err = StringIO(), StringIO()
    options = {"locale": "en", "agreed": True, "table": folder / "table.tsv"} | options
    try:
        call_command("read_aloud", folder, stdout=out, stderr=err, **options)
    except CommandError as fault:
        err.write(str(fault))
    return out.getvalue() + err.getvalue()


def test_a_folder_of_sentences_can_be_heard_afterwards(tmp_path):
    by_text, by_id, reader = make.prompt("We saw the sea at last."), make.prompt(), make.speaker()
    for name in ("one.flac", "two.flac"):
        (tmp_path / name).write_bytes(sound.flac(sound.speech(seconds=2)))
    table = f"file\tid\tsentence\none.flac\t\tWe saw the sea at last!\ntwo.flac\t{by_id.pk}\t\n"
    assert "2 sentences can be heard now" in run(tmp_path, table, reader=reader.pk)
    for prompt in (by_text, by_id):
        prompt.refresh_from_db()
        assert prompt.audio
    assert set(Reading.objects.values_list("reader", flat=True)) == {reader.pk}
    assert AuditEntry.objects.filter(about="read_aloud").exists()


def test_what_cannot_be_used_is_told_and_does_not_stop_the_rest(tmp_path):
    prompt = make.prompt()
    (tmp_path / "good.flac").write_bytes(sound.flac(sound.speech(seconds=2)))
    (tmp_path / "bad.flac").write_bytes(b"no sound at all")
    ids = {
        "bad.flac": make.prompt().pk,
        "other.flac": "nothing",
        "gone.flac": prompt.pk,
        "good.flac": prompt.pk,
    }
    told = run(tmp_path, "file\tid\n" + "".join(f"{name}\t{number}\n" for name, number in ids.items()))
    assert "bad.flac: What arrived is no sound" in told
    assert "other.flac: There is no such sentence" in told
    assert "gone.flac: No such file" in told
    assert "3 of 4 files were not taken in" in told
    prompt.refresh_from_db()
    assert prompt.audio


def test_a_file_outside_the_folder_is_not_read(tmp_path):
    (tmp_path / "outside.flac").write_bytes(sound.flac(sound.speech(seconds=2)))
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "No such file" in run(folder, f"file\tid\n../outside.flac\t{make.prompt().pk}\n")


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        ("name\tid\n", {}, "needs the columns"),
        ("file\tid\na\tb\n", {"locale": "xx"}, "language"),
        ("file\tid\na\tb\n", {"reader": "00000000-0000-4000-8000-000000000000"}, "no voice of that number"),
    ],
)
def test_nothing_begins_without_all_that_is_needed(tmp_path, table, options, words):
    make.language()
    assert words in run(tmp_path, table, **options)
    assert not Reading.objects.exists()
