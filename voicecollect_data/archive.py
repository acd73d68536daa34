"""The bytes of a `.tar.gz`, the same whenever they are made, in slices that can be made apart.

A slice holds whole members of the tar and is deflated by itself, ended with a full flush. All slices between one gzip
header and one trailer with the combined CRC-32 are a single gzip member (RFC 1952): streaming readers stop after the
first member without an error, so there must be no second. Memory is constant: a block, and the sound at hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import BinaryIO

from isal import isal_zlib

# Magic, deflate, no flags, no time, no extra flags, unknown system: nothing of the machine that made it
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LEVEL = 1  # of ISA-L
RAW = -15  # window bits of deflate without a header
BLOCK = 1 << 20  # deflate's output depends on how its input is cut, so it is always cut like this
STORED_BYTES = 0xFFFF  # that one block of deflate holds as they are
_STORED = Struct(
    "<BHH"
)  # what stands before them: a block that isn't the last, their number, and its complement
EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"  # of deflate: stored, no bytes
RECORD = 512
END_OF_TAR = bytes(2 * RECORD)
SLICE_BYTES = 64 << 20  # of the tar
LEAST_BYTES = 5 << 20  # that S3 takes as a part which isn't the last


@dataclass(frozen=True)
class Deflated:
    """What joining needs to know of a slice: length and CRC-32 of the tar's bytes, and length of the deflated ones."""

    raw_bytes: int
    crc32: int
    bytes: int


class SliceWriter:
    """Writes members of a tar to a file; of a `.tar.gz` the first slice with the gzip header before them.

    Text is deflated. Sound, which hardly shrinks, is stored as it is, between tar headers that are deflated.
    """

    def __init__(self, file: BinaryIO, *, first: bool, mtime: int, gzip: bool = True) -> None:
        self._file = file
        self._mtime = mtime
        self._deflate = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, RAW) if gzip else None
        self._waiting = bytearray()
        self._raw_bytes = self._crc32 = 0
        self._bytes = file.write(HEADER) if first and gzip else 0

    def add(self, name: str, size: int, content: Iterable[bytes]) -> None:
        """Add a text. Raises ValueError if it isn't as long as announced, or the name too long for a tar."""
        self._feed(_tar_header(name, size, self._mtime))
        left = size
        for chunk in content:
            left -= len(chunk)
            self._feed(chunk)
        if left:
            raise ValueError(f"{name}: {size} bytes were announced, {size - left} came")
        self._feed(_padding(size))

    def store(self, name: str, sound: bytes) -> None:
        """Add a sound. Raises ValueError if the name is too long for a tar."""
        self._feed(_tar_header(name, len(sound), self._mtime))
        self._flush()
        self._count(sound)
        self._write(_as_it_is(sound) if self._deflate else sound)
        self._feed(_padding(len(sound)))

    def close(self, at_least: int = 0) -> Deflated:
        """End the slice, filled up to so many bytes if it is shorter; return what joining it needs."""
        self._flush()
        if self._deflate:
            missing = max(0, at_least - self._bytes)
            self._write(EMPTY_BLOCK * -(-missing // len(EMPTY_BLOCK)))
        return Deflated(self._raw_bytes, self._crc32, self._bytes)

    def _feed(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) >= BLOCK:
            block = bytes(self._waiting[:BLOCK])
            del self._waiting[:BLOCK]
            self._count(block)
            self._write(self._deflate.compress(block) if self._deflate else block)

    def _flush(self) -> None:
        """Write all that waits; what follows is deflated without knowing it."""
        data = bytes(self._waiting)
        self._waiting.clear()
        self._count(data)
        if self._deflate:
            data = self._deflate.compress(data) + self._deflate.flush(isal_zlib.Z_FULL_FLUSH)
        self._write(data)

    def _count(self, data: bytes) -> None:
        self._raw_bytes += len(data)
        self._crc32 = isal_zlib.crc32(data, self._crc32)

    def _write(self, data: bytes) -> None:
        self._bytes += self._file.write(data)


def ending(slices: Iterable[Deflated], *, gzip: bool = True) -> bytes:
    """Return what follows the last slice: the tar's end, and the gzip trailer over all slices in their order."""
    if not gzip:
        return END_OF_TAR
    crc32 = length = 0
    for each in [*slices, Deflated(len(END_OF_TAR), isal_zlib.crc32(END_OF_TAR), 0)]:
        crc32 = isal_zlib.crc32_combine(crc32, each.crc32, each.raw_bytes)
        length += each.raw_bytes
    deflate = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, RAW)
    last = deflate.compress(END_OF_TAR) + deflate.flush()
    return last + crc32.to_bytes(4, "little") + (length % 2**32).to_bytes(4, "little")


class Cut:
    """Says where slices begin: after so many bytes of clips; what stands before the clips doesn't count."""

    def __init__(self, slice_bytes: int) -> None:
        self._slice_bytes, self._length = slice_bytes, 0

    def before(self, size: int) -> bool:
        """Tell of each clip, in their order, whether a slice begins with it."""
        begins = self._length >= self._slice_bytes
        self._length = member_size(size) + (0 if begins else self._length)
        return begins


def member_size(size: int) -> int:
    """Return how many bytes of the tar a member of this size takes."""
    return RECORD + size + -size % RECORD


def _as_it_is(sound: bytes) -> bytes:
    """Return blocks of deflate that hold these bytes unchanged."""
    pieces = [sound[start : start + STORED_BYTES] for start in range(0, len(sound), STORED_BYTES)]
    return b"".join(_STORED.pack(0, len(each), len(each) ^ 0xFFFF) + each for each in pieces)


def _padding(size: int) -> bytes:
    return bytes(-size % RECORD)


def _tar_header(name: str, size: int, mtime: int) -> bytes:
    """Return a ustar header (POSIX.1-1988) of a file; fifty times as fast as the standard library's."""
    prefix, base = _split(name)
    length = b"%011o\0" % size
    before, after, known = _around(prefix, mtime)
    checksum = b"%06o\0 " % (known + sum(base) + sum(length))
    return b"".join((base.ljust(100, b"\0"), before, length, b"%011o\0" % mtime, checksum, after))


@lru_cache(maxsize=8)
def _around(prefix: bytes, mtime: int) -> tuple[bytes, bytes, int]:
    """Return what stands before the size, and after the checksum, and the sum of all bytes but name and size."""
    before = b"0000644\0" + b"0000000\0" * 2  # mode, uid, gid
    after = b"".join(
        (
            b"0".ljust(101, b"\0"),  # a file, linked to nothing
            b"ustar\0" + b"00",
            bytes(32 + 32 + 8 + 8),  # no names of user and group, no device
            prefix.ljust(155, b"\0"),
            bytes(12),
        )
    )
    return before, after, sum(before) + sum(b"%011o\0" % mtime) + sum(b" " * 8) + sum(after)


def _split(name: str) -> tuple[bytes, bytes]:
    """Return prefix and name of a header: up to 155 and 100 bytes, cut at a slash where one field is too short."""
    path = name.encode()
    if len(path) <= 100:
        return b"", path
    cut = path.find(b"/", len(path) - 101)
    if cut < 0 or cut > 155:
        raise ValueError(f"{name}: the name is too long for a tar")
    return path[:cut], path[cut + 1 :]
