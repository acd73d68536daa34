"""How far a long command is, on a terminal only."""

import sys
import time

EVERY = 0.5  # seconds


class Meter:
    """Counts bytes and shows them with their rate; call it with how many there were since the last time."""

    def __init__(self) -> None:
        self._bytes, self._began = 0, time.monotonic()
        self._shown = self._began if sys.stderr.isatty() else float("inf")

    def __call__(self, count: int) -> None:
        self._bytes += count
        now = time.monotonic()
        if now - self._shown >= EVERY:
            self._shown = now
            megabytes = self._bytes / 1e6
            rate = megabytes / (now - self._began)
            sys.stderr.write(f"\r{megabytes:,.0f} MB, {rate:,.0f} MB/s ")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._bytes and self._shown != float("inf"):
            sys.stderr.write("\n")
