"""Decodes what strangers send in a process that can do little else, and that may crash, hang or blow up."""

import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from recordings.audio import walls, wire
from recordings.audio.cage import Bounds
from recordings.audio.order import Finding, Order, Outcome
from recordings.audio.room import Room
from recordings.audio.walls import ROOT
from recordings.audio.zygote import Answer

SERVER = (sys.executable, "-m", "recordings.pipeline")
KEPT = 1 << 28  # bytes that a child does not give back to the system
ENVIRONMENT = {  # and none of the worker's secrets
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
    "LC_ALL": "C.UTF-8",
    # large pages, and what was freed is kept: a fifth of a job would else go to page faults
    "GLIBC_TUNABLES": ":".join(
        (
            "glibc.malloc.hugetlb=1",
            f"glibc.malloc.mmap_threshold={KEPT}",
            f"glibc.malloc.trim_threshold={KEPT}",
        )
    ),
    "PATH": os.defpath,  # pydub wants one
}
START_SECONDS = 60.0
GRACE_SECONDS = 10.0  # for the zygote to end a child of its own
JOBS_PER_CHILD = 20
WALL_TIMES = 3.0  # a busy machine gives no process all of its time
MORE_SECONDS = 4  # of processor time, beside what long sound needs
TRIES = 2
TURN_SECONDS = 5.0  # between two calls of what a worker does meanwhile

logger = logging.getLogger(__name__)


class KilledError(ChildProcessError):
    """Somebody else ended a child: a system out of memory, or a person. The file may be good, or may have caused it."""


class ZygoteLostError(Exception):
    """The process that forks children ended, or says nothing."""


class Sandbox:
    """One for each worker process; starts its zygote with the first job, and again whenever it is lost.

    Safe between threads, which wait for each other, and after a fork, where it starts a zygote of its own.
    """

    def __init__(self) -> None:
        self.last = Answer()  # of the last job: what it used
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._room: Room | None = None
        self._owner = 0  # process that started both

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The zygote's process id, while it runs."""
        return self._zygote.pid if self._zygote else None

    def close(self) -> None:
        """End the zygote; the next job would start another."""
        with self._lock:
            self._end()

    def examine(
        self, source: Path, order: Order, into: Path, meanwhile: Callable[[], None] = lambda: None
    ) -> Outcome:
        """Run the pipeline on a file in a limited child; clips are written to the folder `into`.

        `meanwhile` is called every few seconds until it is done; what it raises ends the job. Else never raises for
        anything the file holds: a child that crashes, hangs or hits a limit is an outcome with the refusal
        "undecodable". Raises KilledError if a child was killed, OSError if the system fails: no such file, a full disk.
        """
        ended = self._run(source.resolve(), order, bounds_for(order), into, meanwhile)
        if refusal := _refusal(ended):
            return Outcome(refusal=refusal, version=0)
        try:
            return wire.outcome_in(into)
        except wire.NONSENSE as error:
            logger.error("The sandboxed child told nonsense: %s", type(error).__name__)
            return Outcome(refusal=Finding("undecodable", "the decoder told nonsense"), version=0)

    def protections(self) -> dict[str, bool]:
        """Return for each protection whether it is in force here, found out by trying from inside."""
        with TemporaryDirectory() as folder:
            bounds = Bounds(cpu_seconds=10, wall_seconds=20)
            ended = self._run(None, None, bounds, Path(folder), lambda: None)
            if _refusal(ended):
                raise ChildProcessError(f"the sandbox could not be tried: {ended}")
            found: dict[str, bool] = json.loads((Path(folder) / wire.OUTCOME).read_text())
            return found

    def _run(
        self,
        source: Path | None,
        order: Order | None,
        bounds: Bounds,
        into: Path,
        meanwhile: Callable[[], None],
    ) -> Answer:
        job = {"bounds": asdict(bounds), "jobs_per_child": JOBS_PER_CHILD}
        job["order"] = wire.order_out(order) if order else None
        with self._lock:
            for _ in range(TRIES):
                try:
                    zygote, room = self._running()
                    if source:
                        room.take_in(source)
                    job |= {"source": str(room.source), "into": str(room.outbox)}
                    self.last = Answer(**_asked(zygote, job, bounds.wall_seconds + GRACE_SECONDS, meanwhile))
                    room.hand_out(into)
                    return self.last
                except ZygoteLostError as lost:
                    logger.warning("The sandbox lost its zygote: %s", lost)
                    self._end()
                except BaseException:
                    self._end()  # or its answer would be taken for the next one's
                    raise
        raise ChildProcessError("the sandbox could not be kept running")

    def _running(self) -> tuple[subprocess.Popen[bytes], Room]:
        if self._zygote and self._room and self._owner == os.getpid() and self._zygote.poll() is None:
            return self._zygote, self._room
        self._end()
        self._owner = os.getpid()
        self._room = Room()
        self._zygote = subprocess.Popen(
            walls.around(SERVER, self._room),
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        _line(self._zygote, START_SECONDS)
        return self._zygote, self._room

    def _end(self) -> None:
        zygote, self._zygote = self._zygote, None
        room, self._room = self._room, None
        for pipe in (zygote.stdin, zygote.stdout) if zygote else ():
            if pipe:
                pipe.close()
        if self._owner != os.getpid():
            return  # both are the parent's
        if zygote:
            zygote.send_signal(signal.SIGKILL)  # its child dies with it
            zygote.wait()
        if room:
            room.close()


def bounds_for(order: Order) -> Bounds:
    """Return what a job may use: a tenth of the time that its sound may last, and some more."""
    cpu = MORE_SECONDS + int(order.longest_seconds / 10)
    return Bounds(cpu_seconds=cpu, wall_seconds=WALL_TIMES * cpu)


def _asked(
    zygote: subprocess.Popen[bytes], job: dict[str, Any], seconds: float, meanwhile: Callable[[], None]
) -> dict[str, Any]:
    assert zygote.stdin
    try:
        zygote.stdin.write(json.dumps(job).encode() + b"\n")
        zygote.stdin.flush()
    except BrokenPipeError:
        raise ZygoteLostError("it ended") from None
    return _line(zygote, seconds, meanwhile)


def _line(
    zygote: subprocess.Popen[bytes], seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    assert zygote.stdout
    until = time.monotonic() + seconds
    while not select.select([zygote.stdout], [], [], TURN_SECONDS)[0]:
        if time.monotonic() > until:
            raise ZygoteLostError(f"silent for {seconds:g} s")
        meanwhile()
    line = zygote.stdout.readline()
    if not line:
        raise ZygoteLostError("it ended")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _refusal(ended: Answer) -> Finding | None:
    """Return why a child's end is the file's fault; raises OSError if the system's, KilledError if unknown."""
    if ended.fault or ended.code > 0:
        raise OSError(f"the sandboxed child could not work: {ended.fault or ended.code}")
    if not ended.in_time:
        return Finding("undecodable", "the decoder hung")
    if ended.code == -signal.SIGKILL:  # no limit of ours ends a child so
        raise KilledError("the sandboxed child was killed")
    if ended.code < 0:
        return Finding("undecodable", f"the decoder crashed with {signal.Signals(-ended.code).name}")
    return None
