"""Packing an unpacked edition anew: the same bytes as the archive that was published."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from voicecollect_data import archive, sums
from voicecollect_data.archive import Cut, SliceWriter
from voicecollect_data.faults import Unusable
from voicecollect_data.sums import CHUNK, NAME, Progress

CLIPS = "clips/"
_DATE = len("2026-11-30")  # in the name of a release's folder: the time of all members


def pack(folder: Path, path: Path, progress: Progress) -> None:
    """Write the archive of an unpacked edition, in the order of its SHA256SUMS. Raises Unusable."""
    folder = folder.resolve()
    mtime = _time(folder)
    if path.exists():
        raise Unusable(f"There is a {path} already.")
    slices = []
    with path.open("wb") as file:
        writer = SliceWriter(file, first=True, mtime=mtime)
        cut = Cut(archive.SLICE_BYTES)
        for name in _names(folder):
            size = (folder / name).stat().st_size
            inside = f"{folder.parent.name}/{folder.name}/{name}"
            if not name.startswith(CLIPS):
                writer.add(inside, size, _chunks(folder / name, progress))
                continue
            if cut.before(size):
                slices.append(writer.close(archive.LEAST_BYTES))
                writer = SliceWriter(file, first=False, mtime=mtime)
            writer.store(inside, b"".join(_chunks(folder / name, progress)))
        slices.append(writer.close())
        file.write(archive.ending(slices))


def _time(folder: Path) -> int:
    try:
        return int(datetime.strptime(folder.parent.name[-_DATE:], "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise Unusable(f"{folder} has not the name of a release: name-N.M-YYYY-MM-DD/language.") from None


def _names(folder: Path) -> Iterator[str]:
    """Yield the files in the order of the archive: what stands before the clips, the checksums, the clips."""
    front = True
    for said in sums.read(folder / NAME):
        if front and said.name.startswith(CLIPS):
            yield NAME
            front = False
        yield said.name
    if front:
        yield NAME


def _chunks(path: Path, progress: Progress) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            progress(len(chunk))
            yield chunk
