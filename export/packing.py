"""Packing an archive: which slices it has, and building one. Any number of processes may build slices at once.

A slice is claimed as a row under a lease. Built twice, late, or by another process, it has the same bytes.
"""

import hashlib
import tempfile
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Refused
from export import content, keys, storing
from export.keys import Kind
from export.models import Archive, Edition, Slice
from export.states import SliceState
from recordings import keys as recording_keys
from voicecollect_data.archive import LEAST_BYTES, RECORD, SLICE_BYTES, Cut, Deflated, SliceWriter

LEASE = timedelta(seconds=60)
RENEW_AFTER = timedelta(seconds=10)
AT_A_TIME = 8  # reads from a far store that wait side by side


class _File(NamedTuple):
    """A clip's file: where it lies and what it must be."""

    clip_id: uuid.UUID
    key: str
    size: int
    sha256: str


def plan(edition: Edition, kind: Kind) -> Archive:
    """Return the archive's row with the rows of its slices, made if they aren't there."""
    every = edition.statistics["all"] if kind != Kind.METADATA else {"clips": 0, "duration_ms": 0}
    name = keys.archive_name(edition.release.stem, edition.locale, kind)
    archive, _made = Archive.objects.get_or_create(
        edition=edition,
        kind=kind,
        defaults={"name": name, "clips": every["clips"], "duration_ms": every["duration_ms"]},
    )
    if not archive.upload_id:
        archive.slices.all().delete()
        Slice.objects.bulk_create(_slices(archive))
        archive.upload_id = storing.Joint.begin(archive.key)
        archive.save(update_fields=["upload_id"])
    return archive


def _slices(archive: Archive) -> Iterator[Slice]:
    """Yield the slices; the first holds what stands before the clips, too."""
    number, after, last, cut = 0, None, None, Cut(SLICE_BYTES)
    for file in _files(archive, None, None):
        if cut.before(file.size):
            yield Slice(archive=archive, number=number, after=after, until=last)
            number, after = number + 1, last
        last = file.clip_id
    yield Slice(archive=archive, number=number, after=after, until=last)


def build_next(archive: Archive) -> bool:
    """Build a slice that nobody is building; tell whether there was one."""
    token = uuid.uuid4()
    for candidate in _free(archive)[:AT_A_TIME]:
        claimed = _free(archive).filter(pk=candidate.pk)
        if claimed.update(state=SliceState.BUILDING, token=token, lease_until=timezone.now() + LEASE):
            _build(archive, candidate, token)
            return True
    return False


def unbuilt(archive: Archive) -> QuerySet[Slice]:
    """Return the slices that are waiting or being built."""
    return archive.slices.exclude(state=SliceState.BUILT)


