"""Two releases of a collection that grows, with a withdrawal between them."""

import subprocess

import pytest

from export.models import FrozenClip, Release
from recordings.models import Clip
from recordings.withdrawal import withdraw_all
from tests.export.releasing import download, people, publish, unpack

pytestmark = pytest.mark.django_db


def _lines(folder, table):
    return [line.split("\t") for line in (folder / f"{table}.tsv").read_text().splitlines()[1:]]


def test_splits_do_not_drift_and_the_withdrawn_speaker_is_in_no_byte(tmp_path):
    people(12)
    publish()
    old = unpack(next(download(tmp_path / "old").glob("*-en.tar.gz")), tmp_path / "old-unpacked")
    gone = FrozenClip.objects.filter(split="test").first()
    clips = FrozenClip.objects.filter(speaker=gone.speaker)
    names = {
        gone.speaker.client_id,
        *(clip.clip_id.hex for clip in clips),
    }
    before = {row[1]: split for split in ("train", "dev", "test") for row in _lines(old, split)}
    speakers = {row[0]: split for split in ("train", "dev", "test") for row in _lines(old, split)}

    withdraw_all(speaker=_speaker_of(gone))
    people(8)
    publish(number="1.1")
    folder = download(tmp_path / "new", "1.1")
    new = unpack(next(folder.glob("*-en.tar.gz")), tmp_path / "new-unpacked")

    after = {row[1]: split for split in ("train", "dev", "test") for row in _lines(new, split)}
    assert {path: split for path, split in after.items() if path in before and before[path] != split} == {}
    assert all(
        speakers.get(row[0], split) == split
        for split in ("train", "dev", "test")
        for row in _lines(new, split)
    )
    leaks = Release.objects.numbered("1.1").get().editions.get().statistics["leaks"]
    assert leaks == {"speakers": 0, "sentences": 0, "since": "1.0", "drift": 0}
    for path in [path for path in new.rglob("*") if path.is_file()] + list(folder.iterdir()):
        text = path.name.encode() + path.read_bytes()
        assert not any(name.encode() in text for name in names), path.name
    subprocess.run(["minisign", "-V", "-p", "minisign.pub", "-m", "SHA256SUMS"], cwd=folder, check=True)
    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=folder, check=True)


def _speaker_of(frozen):
    return Clip.objects.get(pk=frozen.clip_id).speaker
