"""Whatever is wrong with a release is found and named, and a release with a fault is not published."""

import hashlib
import io
import shutil
import tarfile

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from common.errors import Refused
from export import publishing
from export.build import Order
from export.inspecting import inspect_folder
from export.keys import Kind
from export.models import Archive, Release
from recordings.models import Clip
from tests import make
from tests.export.releasing import today


@pytest.fixture
def edition(db, tmp_path):
    """An unpacked release without a fault."""
    for _ in range(6):
        speaker = make.speaker()
        for _ in range(3):
            make.stored_clip(speaker=speaker, votes="yy")
    make.stored_clip(votes="nn")
    publishing.make_release(number="1.0", cutoff=today(), locales=["en"], order=Order())
    key = Archive.objects.get().key
    with tarfile.open(storages["releases"].path(key)) as tar:
        tar.extractall(tmp_path, filter="data")
    return tmp_path / f"voicecollect-1.0-{today()}" / "en"


def _faults(folder):
    return [str(fault) for fault in inspect_folder(folder)]


def _edit(path, change):
    path.write_text(change(path.read_text()))


def _sum_again(folder, name):
    """Write the checksum of a changed file, so that nothing but the change itself can be found."""
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    lines = [f"{digest}  {name}" if line.endswith(f"  {name}") else line for line in _sums(folder)]
    (folder / "SHA256SUMS").write_text("".join(f"{line}\n" for line in lines))


def _sums(folder):
    return (folder / "SHA256SUMS").read_text().splitlines()


def _lines(folder, table):
    return (folder / f"{table}.tsv").read_text().splitlines(keepends=True)


def _first_clip(folder):
    return min((folder / "clips").iterdir())


def test_a_release_as_we_make_it_has_no_fault(edition):
    assert _faults(edition) == []
    assert call_command("release_lint", str(edition)) is None


FIELDS = {
    "tab": ("a\tb", "fields instead of"),
    "quote": ('"quoted" from the start', 'begins with "'),
    "carriage return": ("a\rb", "tab, CR, LF or NUL"),
    "missing value": ("NA", "reads as a missing value"),
    "not normalised": ("e\u0301", "is not NFC"),
}


@pytest.mark.parametrize("kind", FIELDS)
def test_a_sentence_that_readers_would_misread_is_found_with_its_line(edition, kind):
    text, words = FIELDS[kind]
    lines = _lines(edition, "validated")
    fields = lines[2].split("\t")
    lines[2] = "\t".join([*fields[:3], text, *fields[4:]])
    (edition / "validated.tsv").write_text("".join(lines), newline="")
    _sum_again(edition, "validated.tsv")
    assert any(each.startswith("validated.tsv:3: ") and words in each for each in _faults(edition))


@pytest.mark.parametrize(("column", "value"), [("age", "67"), ("gender", "f"), ("sentence_domain", "golf")])
def test_a_value_that_is_in_no_list_is_found(edition, column, value):
    lines = _lines(edition, "other")[:1] + _lines(edition, "validated")[1:2]
    place = lines[0].split("\t").index(column)
    fields = lines[1].split("\t")
    (edition / "other.tsv").write_text(lines[0] + "\t".join([*fields[:place], value, *fields[place + 1 :]]))
    _sum_again(edition, "other.tsv")
    assert f"other.tsv:2: {column} has a value that is in no list" in _faults(edition)


def test_a_column_in_another_place_is_found(edition):
    _edit(edition / "train.tsv", lambda text: text.replace("client_id\tpath", "path\tclient_id", 1))
    assert "train.tsv:1: has other columns than the format says" in _faults(edition)


@pytest.mark.parametrize("table", ["validated", "signals", "clip_durations", "reported"])
def test_a_missing_table_is_found(edition, table):
    (edition / f"{table}.tsv").unlink()
    assert f"{table}.tsv: is missing" in _faults(edition)


def test_a_clip_that_stands_twice_is_found(edition):
    lines = _lines(edition, "validated")
    (edition / "validated.tsv").write_text("".join([*lines[:3], lines[2], *lines[3:]]))
    assert "validated.tsv:4: stands twice or out of order" in _faults(edition)


def test_an_empty_split_is_found(edition):
    (edition / "dev.tsv").write_text(_lines(edition, "dev")[0])
    assert "dev.tsv: has no row; leave it out" in _faults(edition)


@pytest.mark.parametrize("table", ["train", "train_all", "dev"])
def test_a_speaker_or_sentence_of_test_elsewhere_is_found(edition, table):
    stolen = _lines(edition, "test")[1]
    lines = _lines(edition, table)
    (edition / f"{table}.tsv").write_text("".join([lines[0], *sorted([*lines[1:], stolen], key=_path)]))
    faults = _faults(edition)
    for column in ("client_id", "sentence_id"):
        assert any(each.startswith(f"{table}.tsv:") and f"{column} is in test.tsv" in each for each in faults)


