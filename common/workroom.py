"""Folders for work in hand: what lies in them may be a voice, so none outlives its process, however that ended."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType


class Workroom:
    """A folder that is there until `close`; whoever makes one first removes those of processes that were killed.

    It lies in the folder `within`, else where temporary files lie. A lock on it tells that its process lives. Nothing
    happens when it is garbage: after a fork the child drops what the parent still works in.
    """

    def __init__(self, prefix: str, within: Path | None = None) -> None:
        parent = within or Path(tempfile.gettempdir())
        _remove_abandoned(parent, prefix)
        self.folder, self._lock = _locked(parent, prefix)

    def __enter__(self) -> Path:
        return self.folder

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def _locked(parent: Path, prefix: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():  # else it was taken for an abandoned one before it was locked
            return folder, lock
        os.close(lock)


def _remove_abandoned(parent: Path, prefix: str) -> None:
    for folder in parent.glob(f"{prefix}*"):
        with suppress(OSError):  # another user's, or in use
            _remove_if_abandoned(folder)


def _remove_if_abandoned(folder: Path) -> None:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