def length(archive: Archive) -> int:
    """Return about how many bytes the tar will have, for progress: what stands before the clips isn't known yet."""
    if archive.kind == Kind.METADATA:
        return 0
    field = "master_size" if archive.kind == Kind.FLAC else "delivery_size"
    figures = content.clips(archive.edition).aggregate(count=Count("pk"), size=Sum(field, default=0))
    return int(figures["size"] + figures["count"] * RECORD * 3 // 2)


def _free(archive: Archive) -> QuerySet[Slice]:
    abandoned = Q(state=SliceState.BUILDING, lease_until__lt=timezone.now())
    return archive.slices.filter(Q(state=SliceState.WAITING) | abandoned).order_by("number")


def _build(archive: Archive, chosen: Slice, token: uuid.UUID) -> None:
    held = Slice.objects.filter(pk=chosen.pk, token=token)
    renew = _renewer(held)
    joint = storing.Joint(archive.key, archive.upload_id)
    try:
        with tempfile.TemporaryDirectory(prefix="slice-", dir=joint.workspace()) as folder:
            path = Path(folder) / "slice"
            last = not archive.slices.filter(number__gt=chosen.number).exists()
            deflated = _write(archive, chosen, path, renew, at_least=0 if last else LEAST_BYTES)
            if not held.exists():  # taken over while we were stopped; whoever has it puts the same bytes
                return
            part = joint.put(chosen.number, path, last=last)
    except BaseException:
        held.update(state=SliceState.WAITING, token=None, lease_until=None)
        raise
    held.update(
        state=SliceState.BUILT, token=None, lease_until=None, raw_bytes=deflated.raw_bytes, crc32=deflated.crc32,
        bytes=part.bytes, etag=part.etag,
    )  # fmt: skip


def _renewer(held: QuerySet[Slice]) -> Callable[[], None]:
    """Return what to call now and then so that nobody takes the slice over."""
    renewed = timezone.now()

    def renew() -> None:
        nonlocal renewed
        now = timezone.now()
        if now - renewed > RENEW_AFTER:
            held.update(lease_until=now + LEASE)
            renewed = now

    return renew


def _write(
    archive: Archive, chosen: Slice, path: Path, renew: Callable[[], None], *, at_least: int
) -> Deflated:
    edition = archive.edition
    inside = f"{edition.release.stem}/{edition.locale}"
    midnight = datetime.combine(edition.release.cutoff, time(), UTC)
    with path.open("wb") as file:
        writer = SliceWriter(file, first=chosen.number == 0, mtime=int(midnight.timestamp()))
        if chosen.number == 0:
            _add_front(writer, edition, Kind(archive.kind), inside)
        for clip, data in _contents(_files(archive, chosen.after, chosen.until)):
            name = keys.clip_name(
                edition.release.corpus, edition.locale, clip.clip_id, keys.suffix(Kind(archive.kind))
            )
            writer.add(f"{inside}/clips/{name}", len(data), [data])
            renew()
        return writer.close(at_least)


def _add_front(writer: SliceWriter, edition: Edition, kind: Kind, inside: str) -> None:
    with tempfile.TemporaryDirectory(prefix="tables-") as folder:
        for path in content.write_front(edition, kind, Path(folder)):
            with path.open("rb") as file:
                chunks = iter(lambda: file.read(1 << 20), b"")
                writer.add(f"{inside}/{path.name}", path.stat().st_size, chunks)


def _files(archive: Archive, after: uuid.UUID | None, until: uuid.UUID | None) -> Iterator[_File]:
    """Yield the files of the clips after one clip and up to another, in order."""
    kind = Kind(archive.kind)
    if kind == Kind.METADATA:
        return
    rows = content.clips(archive.edition)
    rows = rows.filter(clip_id__gt=after) if after else rows
    rows = rows.filter(clip_id__lte=until) if until else rows
    stored, name = (
        (recording_keys.master, "master") if kind == Kind.FLAC else (recording_keys.delivery, "delivery")
    )
    fields = rows.values_list("clip_id", "pipeline_version", f"{name}_size", f"{name}_sha256")
    for clip_id, version, size, sha256 in fields.iterator(content.ROWS):
        yield _File(clip_id, stored(clip_id, version), size, sha256)


def _contents(files: Iterator[_File]) -> Iterator[tuple[_File, bytes]]:
    """Yield each file with its bytes, checked; from a far store several are fetched ahead."""
    read = storing.reader("private")
    if not storing.is_far("private"):
        yield from ((file, _checked(file, read)) for file in files)
        return
    waiting: deque[tuple[_File, Future[bytes]]] = deque()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for file in files:
            waiting.append((file, pool.submit(_checked, file, read)))
            if len(waiting) > AT_A_TIME:
                first, data = waiting.popleft()
                yield first, data.result()
        for first, data in waiting:
            yield first, data.result()


def _checked(file: _File, read: Callable[[str], bytes]) -> bytes:
    """Return the file's bytes. Raises Refused if they are gone or not what was measured and judged."""
    try:
        data = read(file.key)
    except FileNotFoundError as fault:
        words = _("The sound of clip %(id)s is no longer there. Freeze the release anew: --restart.")
        raise Refused(words % {"id": file.clip_id}, code="clip-gone") from fault
    if len(data) != file.size or hashlib.sha256(data).hexdigest() != file.sha256:
        words = _("The sound of clip %(id)s is damaged: its checksum differs. Restore it from a backup.")
        raise Refused(words % {"id": file.clip_id}, code="clip-damaged")
    return data
