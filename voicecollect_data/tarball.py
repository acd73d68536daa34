"""Archives, read from their beginning to their end: memory doesn't grow with them, and nothing is extracted.

Who wants a file takes its bytes and chooses where to write them; names that could lead elsewhere are refused here.
"""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, NamedTuple

from voicecollect_data.faults import Damaged
from voicecollect_data.sums import CHUNK, SAFE

GZIP = b"\x1f\x8b"
_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError)
_DEEP = 3  # parts of the name of a file in the folder `STEM/<locale>/`


class Member(NamedTuple):
    """A file of an archive: the folder that the archive unpacks to, its name in there, its bytes."""

    folder: str
    name: str
    file: IO[bytes]


@contextmanager
def reading(path: Path) -> Iterator[Iterator[Member]]:
    """Give the files of an archive in their order; each has to be read before the next. Raises Damaged, anywhere."""
    with path.open("rb") as raw, streaming(str(path), raw) as members:
        yield members


@contextmanager
def streaming(name: str, raw: "BufferedReader[Any]") -> Iterator[Iterator[Member]]:
    """Give the same of bytes that come from anywhere, as `name`."""
    try:
        inflated: Any = gzip.GzipFile(fileobj=raw) if raw.peek(1).startswith(GZIP) else raw
        yield _members(name, inflated)
    except _BROKEN as fault:
        raise Damaged(name, f"cannot be read to its end ({fault})") from fault


def _members(path: str, stream: Any) -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        while member := tar.next():
            tar.members = []  # type: ignore[attr-defined]  # not in the stubs; it would remember every member
            yield _member(path, tar, member)
    while stream.read(CHUNK):  # the checksum of gzip stands at the very end
        pass


def _member(path: str, tar: tarfile.TarFile, member: tarfile.TarInfo) -> Member:
    content = tar.extractfile(member) if member.isfile() else None
    if content is None or not SAFE.fullmatch(member.name):
        raise Damaged(path, f"holds {member.name!r}, which no release would")
    parts = member.name.split("/")
    at = 2 if len(parts) >= _DEEP else 0
    return Member("/".join(parts[:at]), "/".join(parts[at:]), content)
