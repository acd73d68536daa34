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
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from accounts.models import Consent
from export import packing, publishing
from export.build import Order
from export.models import Archive, Document, FrozenClip, Release, Slice, Voice
from recordings.models import Clip, Signal
from tests import make
from tests.export.releasing import people, publish, refusal, slice_small, stem, today

pytestmark = pytest.mark.django_db


def _bytes(told, number="1.0"):
    return Path(storages["releases"].path(f"datasets/{number}/{told['name']}")).read_bytes()


def test_a_downloaded_archive_unpacks_and_its_checksums_pass(tmp_path):
    people(4)
    make.stored_clip(votes="nn")
    clip = make.stored_clip(prompt=make.prompt('Crème, « naïve » 😀 — "so" she said.'))
    [told] = publish()
    archive = _bytes(told)
    assert (told["sha256"], told["bytes"]) == (hashlib.sha256(archive).hexdigest(), len(archive))
    assert (told["locale"], told["kind"], told["clips"]) == ("en", "mp3", 14)
    assert told["hours"] == round(14 * 0.1 / 3600, 4)
    (tmp_path / "a.tar.gz").write_bytes(archive)
    subprocess.run(["tar", "xzf", "a.tar.gz"], cwd=tmp_path, check=True)
    folder = tmp_path / stem() / "en"
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
    people(4)
    make.stored_clip(votes="nn")
    [told] = publish()
    release = Release.objects.get()
    statistics = json.loads(Document.objects.get(name=f"{stem()}.json").text)
    english = statistics["locales"]["en"]
    with tarfile.open(fileobj=io.BytesIO(_bytes(told))) as tar:
        for table, clips in english["buckets"].items():
            assert len(tar.extractfile(f"{stem()}/en/{table}.tsv").readlines()) == clips + 1
    assert (english["size"], english["checksum"]) == (told["bytes"], told["sha256"])
    assert (english["clips"], english["users"], english["duration"]) == (13, 5, 1300)
    assert set(english) == {
        "buckets", "duration", "reportedSentences", "validatedSentences", "unvalidatedSentences", "clips", "splits",
        "users", "size", "checksum", "avgDurationSecs", "validDurationSecs", "totalHrs", "validHrs",
    }  # fmt: skip
    assert release.state == "published"


def test_signals_and_metadata_agree_with_the_tables():
    people(4)
    clip = Clip.objects.first()
    Signal.objects.create(clip=clip, name="snr", value=31.2345678, unit="dB", version=3)
    [told] = publish()
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


def test_the_releases_checksums_name_its_archives_and_documents():
    people(2)
    [told] = publish()
    sums = Document.objects.get(name="SHA256SUMS").text
    assert f"{told['sha256']}  {told['name']}\n" in sums
    listed = {line.split("  ")[1] for line in sums.splitlines()}
    documents = Document.objects.exclude(name__startswith="SHA256SUMS").values_list("name", flat=True)
    assert listed == {told["name"], *documents}


def test_several_languages_are_several_archives_of_one_release():
    people(1)
    make.stored_clip(prompt=make.prompt(language=make.language("br")))
    told = publish("en", "br", "en")
    assert [each["name"] for each in told] == [f"{stem()}-br.tar.gz", f"{stem()}-en.tar.gz"]


def test_a_release_verifies_with_minisign_and_sha256sum_alone(tmp_path):
    people(2)
    [told] = publish()
    (tmp_path / told["name"]).write_bytes(_bytes(told))
    for document in Document.objects.all():
        (tmp_path / document.name).write_text(document.text)
    subprocess.run(["minisign", "-V", "-p", "minisign.pub", "-m", "SHA256SUMS"], cwd=tmp_path, check=True)
    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path, check=True)


