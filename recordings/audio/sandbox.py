"""Decodes what strangers send in a process that can do little else, and that may crash, hang or blow up."""

import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from recordings.audio import wire
from recordings.audio.cage import Bounds
from recordings.audio.order import Finding, Order, Outcome
from recordings.audio.zygote import Answer

ROOT = Path(__file__).parents[2]
SERVER = (sys.executable, "-m", "recordings.pipeline")
ENVIRONMENT = {  # and none of the worker's secrets
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
    "LC_ALL": "C.UTF-8",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # large pages: a fifth of a job would else go to page faults
    "PATH": os.defpath,  # pydub wants one
}
START_SECONDS = 60.0
GRACE_SECONDS = 10.0  # for the zygote to end a child of its own
JOBS_PER_CHILD = 20
WALL_TIMES = 3.0  # a busy machine gives no process all of its time
MORE_SECONDS = 10  # of processor time, beside what long sound needs
TRIES = 2

logger = logging.getLogger(__name__)


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
        self._owner = 0

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

    def examine(self, source: Path, order: Order, into: Path) -> Outcome:
        """Run the pipeline on a file in a limited child; clips are written to the folder `into`.

        Never raises for anything the file holds: a child that crashes, hangs or hits a limit is an outcome with the
        refusal "undecodable". Raises OSError if the system fails: no such file, a full disk, no processes.
        """
        ended = self._run(
            {"source": str(source.resolve()), "order": wire.order_out(order)}, bounds_for(order), into
        )
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
            ended = self._run(
                {"source": "", "order": None}, Bounds(cpu_seconds=10, wall_seconds=20), Path(folder)
            )
            if _refusal(ended):
                raise ChildProcessError(f"the sandbox could not be tried: {ended}")
            found: dict[str, bool] = json.loads((Path(folder) / wire.OUTCOME).read_text())
            return found

    def _run(self, job: dict[str, Any], bounds: Bounds, into: Path) -> Answer:
        job |= {"into": str(into.resolve()), "bounds": asdict(bounds), "jobs_per_child": JOBS_PER_CHILD}
        with self._lock:
            for _ in range(TRIES):
                try:
                    self.last = Answer(**self._ask(job, bounds.wall_seconds + GRACE_SECONDS))
                    return self.last
                except ZygoteLostError as lost:
                    logger.warning("The sandbox lost its zygote: %s", lost)
                    self._end()
        raise ChildProcessError("the sandbox could not be kept running")

    def _ask(self, job: dict[str, Any], seconds: float) -> dict[str, Any]:
        zygote = self._running()
        assert zygote.stdin
        try:
            zygote.stdin.write(json.dumps(job).encode() + b"\n")
            zygote.stdin.flush()
        except BrokenPipeError:
            raise ZygoteLostError("it ended") from None
        return _line(zygote, seconds)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._zygote and self._owner == os.getpid() and self._zygote.poll() is None:
            return self._zygote
        self._end()
        self._owner = os.getpid()
        self._zygote = subprocess.Popen(
            SERVER,
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        _line(self._zygote, START_SECONDS)
        return self._zygote

    def _end(self) -> None:
        zygote, self._zygote = self._zygote, None
        if not zygote:
            return
        for pipe in (zygote.stdin, zygote.stdout):
            if pipe:
                pipe.close()
        if self._owner == os.getpid():
            zygote.send_signal(signal.SIGKILL)  # its child dies with it
            zygote.wait()


def bounds_for(order: Order) -> Bounds:
    """Return what a job may use: a tenth of the time that its sound may last, and some more."""
    cpu = MORE_SECONDS + int(order.longest_seconds / 10)
    return Bounds(cpu_seconds=cpu, wall_seconds=WALL_TIMES * cpu)


def _line(zygote: subprocess.Popen[bytes], seconds: float) -> dict[str, Any]:
    assert zygote.stdout
    ready, _, _ = select.select([zygote.stdout], [], [], seconds)
    if not ready:
        raise ZygoteLostError(f"silent for {seconds:g} s")
    line = zygote.stdout.readline()
    if not line:
        raise ZygoteLostError("it ended")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _refusal(ended: Answer) -> Finding | None:
    """Return why a child's end is the file's fault; raises OSError if it is the system's."""
    if ended.fault or ended.code > 0:
        raise OSError(f"the sandboxed child could not work: {ended.fault or ended.code}")
    if not ended.in_time:
        return Finding("undecodable", "the decoder hung")
    if ended.code < 0:
        return Finding("undecodable", f"the decoder crashed with {signal.Signals(-ended.code).name}")
    return None
