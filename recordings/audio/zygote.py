"""The process that decodes: it loads everything once and forks one caged child for each job.

It talks with its sandbox by lines of JSON, answers a job once its child ended, and ends with its sandbox: the pipe that
jobs come from closes. The child's outcome is a file in the job's folder, so that the largest outcome blocks nobody.
"""

import errno
import gc
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from recordings.audio import cage, wire
from recordings.audio.order import Finding, Order, Outcome

Process = Callable[[Path, Order, Path], Outcome]

OUTCOME = "outcome.json"
JOBS, ANSWERS = 0, 1  # file descriptors: standard input and output
FAULT = 70  # exit code of a child that could not work, through no fault of the file


def serve(process: Process) -> None:
    """Do jobs one after another until the sandbox is gone."""
    cage.leave_network()
    gc.freeze()  # what is loaded stays shared with every child
    _answer({"ready": os.getpid()})
    with os.fdopen(JOBS, closefd=False) as jobs:
        while line := jobs.readline():
            _answer(_run(json.loads(line), process))


def _run(job: dict[str, Any], process: Process) -> dict[str, Any]:
    child = os.fork()
    if child == 0:
        _do(job, process)
    watch = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([watch, JOBS], [], [], job["bounds"]["wall_seconds"])
        if watch not in ended:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(watch)
    status = os.waitpid(child, 0)[1]
    return {"in_time": watch in ended, "code": os.waitstatus_to_exitcode(status)}


def _do(job: dict[str, Any], process: Process) -> NoReturn:
    """In the child: close the cage, do the job, and leave."""
    code = FAULT
    try:
        into = Path(job["into"])
        _let_go()
        cage.close(cage.Bounds(**job["bounds"]))
        text = _examine(Path(job["source"]), job["order"], into, process) if job["order"] else _protections()
        (into / OUTCOME).write_text(text)
        code = 0
    except OSError as error:
        sys.stderr.write(f"{type(error).__name__}: {error.strerror}\n")
    finally:
        os._exit(code)


def _let_go() -> None:
    """Decoders print to these, and nobody but the zygote may answer."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, JOBS)
    os.dup2(nothing, ANSWERS)
    os.close(nothing)


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


def _answer(data: dict[str, Any]) -> None:
    os.write(ANSWERS, json.dumps(data).encode() + b"\n")
