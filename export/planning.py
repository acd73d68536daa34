"""Which archives an edition has, which slices they are built of, and which files each slice holds."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from common.errors import Refused
from common.ids import Dashed
from export import content, keys
from export.keys import Kind
from export.models import Archive, Edition, FrozenClip, Release, Slice
from export.states import ReleaseState
from recordings import keys as recording_keys
from voicecollect_data.archive import SLICE_BYTES, Cut, member_size

SHARD_BYTES = 1_000_000_000
DESCRIPTION_BYTES = 700  # about as long as what stands beside a clip in a shard


class File(NamedTuple):
    """A clip's file: where it lies and what it must be."""

    clip_id: str
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


def archives(edition: Edition, kind: Kind, since: str = "") -> Iterator[Planned]:
    """Yield the archives of this kind: one, as many shards as the clips fill, a delta if there is what to start from.

    `since` is the number of the release that a delta starts from; by default the one that was published last.
    """
    if kind == Kind.DELTA:
        yield from _deltas(edition, since)
        return
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


def _deltas(edition: Edition, since: str) -> Iterator[Planned]:
    release = edition.release
    published = Edition.objects.filter(
        language=edition.language_id, release__corpus=release.corpus, release__state=ReleaseState.PUBLISHED
    )
    if since:
        published = published.filter(release__in=Release.objects.numbered(since))
    base = published.select_related("release").order_by("-release__published_at").first()
    if base is None:
        if since:
            words = _("A delta cannot start from %(number)s: no such release of %(locale)s is published.")
            raise Refused(words % {"number": since, "locale": edition.locale}, code="no-base")
        return
    number = base.release.number
    new = content.clips(edition, number).aggregate(count=Count("pk"), length=Sum("duration_ms", default=0))
    archive = Archive(
        edition=edition, kind=Kind.DELTA, section=number, clips=new["count"], duration_ms=new["length"],
        name=keys.delta_name(release.stem, edition.locale, number),
    )  # fmt: skip
    yield Planned(archive, _slices(files(edition, Kind.DELTA, number), Kind.DELTA) or [EVERYTHING])


def _shards(edition: Edition, section: str) -> Iterator[Planned]:
    after = None
    for number, shard in enumerate(_cut(files(edition, Kind.SHARDS, section), SHARD_BYTES, Kind.SHARDS)):
        archive = Archive(
            edition=edition, kind=Kind.SHARDS, section=section, shard=number, clips=len(shard),
            name=keys.shard_name(edition.release.stem, edition.locale, section, number),
            duration_ms=sum(file.duration_ms for file in shard),
        )  # fmt: skip
        yield Planned(archive, _slices(shard, Kind.SHARDS, after))
        after = UUID(shard[-1].clip_id)


def _slices(found: Iterable[File], kind: Kind, after: UUID | None = None) -> list[Bounds]:
    bounds = []
    for part in _cut(found, SLICE_BYTES, kind):
        length = sum(member_size(file.size) + beside(kind) for file in part)
        last = UUID(part[-1].clip_id)
        bounds.append(Bounds(after, last, len(part), length))
        after = last
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
    fields = rows.values_list(
        Dashed("clip_id"), "pipeline_version", f"{name}_size", f"{name}_sha256", "duration_ms"
    )
    for clip_id, version, size, sha256, duration_ms in fields.iterator(content.ROWS):
        yield File(clip_id, stored(clip_id, version), size, sha256, duration_ms)
