"""What a folder or an archive is: its name, its tables, how long its clips are."""

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import IO

from voicecollect_data import tarball
from voicecollect_data.faults import Damaged, Unusable

DURATIONS = "clip_durations.tsv"


def info(path: Path) -> Iterator[str]:
    """Yield lines for people. Of an archive only what stands before the clips is read. Raises Unusable."""
    known = False
    for folder, name, file in _front(path):
        if not known:
            yield f"{path}: {folder}"
        known = True
        if name == DURATIONS:
            yield _clips(path, file)
        elif name.endswith(".tsv"):
            yield f"  {name}: {sum(1 for _line in file) - 1} rows"
        elif name == "delta.json":
            yield f"  {name}: {' '.join(file.read().decode().split())}"
    if not known:
        raise Unusable(f"{path} holds nothing of a release.")


def _front(path: Path) -> Iterator[tuple[str, str, IO[bytes]]]:
    """Yield folder, name and content of each file that stands before the clips."""
    if path.is_dir():
        folder = "/".join(path.resolve().parts[-2:])
        for each in sorted(path.iterdir()):
            if each.is_file():
                with each.open("rb") as file:
                    yield folder, each.name, file
    elif path.is_file():
        with tarball.reading(path) as members:
            front = takewhile(lambda member: not member.name.startswith("clips/"), members)
            yield from ((member.folder, member.name, member.file) for member in front)
    else:
        raise Unusable(f"There is no {path}.")


def _clips(path: Path, file: IO[bytes]) -> str:
    clips = milliseconds = 0
    next(file, b"")  # the header
    for line in file:
        length = line.rstrip(b"\n").split(b"\t")[-1]
        if not length.isdigit():
            raise Damaged(str(path), f"{DURATIONS} has a line without a length")
        clips, milliseconds = clips + 1, milliseconds + int(length)
    return f"  {DURATIONS}: {clips} clips, {milliseconds / 3_600_000:.4f} hours"
