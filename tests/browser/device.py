"""A phone in somebody's hand: one Chromium that keeps what it stores, and may be killed at any moment."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Self

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.visitors import FLAGS, PHONE, PROGRAM


class Device:
    """Chromium with a profile in `folder`, the site at `url` and a WAV as its microphone."""

    def __init__(self, playwright: Playwright, folder: Path, url: str, microphone: Path) -> None:
        self._playwright = playwright
        self._profile = folder
        self._options = {"base_url": url, "viewport": PHONE, "locale": "en"}
        self._microphone = microphone
        self._context: BrowserContext | None = None
        self._killer: threading.Timer | None = None
        self.kills = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.await_killer()
        if self.alive:
            self.close()

    @property
    def page(self) -> Page:
        assert self._context
        return self._context.pages[0]

    @property
    def alive(self) -> bool:
        return bool(self._processes())

    def start(self) -> None:
        """Start the browser, as it was when it ended."""
        self._context = self._playwright.chromium.launch_persistent_context(
            self._profile,
            executable_path=PROGRAM,
            chromium_sandbox=False,
            args=[
                *FLAGS,
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-audio-capture={self._microphone}",
            ],
            **self._options,
        )

    def close(self) -> None:
        """End the browser as people do."""
        assert self._context
        self._context.close()

    def kill_after(self, seconds: float) -> None:
        """Kill it with -9 in so many seconds, whatever it does then; one kill after the other."""
        self.await_killer()
        if not self.alive:
            self.start()
        self._killer = threading.Timer(seconds, self._kill)
        self._killer.start()

    def await_killer(self) -> None:
        """Wait until a kill that was ordered is done."""
        if self._killer:
            self._killer.join()

    def _kill(self) -> None:
        self.kills += 1
        for pid in self._processes():
            os.kill(pid, signal.SIGKILL)
        while self.alive:
            time.sleep(0.01)  # nothing tells another thread that a process has gone

    def _processes(self) -> list[int]:
        """Return the browser's main process, if it runs; what it started ends with it."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (folder / "cmdline").read_text().split("\0")
            except OSError:  # it ended meanwhile
                continue
            if f"--user-data-dir={self._profile}" in arguments and "--type=" not in "".join(arguments):
                found.append(int(folder.name))
        return found