@pytest.mark.parametrize("kind", ["mp3", "flac", "metadata"])
def test_archives_of_all_kinds_hold_what_they_say(tmp_path, kind):
    people(3)
    clip = Clip.objects.first()
    told = {each["kind"]: each for each in publish(kinds=["mp3", "flac", "metadata"])}[kind]
    subprocess.run(["tar", "xzf", "-"], input=_bytes(told), cwd=tmp_path, check=True)
    folder = tmp_path / stem() / "en"
    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=folder, check=True)
    suffix, key, clips = {
        "mp3": ("mp3", clip.delivery_key, 9), "flac": ("flac", clip.master_key, 9), "metadata": ("mp3", "", 0)
    }[kind]  # fmt: skip
    name = f"voicecollect_en_{clip.pk.hex}.{suffix}"
    assert f"\t{name}\t" in (folder / "validated.tsv").read_text()
    assert len(list(folder.glob("clips/*"))) == told["clips"] == clips
    if key:
        assert (folder / "clips" / name).read_bytes() == Path(storages["private"].path(key)).read_bytes()


def test_the_same_frozen_release_has_the_same_bytes_however_it_is_built(monkeypatch):
    slice_small(monkeypatch)
    people(5)
    [first] = publish()
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
        [second] = publish()
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
    people(5)
    [first] = publish()
    whole = _bytes(first)
    _unbuild()
    slice_small(monkeypatch)
    built, write = [], packing._write

    def write_three(archive, chosen, *rest, **more):
        if len(built) == 3:
            raise KeyboardInterrupt
        built.append(chosen.number)
        return write(archive, chosen, *rest, **more)

    monkeypatch.setattr(packing, "_write", write_three)
    with pytest.raises(KeyboardInterrupt):
        publish()
    monkeypatch.setattr(
        packing,
        "_write",
        lambda archive, chosen, *rest, **more: (
            built.append(chosen.number),
            write(archive, chosen, *rest, **more),
        )[1],
    )
    [second] = publish()
    assert sorted(built) == list(range(Slice.objects.count()))
    assert _unpacked(_bytes(second)) == _unpacked(whole)


def _unpacked(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def test_an_archive_of_many_slices_is_one_gzip_member(monkeypatch):
    slice_small(monkeypatch)
    people(5)
    [told] = publish()
    inflate = zlib.decompressobj(31)
    inflate.decompress(_bytes(told))
    assert inflate.eof
    assert inflate.unused_data == b""


def test_nothing_is_left_beside_the_archives(monkeypatch):
    slice_small(monkeypatch)
    people(2)
    publish()
    files = [path for path in Path(storages["releases"].location).rglob("*") if path.is_file()]
    assert [path.name for path in files] == [f"{stem()}-en.tar.gz"]


def test_a_withdrawn_release_has_no_files_and_its_number_stays_taken():
    people(1)
    [told] = publish()
    publishing.withdraw(number="1.0", because="A speaker was named.")
    assert not storages["releases"].exists(f"datasets/1.0/{told['name']}")
    assert "is taken" in refusal()
    assert Release.objects.get().withdrawn_because == "A speaker was named."


def test_the_command_withdraws_and_says_what_it_cannot():
    people(1)
    publish()
    call_command("release_withdraw", "1.0", "--because=A speaker was named.")
    assert Release.objects.get().state == "withdrawn"
    with pytest.raises(CommandError, match=r"no published release 1\.0"):
        call_command("release_withdraw", "1.0", "--because=Again.")


def test_a_reason_that_is_too_long_to_keep_is_refused():
    people(1)
    publish()
    with pytest.raises(CommandError, match="at most 200"):
        call_command("release_withdraw", "1.0", f"--because={'x' * 201}")


def test_progress_ends_at_the_total():
    people(2)
    seen = []
    order = Order(progress=seen.append)
    publishing.make_release(number="1.0", cutoff=today(), locales=["en"], order=order)
    assert (seen[0].clips, seen[0].bytes) == (0, 0)
    assert seen[-1].is_whole
    assert (seen[-1].clips, seen[-1].of_clips) == (6, 6)


def test_consent_rows_are_only_read():
    people(1)
    before = list(Consent.objects.values())
    publish()
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
