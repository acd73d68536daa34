"""How far the archives of a release are: what the terminal's bar and the release's page show."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Sum

from export.models import Archive, Release, Slice
from export.states import SliceState

NEWEST = 50  # slices by which the pace is measured


class Packed(NamedTuple):
    """What is packed of an archive, and about what there will be; bytes are those of the tar."""

    name: str
    clips: int
    of_clips: int
    bytes: int
    of_bytes: int

    @property
    def is_whole(self) -> bool:
        return self.clips == self.of_clips and self.bytes >= self.of_bytes


class Pace(NamedTuple):
    """Bytes a second, and the seconds that are left at this pace."""

    bytes_per_second: float
    seconds_left: float

    @property
    def milliseconds_left(self) -> int:
        return round(self.seconds_left * 1000)


def packed(archive: Archive) -> Packed:
    """Return how far an archive is."""
    built = archive.slices.filter(state=SliceState.BUILT)
    done = built.aggregate(clips=Sum("clips", default=0), bytes=Sum("raw_bytes", default=0))
    total = done["bytes"] if archive.sha256 else max(archive.expected, done["bytes"])
    return Packed(archive.name, done["clips"], archive.clips, done["bytes"], total)


def of_release(release: Release) -> list[Packed]:
    """Return how far each archive is that is planned so far."""
    archives = Archive.objects.filter(edition__release=release).select_related("edition__release")
    return [packed(archive) for archive in archives]


def pace(release: Release, archives: Sequence[Packed]) -> Pace | None:
    """Return how fast the newest slices were built, by all workers together; None if they are too few to say."""
    built = Slice.objects.filter(archive__edition__release=release, built_at__isnull=False)
    newest = [
        (built_at.timestamp(), size)
        for built_at, size in built.order_by("-built_at").values_list("built_at", "raw_bytes")[:NEWEST]
        if built_at
    ]
    seconds = newest[0][0] - newest[-1][0] if newest else 0
    if not seconds:
        return None
    speed = sum(size for _built_at, size in newest[:-1]) / seconds
    left = sum(max(0, each.of_bytes - each.bytes) for each in archives)
    return Pace(speed, left / speed)
