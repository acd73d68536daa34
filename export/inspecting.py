"""Runs the linter over what is about to be published, as it lies in the storage, and over folders."""

import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from isal import igzip
from isal.igzip_lib import IsalError

from accounts.options import Age, Gender
from export import metadata, shards, storing
from export.keys import Kind
from export.lint import MOST_FAULTS, Clip, Fault, faults
from export.models import Archive
from prompts.options import Domain
from validation.options import Complaint
from voicecollect_data import contents, tarball
from voicecollect_data.faults import Damaged

VOCABULARY = {
    "age": frozenset(Age.values),
    "gender": frozenset(Gender.values),
    "sentence_domain": frozenset(Domain.values),
    "reason": frozenset({*Complaint.values, "other"}),
}


# What reading an archive raises if it isn't what was packed
DAMAGED: Any = (EOFError, tarfile.TarError, igzip.BadGzipFile, IsalError)


def inspect_folder(folder: Path) -> list[Fault]:
    """Return what is wrong with an unpacked edition; each clip is decoded to its end."""
    below = sorted(path for path in (folder / "clips").glob("*") if path.is_file())
    clips = (Clip(path.name, path.read_bytes()) for path in below) if (folder / "clips").is_dir() else None
    return faults(folder, clips, vocabulary=VOCABULARY, decode=True)


def inspect_archive(archive: Archive) -> list[Fault]:
    """Return what is wrong with an archive in the storage, read by stream; of clips their headers are believed."""
    if archive.kind == Kind.SHARDS:
        return _inspect_shard(archive)
    if archive.kind == Kind.DELTA:
        return _inspect_delta(archive)
    source = io.BufferedReader(_Stream(storing.stream("releases", archive.key)), storing.CHUNK)
    with tempfile.TemporaryDirectory(prefix="lint-") as name, _opened(source) as tar:
        folder = Path(name)
        clips = _clips_after_front(tar, folder)
        first = next(clips, None)  # all that stands before the clips is unpacked by now
        counts = {name: row["clips"] for name, row in metadata.in_order(archive.edition.statistics)}
        every = None if archive.kind == Kind.METADATA else chain([first] if first else [], clips)
        return faults(folder, every, vocabulary=VOCABULARY, decode=False, counts=counts)


def _inspect_shard(archive: Archive) -> list[Fault]:
    source = io.BufferedReader(_Stream(storing.stream("releases", archive.key)), storing.CHUNK)
    with tarfile.open(fileobj=source, mode="r|") as tar:
        members = (Clip(path.name, content.read()) for path, content in _members(tar))
        return list(islice(shards.faults(members, clips=archive.clips, decode=False), MOST_FAULTS))


def _inspect_delta(archive: Archive) -> list[Fault]:
    """Compare every file with the checksums; tables and clips are those of the archive with MP3s, and judged there."""
    source = io.BufferedReader(_Stream(storing.stream("releases", archive.key)), storing.CHUNK)
    try:
        with tarball.streaming(archive.name, source) as members:
            found = contents.compare(archive.name, members, lambda count: None)
            return [Fault(each.file, 0, each.what) for each in islice(found, MOST_FAULTS)]
    except Damaged as damage:
        return [Fault(damage.fault.file, 0, damage.fault.what)]


def _opened(source: Any) -> tarfile.TarFile:
    inflated: Any = igzip.IGzipFile(fileobj=source)  # type: ignore[no-untyped-call]
    return tarfile.open(fileobj=inflated, mode="r|")


def _clips_after_front(tar: tarfile.TarFile, folder: Path) -> Iterator[Clip]:
    """Unpack what stands before the clips into the folder, then yield the clips."""
    for path, content in _members(tar):
        if path.parent.name == "clips":
            yield Clip(path.name, content.read())
        else:
            with (folder / path.name).open("wb") as file:
                shutil.copyfileobj(content, file)


def _members(tar: tarfile.TarFile) -> Iterator[tuple[PurePosixPath, IO[bytes]]]:
    while member := tar.next():
        tar.members = []  # type: ignore[attr-defined]  # not in the stubs; it would remember every member
        content = tar.extractfile(member)
        assert content is not None, "we pack files alone"
        yield PurePosixPath(member.name), content


class _Stream(io.RawIOBase):
    """Chunks as a file that is read from its beginning to its end."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._left = self._left or next(self._chunks, b"")
        with memoryview(buffer) as target:
            count = min(len(target), len(self._left))
            target[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
