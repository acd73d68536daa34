"""SHA256SUMS, as `sha256sum` writes and reads it: which files there are, and what each must be."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from voicecollect_data.faults import Damaged, Fault

NAME = "SHA256SUMS"
CHUNK = 1 << 16
# Names in releases hold nothing else; so no name leads out of a folder, on any system
SAFE = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)\n")

Progress = Callable[[int], None]  # is called with how many bytes were read since the last time


class Sum(NamedTuple):
    """A file and its SHA-256 in hexadecimal digits."""

    name: str
    sha256: str

    @property
    def line(self) -> str:
        return f"{self.sha256}  {self.name}\n"


def parse(line: str) -> Sum | None:
    """Return what a line says; None if it is no such line, or names a file that no release can have."""
    found = _LINE.fullmatch(line)
    return Sum(found[2], found[1]) if found and SAFE.fullmatch(found[2]) else None


def lines(file: Iterable[bytes]) -> Iterator[Sum | Fault]:
    """Yield what each line says, or that it can't be read."""
    for number, raw in enumerate(file, start=1):
        said = parse(raw.decode(errors="replace"))
        yield said or Fault(NAME, f"line {number} cannot be read")


def read(path: Path) -> Iterator[Sum]:
    """Yield what each line of a file says. Raises Damaged at the first one that can't be read."""
    with path.open("rb") as file:
        for said in lines(file):
            if isinstance(said, Fault):
                raise Damaged(str(path), said.what)
            yield said


def digest(file: IO[bytes], progress: Progress, into: IO[bytes] | None = None) -> str:
    """Return the SHA-256 of what is left of a file, and copy it if asked to."""
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
        progress(len(chunk))
        if into:
            into.write(chunk)
    return found.hexdigest()


def digest_of(path: Path, progress: Progress) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return digest(file, progress)
