"""The folder that decoding children share with their sandbox: they read in one half of it and write in the other."""

import os
import shutil
from pathlib import Path

from common.workroom import Workroom


class Room:
    """A folder of its own, there until `close`."""

    def __init__(self) -> None:
        self._workroom = Workroom("decoding-")
        self.inbox, self.outbox = self._workroom.folder / "in", self._workroom.folder / "out"
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
        self._workroom.close()
