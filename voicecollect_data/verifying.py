"""Whether files are as they were published: an unpacked edition, an archive, or a folder of downloads."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from voicecollect_data import contents, folders, signatures
from voicecollect_data.faults import Damaged, Fault, Unusable
from voicecollect_data.sums import NAME, Progress, Sum, digest_of, lines


class Note(NamedTuple):
    """What was looked at, or couldn't be; nothing is wrong."""

    text: str

    def __str__(self) -> str:
        return self.text


def verify(path: Path, key: str | None, progress: Progress) -> Iterator[Fault | Note]:
    """Yield what is wrong with a folder or an archive, and what was looked at. Raises Unusable."""
    if path.is_dir():
        yield from _folders(path, key, progress)
    elif path.is_file():
        yield from _archive(path, key, progress)
    else:
        raise Unusable(f"There is no {path}.")


def _folders(top: Path, key: str | None, progress: Progress) -> Iterator[Fault | Note]:
    """Verify each folder that has checksums; a folder below it that they cover isn't looked at again."""
    found = False
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        covered: set[str] = set()
        if (folder / NAME).is_file():
            found = True
            yield from _signature(folder, key)
            checked = folders.Checked()
            yield from folders.faults(folder, checked, progress)
            covered = checked.below
            yield Note(f"{folder}: {checked.found} of {checked.listed} files were looked at.")
        below = (entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
        waiting += sorted((folder / name for name in below if name not in covered), reverse=True)
    if not found:
        raise Unusable(f"{top} has no {NAME}, nor has any folder in it.")


def _signature(folder: Path, key: str | None) -> Iterator[Fault | Note]:
    if not signatures.of(folder / NAME).is_file():
        return
    beside = folder / signatures.KEY_FILE
    if not key and not beside.is_file():
        yield Note(f"{folder / NAME}: its signature was not checked, for want of a key (--key).")
        return
    try:
        told = signatures.check(folder / NAME, signatures.public_key(key or str(beside)))
    except Damaged as fault:
        yield fault.fault
    else:
        by = "the key given" if key else f"{beside}: compare it with the one that the site shows"
        yield Note(f"{folder / NAME}: signed as {told} by {by}.")


def _archive(path: Path, key: str | None, progress: Progress) -> Iterator[Fault | Note]:
    """Verify an archive by the checksums beside it; look inside if there are none, or to tell what differs."""
    said = _beside(path)
    if said:
        yield from _signature(path.parent, key)
        if digest_of(path, progress) == said.sha256:
            yield Note(f"{path}: is what {NAME} beside it says.")
            return
        yield Fault(str(path), folders.CHANGED)
    try:
        yield from contents.faults(path, progress)
        yield Note(f"{path}: its content was looked at.")
    except Damaged as damage:
        yield damage.fault


def _beside(path: Path) -> Sum | None:
    """Return what the checksums in an archive's folder say of it."""
    if not (path.parent / NAME).is_file():
        return None
    with (path.parent / NAME).open("rb") as file:
        every = (said for said in lines(file) if isinstance(said, Sum))
        return next((said for said in every if said.name == path.name), None)