def _path(line):
    return line.split("\t")[1]


def test_a_clip_of_a_split_that_is_not_valid_is_found(edition):
    lines, others = _lines(edition, "validated"), _lines(edition, "other")
    chosen = _lines(edition, "test")[1]
    (edition / "validated.tsv").write_text("".join(line for line in lines if line != chosen))
    (edition / "other.tsv").write_text("".join([*others, chosen]))
    assert f"test.tsv: {_path(chosen)} is not in validated.tsv" in _faults(edition)


def test_a_clip_under_another_name_than_it_was_timed_is_found(edition):
    lines = _lines(edition, "clip_durations")
    (edition / "clip_durations.tsv").write_text("".join([lines[0], "aaa.mp3\t100\n", *lines[2:]]))
    assert any(
        "aaa.mp3 is not in it, signals.tsv and a table of verdicts alike" in each for each in _faults(edition)
    )


CHANGES = {
    "line lost": lambda text: text.split("\n", 1)[1],
    "number changed": lambda text: text.replace('"up_votes": 2', '"up_votes": 3', 1),
    "file elsewhere": lambda text: text.replace("clips/", "", 1),
    "no JSON": lambda text: "x" + text,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_description_that_differs_from_its_table_is_found(edition, change):
    path = edition / "metadata-train.jsonl"
    _edit(path, CHANGES[change])
    _sum_again(edition, path.name)
    assert _faults(edition) == ["metadata-train.jsonl:1: does not say what train.tsv says"]


def test_a_changed_file_is_found(edition):
    _edit(edition / "README.md", lambda text: text + "more")
    assert _faults(edition) == ["README.md: is not what SHA256SUMS says"]


def test_a_file_too_many_is_found(edition):
    (edition / "notes.txt").write_text("hello")
    assert _faults(edition) == ["notes.txt: is not in SHA256SUMS"]


def test_a_missing_clip_is_found(edition):
    clip = _first_clip(edition)
    clip.unlink()
    assert _faults(edition) == [
        f"clips/{clip.name}: is not in clip_durations.tsv, SHA256SUMS and clips/ alike"
    ]


def test_a_clip_too_many_is_found(edition):
    clip = _first_clip(edition)
    shutil.copy(clip, clip.with_name("zzz.mp3"))
    assert _faults(edition) == ["clips/zzz.mp3: is not in clip_durations.tsv, SHA256SUMS and clips/ alike"]


def test_a_changed_byte_of_a_clip_is_found(edition):
    clip = _first_clip(edition)
    data = bytearray(clip.read_bytes())
    data[-1] ^= 1
    clip.write_bytes(data)
    assert _faults(edition) == [f"clips/{clip.name}: is not what SHA256SUMS says"]


def test_a_clip_that_is_no_sound_is_found(edition):
    clip = _first_clip(edition)
    clip.write_bytes(b"no sound")
    _sum_again(edition, f"clips/{clip.name}")
    assert _faults(edition) == [f"clips/{clip.name}: cannot be decoded"]


def test_a_clip_of_another_length_is_found(edition):
    name = _first_clip(edition).name
    _edit(edition / "clip_durations.tsv", lambda text: text.replace(f"{name}\t100\n", f"{name}\t160\n"))
    _sum_again(edition, "clip_durations.tsv")
    assert _faults(edition) == [f"clips/{name}: lasts 100 ms, not 160 as clip_durations.tsv says"]


def test_the_command_prints_faults_and_fails(edition):
    (edition / "notes.txt").write_text("hello")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("release_lint", str(edition), stdout=out)
    assert out.getvalue() == "notes.txt: is not in SHA256SUMS\n"


def test_a_folder_that_is_not_there_is_said_in_words():
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("release_lint", "/nowhere/at/all")


def _refusal(kind):
    with pytest.raises(Refused) as refusal:
        publishing.make_release(number="1.0", cutoff=today(), locales=["en"], order=Order(kinds=(kind,)))
    assert Release.objects.get().state == "building"
    return str(refusal.value.words)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Kind.MP3, Kind.FLAC])
def test_a_release_with_a_bad_clip_is_not_published_and_says_which(kind):
    make.stored_clip(votes="yy")
    clip = make.stored_clip(votes="yy")
    Clip.objects.filter(pk=clip.pk).update(duration_ms=99_999)
    assert f"voicecollect_en_{clip.pk.hex}.{kind}: lasts 100 ms, not 99999" in _refusal(kind)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Kind.MP3, Kind.FLAC, Kind.METADATA])
def test_a_release_whose_figures_are_wrong_is_not_published(monkeypatch, kind):
    def miscount(release, order, build=publishing.build):
        edition = release.editions.get()
        edition.statistics["tables"]["other"]["clips"] = 7
        edition.save()
        build(release, order)

    monkeypatch.setattr(publishing, "build", miscount)
    make.stored_clip(votes="yy")
    assert "other.tsv: has 0 clips instead of 7" in _refusal(kind)
