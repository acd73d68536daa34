"""The process that decodes: it loads everything once and forks caged children, which do the jobs.

It talks with its sandbox by lines of JSON, and ends with its sandbox: the pipe that jobs come from closes. A child does
one job after another up to a number that the sandbox decides: a fork for every job would cost a quarter of the whole
work, and a child that was taken over by what it decoded shall not live long. The outcome of a job is a file in the
job's folder, so that the largest outcome blocks nobody.
"""

import errno
import gc
import json
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from recordings.audio import cage, walls, wire
from recordings.audio.order import Finding, Order, Outcome

Process = Callable[[Path, Order, Path], Outcome]

JOBS, ANSWERS, ERRORS = 0, 1, 2  # file descriptors: standard input, output and error
GROUP = Path("/proc/self/autogroup")
FAULT = 70  # exit code of a child that could not work, through no fault of the file


@dataclass(frozen=True)
class Answer:
    """How a job ended, and what it used."""

    code: int = 0  # of the child's exit; minus the signal that ended it
    in_time: bool = True
    fault: str = ""  # of the system, not of the file: to be tried again
    cpu_seconds: float = 0.0
    memory_bytes: int = 0  # resident, at the most


def serve(process: Process) -> None:
    """Do jobs one after another until the sandbox is gone."""
    if not walls.are_around():  # there is no network behind them
        cage.leave_network()
    stand_back()
    gc.collect()
    gc.freeze()  # what is loaded stays shared with every child
    _write(ANSWERS, {"ready": os.getpid()})
    child: Child | None = None
    with os.fdopen(JOBS, "rb", closefd=False) as jobs:
        while line := jobs.readline():
            child = child or Child(process)
            _write(ANSWERS, asdict(child.do(line, json.loads(line))))
            if child.is_done:
                child = None


def stand_back() -> None:
    """Make this session as nice as its worker is.

    Where each session is a group of the scheduler, groups get equal shares of the processors however nice the
    processes in them are (sched(7), autogroup): decoders would take as much as the site.
    """
    for _ in range(10):
        try:
            GROUP.write_text(str(os.getpriority(os.PRIO_PROCESS, 0)))
        except BlockingIOError:  # the kernel lets ten a second do this
            time.sleep(0.1)
        except OSError:  # no such groups here
            return
        else:
            return


class Child:
    """A forked process in a cage, seen from outside."""

    def __init__(self, process: Process) -> None:
        jobs, self._jobs = os.pipe()
        self._answers, answers = os.pipe()
        self.is_done = False
        self._left = 0
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._jobs)
            os.close(self._answers)
            _live(process, jobs, answers)
        os.close(jobs)
        os.close(answers)
        self._watch = os.pidfd_open(self._pid)

    def do(self, line: bytes, job: dict[str, Any]) -> Answer:
        """Do a job and say how it ended."""
        self._left = (self._left or job["jobs_per_child"]) - 1
        os.write(self._jobs, line)
        ready, _, _ = select.select([self._watch, self._answers, JOBS], [], [], job["bounds"]["wall_seconds"])
        answer = _told(os.read(self._answers, select.PIPE_BUF)) if self._answers in ready else None
        if answer and self._left:
            return answer
        ended = self._end(in_time=bool(ready))
        return answer or ended

    def _end(self, *, in_time: bool) -> Answer:
        self.is_done = True
        os.kill(self._pid, signal.SIGKILL)  # changes nothing for one that died before
        for each in (self._jobs, self._answers, self._watch):
            os.close(each)
        _, status, used = os.wait4(self._pid, 0)
        cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
        return Answer(os.waitstatus_to_exitcode(status), in_time, "", cpu, memory)


def _told(line: bytes) -> Answer | None:
    """Return what a child says, if it is an answer: it may be anything by now."""
    try:
        return Answer(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _live(process: Process, jobs: int, answers: int) -> NoReturn:
    """In the child: close the cage with the first job, and do what comes until nothing comes."""
    code = FAULT
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for each in (JOBS, ANSWERS, ERRORS):  # decoders print, and only the zygote may answer the sandbox
            os.dup2(nothing, each)
        with os.fdopen(jobs, "rb") as lines:
            for number, line in enumerate(lines):
                job = json.loads(line)
                bounds = cage.Bounds(**job["bounds"])
                if number == 0:
                    cage.close(bounds)
                _write(answers, asdict(_do(job, bounds, process)))
        code = 0
    finally:
        os._exit(code)


def _do(job: dict[str, Any], bounds: cage.Bounds, process: Process) -> Answer:
    before = cage.allow_cpu(bounds)
    fault = ""
    try:
        into = Path(job["into"])
        text = _examine(Path(job["source"]), job["order"], into, process) if job["order"] else _protections()
        (into / wire.OUTCOME).write_text(text)
    except OSError as error:
        fault = f"{type(error).__name__}: {error.strerror}"
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Answer(0, True, fault, used.ru_utime + used.ru_stime - before, used.ru_maxrss * 1024)


def _examine(source: Path, order: dict[str, Any], into: Path, process: Process) -> str:
    try:
        return wire.outcome_out(process(source, wire.order_in(order), into))
    except Exception as error:  # memory that ran out, or a bug that this file found; the worker lives
        if isinstance(error, OSError) and error.errno != errno.EFBIG:
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        detail = f"{type(error).__name__} in {place.name}, line {place.lineno}"
        return wire.outcome_out(Outcome(refusal=Finding("undecodable", detail), version=0))


def _protections() -> str:
    return json.dumps(cage.in_force())


def _write(to: int, data: dict[str, Any]) -> None:
    os.write(to, json.dumps(data).encode() + b"\n")
