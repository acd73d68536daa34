"""Workers that are stopped beyond their lease and go on later: another one did the work, and theirs has no effect."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.chaos.senders import Senders
from tests.servers.instance import ROOT, Instance
from tests.servers.process import Process

SCRIPT = Path(__file__).with_name("stopping_worker.py")
STOPPERS, TAKES = 5, 50  # each take is worked on by one that is stopped, then by another
LEASE = 1.0  # seconds that are left of it, as the script sets it
GIVE_UP_AFTER = 300
STATES = "SELECT state, count(*) FROM recordings_recording GROUP BY state"
OVERDUE = (
    "SELECT count(*) FROM recordings_recording WHERE state = 'processing' AND lease_until < datetime('now')"
)


def worker(instance, name, argument):
    env = instance.env | {"DJANGO_SETTINGS_MODULE": "voicecollect.settings", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, SCRIPT, argument]
    return Process(command, log=instance.folder / f"{name}.log", env=env, cwd=ROOT)


def is_stopped(process):
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def late_writes(stoppers):
    """Return how often a worker found that its work is no longer its own."""
    return sum(each.log.read_text().count("nothing written") for each in stoppers)


@pytest.mark.slow
def test_fifty_workers_stopped_beyond_their_lease_have_no_effect(folder):
    with Instance(folder / "instance", workers=0) as instance:
        stoppers = [worker(instance, f"stopper-{n}", str(n)) for n in range(STOPPERS)]
        other = worker(instance, "other", "never")
        for process in [*stoppers, other]:
            process.start()
        try:
            stops = take_turns(instance, stoppers)
        finally:
            for process in [*stoppers, other]:
                process.stop()
        assert stops == late_writes(stoppers) == TAKES
        assert instance.rows(STATES) == [("processed", TAKES)]
        for table in ("clip", "derivation"):
            counts = f"SELECT count(*), count(DISTINCT recording_id) FROM recordings_{table}"
            assert instance.rows(counts) == [(TAKES, TAKES)]
        assert '"damages": 0' in instance.manage("fsck", "--full", "--grace", "0").stdout


def take_turns(instance, stoppers):
    """Let workers that stopped themselves go on once another one did their work; return how often that was."""
    senders = Senders(instance.url, TAKES, a_second=3)
    senders.start()
    stops, since = 0, {}
    until = time.monotonic() + GIVE_UP_AFTER
    while not (senders.is_done and stops == TAKES and instance.rows(STATES) == [("processed", TAKES)]):
        assert time.monotonic() < until, instance.rows(STATES)
        for each in filter(is_stopped, stoppers):
            since.setdefault(each, time.monotonic())
        for each in [each for each, moment in since.items() if time.monotonic() - moment > 2 * LEASE]:
            if instance.rows(OVERDUE) == [(0,)]:
                os.kill(each.pid, signal.SIGCONT)
                del since[each]
                stops += 1
        threading.Event().wait(0.05)
    while late_writes(stoppers) < stops and time.monotonic() < until:
        threading.Event().wait(0.1)
    return stops
