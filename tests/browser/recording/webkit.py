"""WebKitGTK, the nearest relative of Safari in Debian: its small browser, driven by its own WebDriver."""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.browser.recording.firefox import PulseAudio
from tests.servers.ports import free_port
from tests.servers.process import Process

DRIVER = "/usr/bin/WebKitWebDriver"
PROGRAM = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key that WebDriver gives elements
ARGUMENTS = [
    "--automation",
    "--enable-media-stream=true",
    "--enable-mock-capture-devices=true",  # a microphone that beeps
    "--autoplay-policy=allow",
]
PATIENCE = 120  # seconds, for a browser that says nothing any more
CALL = """const answer = arguments[arguments.length - 1];
(%s)(arguments[0]).then((value) => answer({ value }), (error) => answer({ error: String(error) }));"""


class Screen(Process):
    """A screen that nobody sees: WebKitGTK has no mode without windows."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
            log=folder / "screen.log",
            env={"PATH": os.defpath, "TMPDIR": str(folder)},
        )

    def start(self) -> None:
        super().start()
        self.wait_until(lambda: self._number() != "")

    @property
    def name(self) -> str:
        return f":{self._number()}"

    def _number(self) -> str:
        return next((line for line in self.log.read_text().splitlines() if line.isdigit()), "")


class WebKit(Process):
    """A WebKitGTK new to everything, with one page."""

    def __init__(self, folder: Path, screen: Screen, sound: PulseAudio) -> None:
        self._port = free_port()
        super().__init__(
            [DRIVER, f"--port={self._port}"],
            log=folder / "webkit.log",
            env={
                "PATH": os.defpath,
                "HOME": str(folder),
                "TMPDIR": str(folder),
                "XDG_RUNTIME_DIR": str(folder),
                "DISPLAY": screen.name,
                "PULSE_SERVER": sound.address,
                "LANG": "C.UTF-8",
                "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # which its sandbox needs to work as root
                "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            },
        )

    def start(self) -> None:
        """Start it and return once it takes commands."""
        super().start()
        self.wait_until(self._answers)
        wishes = {"webkitgtk:browserOptions": {"binary": PROGRAM, "args": ARGUMENTS}}
        session = self._ask("/session", capabilities={"alwaysMatch": wishes})
        self._session = f"/session/{session['sessionId']}"
        self._ask(f"{self._session}/timeouts", script=PATIENCE * 1000)

    def stop(self, seconds: float = 10) -> None:
        self._request("DELETE", self._session)
        super().stop(seconds)

    def goto(self, address: str) -> None:
        """Open an address and return once it is loaded."""
        self._ask(f"{self._session}/url", url=address)

    def click(self, selector: str) -> None:
        """Click as a person does, which lets a page make sound."""
        element = self._ask(f"{self._session}/element", using="css selector", value=selector)[ELEMENT]
        self._ask(f"{self._session}/element/{element}/click")

    def evaluate(self, function: str, argument: Any) -> Any:
        """Return what an asynchronous function of the page makes of the argument."""
        answer = self._ask(f"{self._session}/execute/async", script=CALL % function, args=[argument])
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def _answers(self) -> bool:
        try:
            return bool(self._request("GET", "/status")["ready"])
        except OSError:
            return False

    def _ask(self, path: str, **parameters: Any) -> Any:
        return self._request("POST", path, parameters)

    def _request(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self._port}{path}"
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error
