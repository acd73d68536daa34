"""Which archives an edition has, which slices they are built of, and which files each slice holds."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from export import content, keys
from export.keys import Kind
from export.models import Archive, Edition, FrozenClip, Slice
from recordings import keys as recording_keys
from voicecollect_data.archive import SLICE_BYTES, Cut, member_size

SHARD_BYTES = 1_000_000_000
DESCRIPTION_BYTES = 700  # about as long as what stands beside a clip in a shard


class File(NamedTuple):
    """A clip's file: where it lies and what it must be."""

    clip_id: UUID
    key: str
    size: int
    sha256: str
    duration_ms: int


class Bounds(NamedTuple):
    """Clips after one and up to another, how many, and about how many bytes of a tar; None is no bound."""

    after: UUID | None = None
    until: UUID | None = None
    clips: int = 0
    bytes: int = 0


EVERYTHING = Bounds()


class Planned(NamedTuple):
    """An archive that is not saved yet, with the bounds of its slices."""

    archive: Archive
    slices: list[Bounds]


def archives(edition: Edition, kind: Kind) -> Iterator[Planned]:
    """Yield the archives of this kind: one, or as many shards as the clips fill."""
    if kind == Kind.SHARDS:
        for section in content.SECTIONS:
            yield from _shards(edition, section)
        return
    every = edition.statistics["all"] if kind != Kind.METADATA else {"clips": 0, "duration_ms": 0}
    name = keys.archive_name(edition.release.stem, edition.locale, kind)
    archive = Archive(
        edition=edition, kind=kind, name=name, clips=every["clips"], duration_ms=every["duration_ms"]
    )
    yield Planned(archive, _slices(files(edition, kind), kind) or [EVERYTHING])


def _shards(edition: Edition, section: str) -> Iterator[Planned]:
    after = None
    for number, shard in enumerate(_cut(files(edition, Kind.SHARDS, section), SHARD_BYTES, Kind.SHARDS)):
        archive = Archive(
            edition=edition, kind=Kind.SHARDS, section=section, shard=number, clips=len(shard),
            name=keys.shard_name(edition.release.stem, edition.locale, section, number),
            duration_ms=sum(file.duration_ms for file in shard),
        )  # fmt: skip
        yield Planned(archive, _slices(shard, Kind.SHARDS, after))
        after = shard[-1].clip_id


def _slices(found: Iterable[File], kind: Kind, after: UUID | None = None) -> list[Bounds]:
    bounds = []
    for part in _cut(found, SLICE_BYTES, kind):
        length = sum(member_size(file.size) + beside(kind) for file in part)
        bounds.append(Bounds(after, part[-1].clip_id, len(part), length))
        after = part[-1].clip_id
    return bounds


def _cut(found: Iterable[File], size: int, kind: Kind) -> Iterator[list[File]]:
    """Yield files that take so many bytes of a tar, with the one that crosses it."""
    part: list[File] = []
    cut = Cut(size)
    for file in found:
        if cut.before(file.size + beside(kind)):
            yield part
            part = []
        part.append(file)
    if part:
        yield part


def beside(kind: Kind) -> int:
    """Return about how many bytes of a tar stand beside each clip."""
    return member_size(DESCRIPTION_BYTES) if kind == Kind.SHARDS else 0


def chosen(edition: Edition, section: str, bounds: Bounds | Slice) -> QuerySet[FrozenClip]:
    """Return the clips of a section within the bounds, in order."""
    rows = content.clips(edition, section)
    rows = rows.filter(clip_id__gt=bounds.after) if bounds.after else rows
    return rows.filter(clip_id__lte=bounds.until) if bounds.until else rows


def files(
    edition: Edition, kind: Kind, section: str = "", bounds: Bounds | Slice = EVERYTHING
) -> Iterator[File]:
    """Yield the files of the clips of a section within the bounds, in order."""
    if kind == Kind.METADATA:
        return
    stored, name = (
        (recording_keys.master, "master") if kind == Kind.FLAC else (recording_keys.delivery, "delivery")
    )
    rows = chosen(edition, section, bounds)
    fields = rows.values_list("clip_id", "pipeline_version", f"{name}_size", f"{name}_sha256", "duration_ms")
    for clip_id, version, size, sha256, duration_ms in fields.iterator(content.ROWS):
        yield File(clip_id, stored(clip_id, version), size, sha256, duration_ms)
