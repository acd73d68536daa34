"""Which objects the rows want, a part of all at a time.

Ids are spread evenly: of a large collection a part is what begins with one byte, written "00" to "ff", and holds one
in 256; the one part of a small collection is written "".
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from accounts import aloud
from export.models import Archive, FrozenClip
from export.states import PUBLIC, ReleaseState
from recordings import erasing, keys
from recordings.models import Clip, Reading, Recording
from recordings.states import ReadingState, RecordingState

ROWS = 2000
SMALL = 20_000  # recordings that are compared in one go


class Wanted(NamedTuple):
    """An object that must be there: what it is (original, master, delivery, reading, archive), of which row."""

    what: str
    key: str
    size: int
    sha256: str
    row_id: str


def parts() -> list[str]:
    """Return the parts that the collection is looked at in, so that none is larger than memory."""
    return [""] if Recording.objects.count() < SMALL else [f"{byte:02x}" for byte in range(256)]


def of_part(name: str, part: str) -> Q:
    """Return the condition that the id in the field `name` belongs to the part."""
    return Q(**{f"{name}__gte": UUID(part.ljust(32, "0")), f"{name}__lte": UUID(part.ljust(32, "f"))})


def originals(part: str, using: str = "default") -> Iterator[Wanted]:
    """Yield what recordings want; those that were withdrawn want nothing any more."""
    rows = Recording.objects.using(using).filter(of_part("id", part)).exclude(state=RecordingState.WITHDRAWN)
    for row_id, size, sha256 in rows.values_list("id", "size", "sha256").iterator(ROWS):
        yield Wanted("original", keys.original(row_id, sha256), size, sha256, str(row_id))


def clips(part: str, using: str = "default") -> Iterator[Wanted]:
    """Yield what clips want, two files each."""
    fields = ["id", "pipeline_version", "master_size", "master_sha256", "delivery_size", "delivery_sha256"]
    rows = Clip.objects.using(using).filter(of_part("id", part)).values_list(*fields)
    for row_id, version, master_size, master_sha256, delivery_size, delivery_sha256 in rows.iterator(ROWS):
        yield Wanted("master", keys.master(row_id, version), master_size, master_sha256, str(row_id))
        yield Wanted("delivery", keys.delivery(row_id, version), delivery_size, delivery_sha256, str(row_id))


def readings(part: str, using: str = "default") -> Iterator[Wanted]:
    """Yield what texts read aloud want: the MP3, and while there is none, what was sent."""
    rows = Reading.objects.using(using).filter(of_part("id", part)).exclude(state=ReadingState.REFUSED)
    for row_id, state, size, sha256 in rows.values_list("id", "state", "size", "sha256").iterator(ROWS):
        key = aloud.key(row_id) if state == ReadingState.READY else aloud.upload_key(row_id)
        yield Wanted("reading", key, size, sha256, str(row_id))


def frozen_clips(part: str) -> set[UUID]:
    """Return the ids of the clips whose files a release that isn't published yet may still want."""
    unpublished = FrozenClip.objects.exclude(edition__release__state__in=PUBLIC)
    return set(unpublished.filter(of_part("clip_id", part)).values_list("clip_id", flat=True))


def being_erased() -> set[str]:
    """Return the ids of recordings and clips that were withdrawn and whose files are still to be deleted."""
    withdrawn = list(Recording.objects.filter(state=RecordingState.WITHDRAWN))
    return {str(row_id) for each in withdrawn for row_id in (each.pk, *erasing.clip_ids_of(each))}


def archives(using: str = "default") -> Iterator[Wanted]:
    """Yield the files of published releases."""
    rows = Archive.objects.using(using).filter(edition__release__state=ReleaseState.PUBLISHED)
    for archive in rows.select_related("edition__release").iterator(ROWS):
        yield Wanted("archive", archive.key, archive.bytes, archive.sha256, str(archive.pk))
