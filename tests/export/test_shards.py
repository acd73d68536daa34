"""Shards hold each clip once, beside what the tables say of it, as readers of plain tars want it."""

import json
import tarfile
from pathlib import PurePosixPath

import pytest
from django.core.files.storage import storages

from export import planning
from export.keys import Kind
from export.lint import Clip
from export.models import Archive, FrozenClip
from export.shards import faults
from tests import make
from tests.export.releasing import people, publish, slice_small, stem

pytestmark = pytest.mark.django_db
KINDS = ["shards"]


def _members(archive):
    with tarfile.open(storages["releases"].path(archive.key), "r:") as tar:
        return [Clip(member.name, tar.extractfile(member).read()) for member in tar]


def _shards():
    return {archive.name: _members(archive) for archive in Archive.objects.filter(kind=Kind.SHARDS)}


@pytest.fixture
def small(monkeypatch):
    """Several shards, each of several slices."""
    slice_small(monkeypatch, 4000)
    monkeypatch.setattr(planning, "SHARD_BYTES", 12_000)


def test_each_clip_is_once_in_the_shards_of_its_section(small):
    people(6)
    make.stored_clip(votes="nn")
    publish(kinds=KINDS)
    found = {}
    for name, members in _shards().items():
        section = name.removeprefix(f"{stem()}-en-").rsplit("-", 1)[0]
        found |= {member.name: section for member in members[::2]}
        assert [PurePosixPath(each.name).suffix for each in members] == [".mp3", ".json"] * (
            len(members) // 2
        )
    clips = {f"voicecollect_en_{clip.clip_id.hex}.mp3": clip for clip in FrozenClip.objects.all()}
    assert set(found) == set(clips)
    for name, section in found.items():
        assert section == ("train_all" if clips[name].train_all else clips[name].split or "rest")


def test_what_stands_beside_a_clip_is_what_the_tables_say():
    people(3)
    publish(kinds=["mp3", *KINDS])
    with tarfile.open(storages["releases"].path(Archive.objects.get(kind="mp3").key)) as tar:
        lines = tar.extractfile(f"{stem()}/en/metadata-test.jsonl").read().decode().splitlines()
        sums = tar.extractfile(f"{stem()}/en/SHA256SUMS").read().decode()
    for line, member in zip(lines, _shards()[f"{stem()}-en-test-000000.tar"][1::2], strict=True):
        told, beside = json.loads(line), json.loads(member.data)
        assert beside.pop("tables") == ["validated", "test"]
        assert f"{beside.pop('sha256')}  {told.pop('file_name')}\n" in sums
        assert beside == told


def test_how_a_shard_was_sliced_is_not_seen(small, monkeypatch):
    people(6)
    publish(kinds=KINDS)
    first = {archive.name: archive.sha256 for archive in Archive.objects.all()}
    assert len(first) > 4
    Archive.objects.all().delete()
    FrozenClip.objects.first().edition.release.__class__.objects.update(state="frozen", published_at=None)
    monkeypatch.setattr(planning, "SLICE_BYTES", 64 << 20)
    publish(kinds=KINDS)
    assert {archive.name: archive.sha256 for archive in Archive.objects.all()} == first


def test_shards_know_how_many_clips_and_hours_they_hold(small):
    people(4)
    told = publish(kinds=KINDS)
    assert sum(each["clips"] for each in told) == 12
    assert all(each["hours"] == round(each["clips"] * 0.1 / 3600, 4) for each in told)


def test_a_shard_is_downloaded_as_what_it_is(client):
    people(1)
    [told] = publish(kinds=KINDS)
    answer = client.get(f"/datasets/1.0/{told['name']}")
    assert answer["Content-Type"] == "application/x-tar"
    assert sum(map(len, answer)) == told["bytes"]


DAMAGE = {
    "no fault": (lambda members: members, []),
    "lost description": (lambda members: members[:-1], ["has no description"]),
    "lost sample": (lambda members: members[:-2], ["has 2 clips instead of 3"]),
    "twice": (lambda members: [*members, *members[-2:]], ["stands twice or out of order"]),
    "other description": (lambda m: [m[0], m[3], *m[2:]], ["belongs"]),
    "other bytes": (lambda m: [Clip(m[0].name, m[0].data + b"x"), *m[1:]], ["is not what"]),
    "other length": (
        lambda m: [m[0], Clip(m[1].name, m[1].data.replace(b'"duration_ms": 100', b'"duration_ms": 160')), *m[2:]],
        ["lasts 100 ms, not 160"],
    ),
    "other columns": (
        lambda m: [m[0], Clip(m[1].name, m[1].data.replace(b'"up_votes"', b'"votes"')), *m[2:]],
        ["does not describe its clip"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_is_wrong_with_a_shard_is_found(damage):
    people(1)
    publish(kinds=KINDS)
    [members] = _shards().values()
    change, words = DAMAGE[damage]
    found = [str(fault) for fault in faults(change(members), clips=3, decode=True)]
    assert bool(found) == bool(words)
    assert all(any(word in fault for fault in found) for word in words)
