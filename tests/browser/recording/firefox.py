"""Debian's Firefox, and the sound server without which its audio clock stands still."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.recording.marionette import Marionette
from tests.servers.process import Process

PROGRAM = "/usr/bin/firefox-esr"
RATE = 48_000
SCRIPT_SECONDS = 60
PREFERENCES = {
    "marionette.port": 0,  # a free one
    "media.autoplay.default": 0,  # sound starts without a click
    "media.navigator.permission.disabled": True,  # nobody is asked for the microphone
    "network.dns.disabled": True,  # nothing but this machine can be reached
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.backup.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}
# the answer is wrapped, since Marionette tells of no rejected promise
CALL = """const answer = arguments[arguments.length - 1];
(%s)(arguments[0]).then((value) => answer({ value }), (error) => answer({ error: String(error) }));"""


class PulseAudio(Process):
    """A sound server in `folder`: a loudspeaker that nobody hears, a microphone that hears what is played to it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self.socket = folder / "sound.socket"
        self.address = f"unix:{self.socket}"
        modules = [
            f"module-null-sink rate={RATE} sink_name=loudspeaker",
            f"module-null-sink rate={RATE} channels=1 sink_name=voice",
            "module-remap-source master=voice.monitor source_name=microphone",
            f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}",
        ]
        super().__init__(
            [
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                *(f"--load={each}" for each in modules),
            ],
            log=folder / "pulseaudio.log",
            env={"PATH": os.defpath, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        )

    def start(self) -> None:
        super().start()
        self.wait_until(self.socket.exists)
        for which in ("sink loudspeaker", "source microphone"):
            kind, name = which.split()
            subprocess.run(["pactl", "-s", self.address, f"set-default-{kind}", name], check=True)

    @contextmanager
    def speaking(self, wav: Path) -> Iterator[None]:
        """Play a file to the microphone, over and over, as long as the context lasts."""
        again = f'while paplay --server="{self.address}" --device=voice "{wav}"; do :; done'
        with Process(["sh", "-c", again], log=self.log.with_name("paplay.log")):
            yield


class Firefox(Process):
    """A Firefox without windows, new to everything, with one page."""

    def __init__(self, folder: Path, sound: PulseAudio) -> None:
        folder.mkdir(mode=0o700)
        self._port_file = folder / "MarionetteActivePort"
        preferences = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()
        )
        (folder / "user.js").write_text("".join(preferences))
        super().__init__(
            [PROGRAM, "--headless", "--marionette", "--no-remote", "--profile", folder],
            log=folder / "firefox.log",
            env={
                "PATH": os.defpath,
                "HOME": str(folder),
                "PULSE_SERVER": sound.address,
                "MOZ_CRASHREPORTER_DISABLE": "1",
            },
        )

    def start(self) -> None:
        """Start it and return once it takes commands."""
        super().start()
        self.wait_until(lambda: self._port_file.exists() and self._port_file.read_text() != "")
        self._control = Marionette(int(self._port_file.read_text()))
        self._control.ask("NewSession")
        self._control.ask("SetTimeouts", script=SCRIPT_SECONDS * 1000)

    def stop(self, seconds: float = 10) -> None:
        self._control.close()
        super().stop(seconds)

    def goto(self, address: str) -> None:
        """Open an address and return once it is loaded."""
        self._control.ask("Navigate", url=address)

    def evaluate(self, function: str, argument: Any) -> Any:
        """Return what an asynchronous function of the page makes of the argument, as Playwright's pages do."""
        answer = self._control.ask("ExecuteAsyncScript", script=CALL % function, args=[argument])["value"]
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]
