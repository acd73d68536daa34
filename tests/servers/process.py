"""A child process of the tests: it logs to a file, and can't outlive the tests that started it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self


class Process:
    """One server. Start it from the main thread: the kernel ends it with the thread that started it."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.command = [str(part) for part in command]
        self.log = log
        self.env = env
        self.cwd = cwd
        self.user = user
        self.stop_signal = stop_signal
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def child(self) -> subprocess.Popen[bytes]:
        assert self._child, "not started"
        return self._child

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it, in a process group of its own."""
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                # setpriv sends the signal when a test run that was itself killed can't clean up any more
                ["setpriv", "--pdeathsig", "KILL", "--", *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                start_new_session=True,
            )

    def stop(self, seconds: float = 10) -> None:
        """Ask it to end, and see that it does."""
        self.ask_to_end()
        self.see_it_end(seconds)

    def ask_to_end(self) -> None:
        if self.alive:
            os.kill(self.pid, self.stop_signal)

    def see_it_end(self, seconds: float = 10) -> None:
        """Wait for its end; kill it if it takes longer than that, and in any case what it left in its group."""
        if self.alive:
            with suppress(subprocess.TimeoutExpired):
                self.child.wait(seconds)
        self.kill_group()

    def kill(self) -> None:
        """Kill this one process with -9, as a crash would; its children must notice by themselves."""
        os.kill(self.pid, signal.SIGKILL)
        self.child.wait()

    def kill_group(self) -> None:
        """Kill with -9 what is left of the process and its children."""
        if self._child:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._child.wait()

    def wait_until(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Return once `ready` says yes; raise with the end of the log if it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive or time.monotonic() > deadline:
                state = "is not ready" if self.alive else "ended"
                raise RuntimeError(
                    f"{self.command[0]} {state}; its log ends:\n{self.log.read_text()[-3000:]}"
                )
            time.sleep(0.05)
