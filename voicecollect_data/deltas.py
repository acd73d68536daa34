"""Making a release of an earlier one and a delta: the same files, byte for byte."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from voicecollect_data import folders, sums, tarball
from voicecollect_data.faults import Damaged, Unusable
from voicecollect_data.sums import NAME, SAFE, Progress, digest

ABOUT, ADDED, CLIPS = "delta.json", "added/", "clips/"

Files = Iterator[tuple[str, IO[bytes]]]


def apply(old: Path, delta: Path, into: Path, progress: Progress) -> Path:
    """Put the newer release into a folder, below its own names as if unpacked there; return where it is.

    `old` and `delta` are unpacked folders or archives. Raises Damaged, and leaves nothing, if any byte is other than it
    was published.
    """
    part = into / ".part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        about = _take_added(delta, part, progress)
        target = into / about["to"] / about["locale"]
        if target.exists():
            raise Unusable(f"There is a {target} already.")
        _take_old(old, part, progress)
        for fault in folders.faults(part, folders.Checked(), progress):
            missing = f"; the delta starts from {about['from']}" if fault.what == folders.MISSING else ""
            raise Damaged(fault.file.replace(str(part), str(old), 1), fault.what + missing)
        target.parent.mkdir(parents=True, exist_ok=True)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _take_added(delta: Path, part: Path, progress: Progress) -> dict[str, str]:
    """Write everything that the delta adds; return what it says of itself."""
    about: dict[str, str] = {}
    with _files(delta) as files:
        for name, file in files:
            if name == ABOUT:
                about = _about(delta, file.read())
            elif name.startswith(ADDED):
                _write(part / name.removeprefix(ADDED), file, progress)
    if not about or not (part / NAME).is_file():
        raise Unusable(f"{delta} is no delta.")
    return about


def _about(delta: Path, content: bytes) -> dict[str, str]:
    try:
        about: dict[str, Any] = json.loads(content)
        told = {name: str(about[name]) for name in ("locale", "from", "to")}
    except (ValueError, KeyError, TypeError) as fault:
        raise Damaged(str(delta), f"{ABOUT} cannot be read") from fault
    if not all(SAFE.fullmatch(each) and "/" not in each for each in told.values()):
        raise Damaged(str(delta), f"{ABOUT} has names that no release has")
    return told


def _take_old(old: Path, part: Path, progress: Progress) -> None:
    """Copy the clips that stay as they were; both sides name them in the same order."""
    wanted = (said.name for said in sums.read(part / NAME) if said.name.startswith(CLIPS))
    want = next(wanted, "")
    with _files(old) as files:
        for name, file in files:
            while name.startswith(CLIPS) and want and want < name:
                want = next(wanted, "")
            if want == name and not (part / name).exists():
                _write(part / name, file, progress)


def _write(path: Path, file: IO[bytes], progress: Progress) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        digest(file, progress, into=target)


@contextmanager
def _files(path: Path) -> Iterator[Files]:
    """Give names and contents of what a folder with checksums, or an archive, holds, in the order of releases."""
    if path.is_dir():
        yield _of_folder(path)
    elif path.is_file():
        with tarball.reading(path) as members:
            yield ((member.name, member.file) for member in members)
    else:
        raise Unusable(f"There is no {path}.")


def _of_folder(folder: Path) -> Files:
    for name in (said.name for said in sums.read(folder / NAME)):
        if (folder / name).is_file():
            with (folder / name).open("rb") as file:
                yield name, file
