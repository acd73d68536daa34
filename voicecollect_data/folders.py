"""What is wrong with the files of a folder that has a SHA256SUMS. Memory is constant while nothing is."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from voicecollect_data.faults import Fault
from voicecollect_data.sums import NAME, Progress, Sum, digest_of, lines

WHOLE = frozenset({"README.md", "delta.json"})  # a folder with one of these has every file that is listed
CHANGED = f"is not what {NAME} says"
MISSING = "is missing"
UNLISTED = f"is not in {NAME}"


@dataclass
class Checked:
    """How many files were listed and found so far, and which folders hold them."""

    listed: int = 0
    found: int = 0
    below: set[str] = field(default_factory=set)


def faults(folder: Path, checked: Checked, progress: Progress) -> Iterator[Fault]:
    """Yield what is wrong. In a folder of downloads, files that weren't downloaded are missed only if all are."""
    whole = _is_whole(folder)
    with (folder / NAME).open("rb") as file:
        for said in lines(file):
            if isinstance(said, Fault):
                yield Fault(str(folder / said.file), said.what)
            else:
                yield from _file(folder, said, checked, whole, progress)
    if not checked.found:
        yield Fault(str(folder / NAME), "names no file that is here")
    if whole and sum(1 for _name in _names(folder)) != checked.found + 1:  # and SHA256SUMS itself
        yield from _unlisted(folder)


def _is_whole(folder: Path) -> bool:
    with (folder / NAME).open("rb") as file:
        first = {said.name for said in islice(lines(file), 1) if isinstance(said, Sum)}
    return bool(WHOLE & first) or any((folder / name).is_file() for name in WHOLE)


def _file(folder: Path, said: Sum, checked: Checked, whole: bool, progress: Progress) -> Iterator[Fault]:
    path = folder / said.name
    checked.listed += 1
    if "/" in said.name:
        checked.below.add(said.name.split("/")[0])
    if path.is_file():
        checked.found += 1
        if digest_of(path, progress) != said.sha256:
            yield Fault(str(path), CHANGED)
    elif whole:
        yield Fault(str(path), MISSING)


def _unlisted(folder: Path) -> Iterator[Fault]:
    with (folder / NAME).open("rb") as file:
        known = {NAME, *(said.name for said in lines(file) if isinstance(said, Sum))}
    yield from (Fault(str(folder / name), UNLISTED) for name in _names(folder) if name not in known)


def _names(folder: Path, inside: str = "") -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _names(Path(entry.path), f"{inside}{entry.name}/")
        else:
            yield inside + entry.name
