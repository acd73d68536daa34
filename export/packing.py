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

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Refused
from common.workroom import Workroom
from export import content, delta, keys, planning, shards, storing
from export.keys import Kind
from export.models import Archive, Edition, Slice
from export.planning import File
from export.states import SliceState
from voicecollect_data.archive import LEAST_BYTES, Deflated, SliceWriter

LEASE = timedelta(seconds=60)
RENEW_AFTER = timedelta(seconds=10)
AT_A_TIME = 8  # reads from a far store that wait side by side


def plan(edition: Edition, kind: Kind, since: str = "") -> list[Archive]:
    """Return the rows of the archives of this kind with those of their slices, made if they aren't there.

    `since` is the number of the release that a delta starts from, if it isn't the one that was published last.
    """
    if not edition.archives.filter(kind=kind).exists():
        _write_plan(edition, kind, since)
    archives = list(edition.archives.filter(kind=kind).select_related("edition__release").order_by("name"))
    for archive in archives:
        if not archive.upload_id:
            archive.upload_id = storing.Joint.begin(archive.key)
            archive.save(update_fields=["upload_id"])
    return archives


@transaction.atomic
def _write_plan(edition: Edition, kind: Kind, since: str) -> None:
    for planned in planning.archives(edition, kind, since):
        planned.archive.expected = sum(bounds.bytes for bounds in planned.slices)
        planned.archive.save()
        Slice.objects.bulk_create(
            Slice(
                archive=planned.archive, number=number, after=each.after, until=each.until, clips=each.clips
            )
            for number, each in enumerate(planned.slices)
        )


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


def _free(archive: Archive) -> QuerySet[Slice]:
    abandoned = Q(state=SliceState.BUILDING, lease_until__lt=timezone.now())
    return archive.slices.filter(Q(state=SliceState.WAITING) | abandoned).order_by("number")


def _build(archive: Archive, chosen: Slice, token: uuid.UUID) -> None:
    held = Slice.objects.filter(pk=chosen.pk, token=token)
    renew = _renewer(held)
    joint = storing.Joint(archive.key, archive.upload_id)
    try:
        with Workroom("slice-", within=joint.workspace()) as folder:
            path = folder / "slice"
            last = not archive.slices.filter(number__gt=chosen.number).exists()
            deflated = _write(archive, chosen, path, renew, at_least=0 if last else LEAST_BYTES)
            if not held.exists():  # taken over while we were stopped; whoever has it puts the same bytes
                return
            part = joint.put(chosen.number, path, last=last)
    except BaseException:
        held.update(state=SliceState.WAITING, token=None, lease_until=None)
        raise
    held.update(
        state=SliceState.BUILT, token=None, lease_until=None, built_at=timezone.now(),
        raw_bytes=deflated.raw_bytes, crc32=deflated.crc32, bytes=part.bytes, etag=part.etag,
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
    release, kind = archive.edition.release, Kind(archive.kind)
    midnight = int(datetime.combine(release.cutoff, time(), UTC).timestamp())
    with path.open("wb", storing.CHUNK) as file:
        writer = SliceWriter(file, first=chosen.number == 0, mtime=midnight, gzip=kind != Kind.SHARDS)
        if chosen.number == 0 and kind != Kind.SHARDS:
            _add_front(writer, archive)
        add_clips = _add_samples if kind == Kind.SHARDS else _add_clips
        for _added in add_clips(writer, archive, chosen):
            renew()
        return writer.close(at_least)


def _inside(archive: Archive) -> str:
    """Return the folder that an archive unpacks to."""
    since = f"-from-{archive.section}" if archive.kind == Kind.DELTA else ""
    return f"{archive.edition.release.stem}{since}/{archive.edition.locale}"


def _add_clips(writer: SliceWriter, archive: Archive, chosen: Slice) -> Iterator[File]:
    """Add the clips of a slice, yielding each."""
    edition, kind = archive.edition, Kind(archive.kind)
    corpus, locale, suffix = edition.release.corpus, edition.locale, keys.suffix(kind)
    folder = f"{_inside(archive)}/{'added/clips' if kind == Kind.DELTA else 'clips'}"
    for clip, data in _contents(planning.files(edition, kind, archive.section, chosen)):
        writer.store(f"{folder}/{keys.clip_name(corpus, locale, clip.clip_id, suffix)}", data)
        yield clip


def _add_samples(writer: SliceWriter, archive: Archive, chosen: Slice) -> Iterator[File]:
    """Add the clips of a shard's slice, and beside each what is known of it."""
    edition, section = archive.edition, archive.section
    rows = content.clip_rows(edition, Kind.SHARDS, planning.chosen(edition, section, chosen))
    clips = _contents(planning.files(edition, Kind.SHARDS, section, chosen))
    for (clip, data), row in zip(clips, rows, strict=True):
        writer.store(row.path, data)
        name, text = shards.description(row.path, row.described(), tables=row.tables, sha256=clip.sha256)
        writer.add(name, len(text), [text])
        yield clip


def _add_front(writer: SliceWriter, archive: Archive) -> None:
    with tempfile.TemporaryDirectory(prefix="tables-") as name:
        folder = Path(name)
        for path in _front(archive, folder):
            with path.open("rb") as file:
                chunks = iter(lambda: file.read(1 << 20), b"")
                inside = path.relative_to(folder).as_posix()
                writer.add(f"{_inside(archive)}/{inside}", path.stat().st_size, chunks)


def _front(archive: Archive, folder: Path) -> list[Path]:
    if archive.kind == Kind.DELTA:
        return delta.write_front(archive.edition, archive.section, folder)
    return content.write_front(archive.edition, Kind(archive.kind), folder)


def _contents(files: Iterator[File]) -> Iterator[tuple[File, bytes]]:
    """Yield each file with its bytes, checked; from a far store several are fetched ahead."""
    read = storing.reader("private")
    if not storing.is_far("private"):
        yield from ((file, _checked(file, read)) for file in files)
        return
    waiting: deque[tuple[File, Future[bytes]]] = deque()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for file in files:
            waiting.append((file, pool.submit(_checked, file, read)))
            if len(waiting) > AT_A_TIME:
                first, data = waiting.popleft()
                yield first, data.result()
        for first, data in waiting:
            yield first, data.result()


def _checked(file: File, read: Callable[[str], bytes]) -> bytes:
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
