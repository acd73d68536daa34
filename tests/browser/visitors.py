"""People in Chromium: each has cookies, storage and permissions of their own, and complains of what went wrong."""

import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Playwright, Request

PROGRAM = "/usr/bin/chromium"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--use-fake-device-for-media-stream",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]


class Chromium:
    """One running Chromium for each microphone asked for: Chromium takes the file at its start."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._running: dict[Path | None, Browser] = {}
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def visitor(self, site: str, microphone: Path | None, **options: Any) -> "Visitor":
        """Return someone new on an empty page; without a WAV they refuse the microphone."""
        if microphone not in self._running:
            self._running[microphone] = self._start(microphone)
        return Visitor(self._running[microphone], site, **options)

    def _start(self, microphone: Path | None) -> Browser:
        allowed = ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={microphone}"]
        sound = allowed if microphone else ["--deny-permission-prompts"]
        browser = self._playwright.chromium.launch(
            executable_path=PROGRAM, chromium_sandbox=False, args=FLAGS + sound
        )
        self._ends.callback(browser.close)
        return browser


class Visitor:
    """A context with one page, and the `complaints` about it: errors it logged, strangers it asked for something.

    Errors whose words match `forgive` are expected by the test: what the browser logs while offline, for example.
    """

    def __init__(self, browser: Browser, site: str, *, forgive: str | None = None, **options: Any) -> None:
        self.complaints: list[str] = []
        self._host = urlsplit(site).hostname
        self._forgive = re.compile(forgive) if forgive else None
        self._context = browser.new_context(
            **{"base_url": site, "viewport": DESKTOP, "locale": "en"} | options
        )
        self._context.on("console", self._on_console)
        self._context.on("weberror", lambda error: self._complain(f"uncaught: {error.error.message}"))
        self._context.on("request", self._on_request)
        self.page = self._context.new_page()

    def leave(self) -> None:
        """Close the page and all that is theirs."""
        self._context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complain(f"logged: {message.text} ({message.location['url']})")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != self._host:
            self._complain(f"asked a stranger: {request.url}")

    def _complain(self, words: str) -> None:
        if not (self._forgive and self._forgive.search(words)):
            self.complaints.append(words)
