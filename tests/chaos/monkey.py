"""Kills what runs, at moments that a seed decides, and starts it again as a supervisor would."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.servers.process import Process


class Monkey:
    """Call `act` again and again from the main thread; it does what is due."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self.last_fault = time.monotonic()
        self._due: list[tuple[float, float, Callable[[], str]]] = []

    def every(self, seconds: float, do: Callable[[], str]) -> None:
        """Do this every so many seconds; it returns the name of what it killed."""
        self._due.append((time.monotonic() + seconds, seconds, do))

    def act(self) -> None:
        """Do what is due and wait a moment."""
        for number, (moment, seconds, do) in enumerate(self._due):
            if time.monotonic() >= moment:
                self.kills[do()] += 1
                self.last_fault = time.monotonic()
                self._due[number] = (time.monotonic() + seconds, seconds, do)
        threading.Event().wait(0.05)

    def kill_any(self, processes: Sequence[Process]) -> str:
        """Kill one of the processes with all its children, or one of its children alone."""
        chosen = self.chance.choice(processes)
        children = descendants(chosen.pid) if chosen.alive else []
        if children and self.chance.random() < 0.5:
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(children), signal.SIGKILL)
            return f"child of {chosen.log.stem}"
        restart(chosen)
        return chosen.log.stem


def supervise(processes: Sequence[Process]) -> None:
    """Start again what has ended: a worker whose children are killed while it starts gives up, say."""
    for process in processes:
        if not process.alive:
            restart(process)


def restart(process: Process) -> None:
    """Kill a process with -9, its group as well, and start it again."""
    process.kill_group()
    Process.start(process)


def descendants(pid: int) -> list[int]:
    """Return the ids of a process's children and of theirs."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, rest = status.read_text().split(" ", 1)
            parents[int(number)] = int(rest.rpartition(")")[2].split()[1])
    found, fresh = [], [pid]
    while fresh:
        fresh = sorted(child for child, parent in parents.items() if parent in fresh)
        found += fresh
    return found
