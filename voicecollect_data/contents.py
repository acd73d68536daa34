"""What is wrong with the content of an archive, by the SHA256SUMS in it. Memory is constant.

Releases list their clips in the order in which they pack them, so that both pass side by side.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from voicecollect_data import tarball
from voicecollect_data.faults import Damaged, Fault
from voicecollect_data.folders import CHANGED, MISSING, UNLISTED
from voicecollect_data.sums import NAME, Progress, Sum, digest, lines
from voicecollect_data.tarball import Member


def faults(path: Path, progress: Progress) -> Iterator[Fault]:
    """Yield what is wrong, named `archive: file`. Raises Damaged where it can't be read any further."""
    with tarball.reading(path) as members:
        yield from compare(str(path), members, progress)


def compare(path: str, members: Iterator[Member], progress: Progress) -> Iterator[Fault]:
    """Yield what is wrong with the members of an archive of this name."""
    with tempfile.TemporaryFile() as listed:
        front = _front(path, members, listed, progress)
        listed.seek(0)
        clips = (Sum(member.name, digest(member.file, progress)) for member in members)
        for fault in _compared(listed, front, clips):
            yield Fault(f"{path}: {fault.file}", fault.what)


def _front(path: str, members: Iterator[Member], listed: IO[bytes], progress: Progress) -> dict[str, str]:
    """Return the checksums of what stands before SHA256SUMS, which is copied."""
    found: dict[str, str] = {}
    for member in members:
        if member.name == NAME:
            digest(member.file, progress, into=listed)
            return found
        found[member.name] = digest(member.file, progress)
    raise Damaged(path, f"holds no {NAME}")


def _compared(listed: IO[bytes], front: dict[str, str], clips: Iterator[Sum]) -> Iterator[Fault]:
    clip = next(clips, None)
    for said in lines(listed):
        if isinstance(said, Fault):
            yield said
            continue
        if said.name in front:
            if front.pop(said.name) != said.sha256:
                yield Fault(said.name, CHANGED)
            continue
        while clip and clip.name < said.name:
            yield Fault(clip.name, UNLISTED)
            clip = next(clips, None)
        if clip is None or clip.name != said.name:
            yield Fault(said.name, MISSING)
            continue
        if clip.sha256 != said.sha256:
            yield Fault(said.name, CHANGED)
        clip = next(clips, None)
    yield from (Fault(name, UNLISTED) for name in front)
    yield from (Fault(each.name, UNLISTED) for each in [clip, *clips] if each)
