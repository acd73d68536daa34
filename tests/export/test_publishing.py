"""A release from its name to its publication: what a downloader gets, and what an organiser is told."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from accounts.models import Consent
from export import packing, publishing
from export.build import Order
from export.models import Archive, Document, FrozenClip, Release, Slice, Voice
from recordings.models import Clip, Signal
from tests import make

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).date()
STEM = f"voicecollect-1.0-{TODAY}"


def _release(*locales, number="1.0", cutoff=TODAY, restart=False, kinds=()):
    """Run the command as a shell does; return the JSON lines that it printed."""
    out = io.StringIO()
    options = [f"--number={number}", f"--cutoff={cutoff}", *(["--restart"] if restart else [])]
    options += ["--kinds", *kinds] if kinds else []
    call_command("release", *(locales or ["en"]), *options, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _bytes(told, number="1.0"):
    return Path(storages["releases"].path(f"datasets/{number}/{told['name']}")).read_bytes()


def _people(count, clips_each=3):
    for _ in range(count):
        speaker = make.speaker()
        for _ in range(clips_each):
            make.stored_clip(speaker=speaker, votes="yy")


def test_a_downloaded_archive_unpacks_and_its_checksums_pass(tmp_path):
    _people(4)
    make.stored_clip(votes="nn")
    clip = make.stored_clip(prompt=make.prompt('Crème, « naïve » 😀 — "so" she said.'))
    [told] = _release()
    archive = _bytes(told)
    assert (told["sha256"], told["bytes"]) == (hashlib.sha256(archive).hexdigest(), len(archive))
    assert (told["locale"], told["kind"], told["clips"]) == ("en", "mp3", 14)
    assert told["hours"] == round(14 * 0.1 / 3600, 4)
    (tmp_path / "a.tar.gz").write_bytes(archive)
    subprocess.run(["tar", "xzf", "a.tar.gz"], cwd=tmp_path, check=True)
    folder = tmp_path / STEM / "en"
    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=folder, check=True)
    name = f"voicecollect_en_{clip.pk.hex}.mp3"
    with storages["private"].open(clip.delivery_key) as stored:
        assert (folder / "clips" / name).read_bytes() == stored.read()
    row = next(line for line in (folder / "other.tsv").read_text().splitlines() if name in line).split("\t")
    assert row[1:4] == [name, str(clip.prompt_id), 'Crème, « naïve » 😀 — "so" she said.']
    listed = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found - {"SHA256SUMS"} == listed


def test_the_tables_agree_with_the_statistics():
    _people(4)
    make.stored_clip(votes="nn")
    [told] = _release()
    release = Release.objects.get()
    statistics = json.loads(Document.objects.get(name=f"{STEM}.json").text)
    english = statistics["locales"]["en"]
    with tarfile.open(fileobj=io.BytesIO(_bytes(told))) as tar:
        for table, clips in english["buckets"].items():
            assert len(tar.extractfile(f"{STEM}/en/{table}.tsv").readlines()) == clips + 1
    assert (english["size"], english["checksum"]) == (told["bytes"], told["sha256"])
    assert (english["clips"], english["users"], english["duration"]) == (13, 5, 1300)
    assert set(english) == {
        "buckets", "duration", "reportedSentences", "validatedSentences", "unvalidatedSentences", "clips", "splits",
        "users", "size", "checksum", "avgDurationSecs", "validDurationSecs", "totalHrs", "validHrs",
    }  # fmt: skip
    assert release.state == "published"


def test_signals_and_metadata_agree_with_the_tables():
    _people(4)
    clip = Clip.objects.first()
    Signal.objects.create(clip=clip, name="snr", value=31.2345678, unit="dB", version=3)
    [told] = _release()
    members = _unpacked(_bytes(told)).items()
    files = {name.split("/", 2)[2]: content.decode() for name, content in members if "/clips/" not in name}
    [head, *rows] = [line.split("\t") for line in files["signals.tsv"].splitlines()]
    named = next(dict(zip(head, row, strict=True)) for row in rows if clip.pk.hex in row[0])
    assert (named["snr[dB]"], named["versions"], named["hum[dB]"]) == ("31.2346", "snr:3", "")
    assert [row[0] for row in rows] == [
        line.split("\t")[0] for line in files["clip_durations.tsv"].splitlines()[1:]
    ]
    for split in ("train", "test", "dev"):
        [head, *rows] = [line.split("\t") for line in files[f"{split}.tsv"].splitlines()]
        described = [json.loads(line) for line in files[f"metadata-{split}.jsonl"].splitlines()]
        assert [each["file_name"] for each in described] == [f"clips/{row[1]}" for row in rows]
        assert all(
            [str(each[name]) for name in head] == row for each, row in zip(described, rows, strict=True)
        )


def test_the_releases_checksums_name_its_archives():
    _people(2)
    told = _release()
    sums = Document.objects.get(name="SHA256SUMS").text
    assert sums == "".join(f"{each['sha256']}  {each['name']}\n" for each in told)


def test_several_languages_are_several_archives_of_one_release():
    _people(1)
    make.stored_clip(prompt=make.prompt(language=make.language("br")))
    told = _release("en", "br", "en")
    assert [each["name"] for each in told] == [f"{STEM}-br.tar.gz", f"{STEM}-en.tar.gz"]


def test_a_release_verifies_with_minisign_and_sha256sum_alone(tmp_path):
    _people(2)
    [told] = _release()
    (tmp_path / told["name"]).write_bytes(_bytes(told))
    for document in Document.objects.all():
        (tmp_path / document.name).write_text(document.text)
    subprocess.run(["minisign", "-V", "-p", "minisign.pub", "-m", "SHA256SUMS"], cwd=tmp_path, check=True)
    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path, check=True)


@pytest.mark.parametrize("kind", ["mp3", "flac", "metadata"])
def test_archives_of_all_kinds_hold_what_they_say(tmp_path, kind):
    _people(3)
    clip = Clip.objects.first()
    told = {each["kind"]: each for each in _release(kinds=["mp3", "flac", "metadata"])}[kind]
    subprocess.run(["tar", "xzf", "-"], input=_bytes(told), cwd=tmp_path, check=True)
    folder = tmp_path / STEM / "en"
    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=folder, check=True)
    suffix, key, clips = {
        "mp3": ("mp3", clip.delivery_key, 9), "flac": ("flac", clip.master_key, 9), "metadata": ("mp3", "", 0)
    }[kind]  # fmt: skip
    name = f"voicecollect_en_{clip.pk.hex}.{suffix}"
    assert f"\t{name}\t" in (folder / "validated.tsv").read_text()
    assert len(list(folder.glob("clips/*"))) == told["clips"] == clips
    if key:
        assert (folder / "clips" / name).read_bytes() == Path(storages["private"].path(key)).read_bytes()


def _slice_small(monkeypatch, size=8000):
    monkeypatch.setattr(packing, "SLICE_BYTES", size)
    monkeypatch.setattr(packing, "LEAST_BYTES", 0)


def test_the_same_frozen_release_has_the_same_bytes_however_it_is_built(monkeypatch):
    _slice_small(monkeypatch)
    _people(5)
    [first] = _release()
    archive = _bytes(first)
    assert Slice.objects.count() > 3
    _unbuild()
    rows = list(FrozenClip.objects.all())
    FrozenClip.objects.all().delete()  # the same rows, stored in another order
    for row in reversed(rows):
        row.pk = None
    FrozenClip.objects.bulk_create(reversed(rows))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        [second] = _release()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert _bytes(second) == archive


def _unbuild():
    """Take the release back to where nothing was built of it, its frozen rows kept."""
    for archive in Archive.objects.all():
        storages["releases"].delete(archive.key)
    Archive.objects.all().delete()
    Document.objects.all().delete()
    Release.objects.update(state="frozen", published_at=None)
    Voice.objects.update(history="", profile=[])


def test_a_build_that_was_cut_off_goes_on_and_builds_no_slice_twice(monkeypatch):
    _people(5)
    [first] = _release()
    whole = _bytes(first)
    _unbuild()
    _slice_small(monkeypatch)
    built, write = [], packing._write

    def write_three(archive, chosen, *rest, **more):
        if len(built) == 3:
            raise KeyboardInterrupt
        built.append(chosen.number)
        return write(archive, chosen, *rest, **more)

    monkeypatch.setattr(packing, "_write", write_three)
    with pytest.raises(KeyboardInterrupt):
        _release()
    monkeypatch.setattr(
        packing,
        "_write",
        lambda archive, chosen, *rest, **more: (
            built.append(chosen.number),
            write(archive, chosen, *rest, **more),
        )[1],
    )
    [second] = _release()
    assert sorted(built) == list(range(Slice.objects.count()))
    assert _unpacked(_bytes(second)) == _unpacked(whole)


def _unpacked(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def test_an_archive_of_many_slices_is_one_gzip_member(monkeypatch):
    _slice_small(monkeypatch)
    _people(5)
    [told] = _release()
    inflate = zlib.decompressobj(31)
    inflate.decompress(_bytes(told))
    assert inflate.eof
    assert inflate.unused_data == b""


def test_nothing_is_left_beside_the_archives(monkeypatch):
    _slice_small(monkeypatch)
    _people(2)
    _release()
    files = [path for path in Path(storages["releases"].location).rglob("*") if path.is_file()]
    assert [path.name for path in files] == [f"{STEM}-en.tar.gz"]


def _refusal(*locales, **options):
    with pytest.raises(CommandError) as caught:
        _release(*locales, **options)
    return str(caught.value)


def test_an_unknown_language_is_refused_with_those_that_are_known():
    make.language("br")
    assert _refusal("xx") == "There is no language xx here. There are: br"


def test_a_language_without_clips_is_refused_and_leaves_the_number_free():
    make.language()
    assert "nothing to release for en" in _refusal()
    assert not Release.objects.exists()


@pytest.mark.parametrize("number", ["1", "v1.0", "1.0.0", ""])
def test_what_is_no_number_is_refused(number):
    make.language()
    assert "two numbers with a dot" in _refusal(number=number)


def test_a_day_that_is_not_over_anywhere_is_refused():
    make.language()
    assert "lies in the future" in _refusal(cutoff=TODAY + timedelta(days=1))


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1.1.2026"])
def test_what_is_no_day_is_refused(day):
    assert "is no day such as" in _refusal(cutoff=day)


def test_a_published_number_is_taken():
    _people(1)
    _release()
    assert "is taken" in _refusal()
    assert "is taken" in _refusal(restart=True)


def test_a_corpus_name_that_fits_into_no_archive_is_refused(settings):
    _people(1)
    settings.CORPUS = "Our Voices!"
    assert "CORPUS has to begin" in _refusal()


def _cut_off_before_building(monkeypatch):
    def cut(release, order):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "build", cut)
        with pytest.raises(KeyboardInterrupt):
            _release()


def test_a_begun_release_is_not_continued_with_something_else(monkeypatch):
    _people(1)
    _cut_off_before_building(monkeypatch)
    assert "begun with other languages" in _refusal(cutoff=TODAY - timedelta(days=1))
    [told] = _release(restart=True)
    assert told["clips"] == 3


def test_a_clip_taken_back_since_it_was_frozen_is_not_published(monkeypatch):
    _people(2)
    _cut_off_before_building(monkeypatch)
    make.consent(Clip.objects.first().speaker, frozenset({"collect"}))
    assert "3 clips of en were taken back" in _refusal()
    [told] = _release(restart=True)
    assert told["clips"] == 3


def test_a_release_that_was_overtaken_is_not_published(monkeypatch):
    _people(2)
    _cut_off_before_building(monkeypatch)
    _release(number="1.1")
    assert "Another release of en was published" in _refusal()


def test_a_damaged_clip_stops_the_release_with_its_id():
    clip = make.stored_clip()
    storages["private"].save(clip.delivery_key, ContentFile(b"other sound"))
    assert f"sound of clip {clip.pk} is damaged" in _refusal()


def test_a_missing_clip_stops_the_release_with_its_id():
    clip = make.stored_clip()
    storages["private"].delete(clip.delivery_key)
    assert f"sound of clip {clip.pk} is no longer there" in _refusal()


def test_a_slice_damaged_on_its_way_stops_the_release(monkeypatch):
    _slice_small(monkeypatch)
    _people(3)
    put = publishing.storing.Joint.put

    def damage(joint, number, path, last):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        return put(joint, number, path, last=last)

    monkeypatch.setattr(publishing.storing.Joint, "put", damage)
    assert f"{STEM}-en.tar.gz" in _refusal()
    assert Release.objects.get().state == "building"


def test_a_withdrawn_release_has_no_files_and_its_number_stays_taken():
    _people(1)
    [told] = _release()
    publishing.withdraw(number="1.0", because="A speaker was named.")
    assert not storages["releases"].exists(f"datasets/1.0/{told['name']}")
    assert "is taken" in _refusal()
    assert Release.objects.get().withdrawn_because == "A speaker was named."


def test_the_command_withdraws_and_says_what_it_cannot():
    _people(1)
    _release()
    call_command("release_withdraw", "1.0", "--because=A speaker was named.")
    assert Release.objects.get().state == "withdrawn"
    with pytest.raises(CommandError, match=r"no published release 1\.0"):
        call_command("release_withdraw", "1.0", "--because=Again.")


def test_a_reason_that_is_too_long_to_keep_is_refused():
    _people(1)
    _release()
    with pytest.raises(CommandError, match="at most 200"):
        call_command("release_withdraw", "1.0", f"--because={'x' * 201}")


def test_progress_ends_at_the_total():
    _people(2)
    seen = []
    order = Order(progress=lambda name, done, total: seen.append((name, done, total)))
    publishing.make_release(number="1.0", cutoff=TODAY, locales=["en"], order=order)
    assert seen[0][1] == 0
    assert seen[-1][1] == seen[-1][2] > 0


def test_consent_rows_are_only_read():
    _people(1)
    before = list(Consent.objects.values())
    _release()
    assert list(Consent.objects.values()) == before


def test_the_command_helps_in_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "manage.py", "release", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    assert "--cutoff" in done.stdout
