"""A new version takes over while takes are sent: no request fails, and no work is done twice."""

import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.chaos.monkey import descendants
from tests.chaos.senders import Senders
from tests.servers.instance import Instance

UPLOADS, TURNS = 60, 2
# As the image starts it: run as a module, gunicorn doesn't find itself again when it starts its successor
GUNICORN = [str(Path(sys.executable).with_name("gunicorn")), "-c", "python:voicecollect.gunicorn"]
UNSETTLED = "SELECT count(*) FROM recordings_recording WHERE state IN ('received', 'processing')"


def wait_until(ready):
    for _ in range(1200):
        if ready():
            return
        threading.Event().wait(0.1)
    raise TimeoutError


def starts(instance):
    return instance.web.log.read_text().count("VoiceCollect runs at")


def take_over(instance, master):
    """Start a new web server beside the old one, on the same port; end the old one once the new one serves."""
    before = starts(instance)
    children = set(descendants(master))
    os.kill(master, signal.SIGUSR2)
    wait_until(lambda: starts(instance) > before and successors(master, children))
    [new] = successors(master, children)
    os.kill(master, signal.SIGTERM)
    return new


def successors(master, before):
    """Return the servers that came since: unlike their workers, they have children."""
    return [pid for pid in descendants(master) if pid not in before and descendants(pid)]


@pytest.mark.slow
def test_web_and_workers_are_replaced_without_a_failed_request_or_lost_work(folder, servers):
    instance = Instance(folder / "instance", servers, workers=2, WEB_PROCESSES="2")
    instance.web.command = GUNICORN
    with instance:
        senders = Senders(instance.url, UPLOADS, a_second=4)
        senders.start()
        master = instance.web.pid
        for _ in range(TURNS):
            master = take_over(instance, master)
            instance.workers[0].stop(seconds=30)
            instance.workers[0].start()
        wait_until(lambda: senders.is_done)
        wait_until(lambda: instance.rows(UNSETTLED) == [(0,)])
        assert senders.faults == []
        rows = "SELECT state, attempts, count(*) FROM recordings_recording GROUP BY state, attempts"
        assert instance.rows(rows) == [("processed", 1, UPLOADS)]
        with suppress(ProcessLookupError):
            os.kill(master, signal.SIGTERM)
