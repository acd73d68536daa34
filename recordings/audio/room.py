"""The folder that decoding children share with their sandbox: they read in one half of it and write in the other."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX, HELD = "decoding-", "held"


class Room:
    """A folder of its own, there until `close`."""

    def __init__(self) -> None:
        _remove_abandoned()
        self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._held = (self._folder / HELD).open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)  # until this process ends, however it does
        self.inbox, self.outbox = self._folder / "in", self._folder / "out"
        self.inbox.mkdir()
        self.outbox.mkdir()
        self.source = self.inbox / "source"

    def take_in(self, source: Path) -> None:
        """Put a file where children can read it, without copying it if possible."""
        self.source.unlink(missing_ok=True)
        try:
            os.link(source, self.source)
        except OSError:  # on another disk, or of another user
            shutil.copyfile(source, self.source)

    def hand_out(self, into: Path) -> None:
        """Move all that was written where no child reaches it any more; only there it may be looked at and believed."""
        self.source.unlink(missing_ok=True)
        for name in os.listdir(self.outbox):  # noqa: PTH208 -- names alone
            shutil.move(self.outbox / name, into / name)

    def close(self) -> None:
        """Remove it with all that is in it."""
        self._held.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _remove_abandoned() -> None:
    """Remove the rooms of processes that were killed."""
    for held in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{HELD}"):
        with suppress(OSError), held.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails where somebody still holds it
            shutil.rmtree(held.parent, ignore_errors=True)
