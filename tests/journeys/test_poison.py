"""A file that kills each worker that touches it: three die of it, then it is set aside; the others never notice."""

import sqlite3
import sys
import threading
import time

import pytest

from recordings.models import MAX_ATTEMPTS
from tests import sound
from tests.journeys.devices import Device
from tests.servers.instance import ROOT, Instance
from tests.servers.process import Process

POISON = b"poison" * 100
SETTLED_WITHIN = 120
# A worker as it is, but for its short leases and for what kills it: no file is known that does
WORKER = f"""
import os, signal
from datetime import timedelta
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "voicecollect.settings"
django.setup()
from django.core.management import call_command
from recordings import models
from recordings.audio.sandbox import Sandbox

examine = Sandbox.examine

def examine_or_die(self, source, *rest, **named):
    if source.read_bytes() == {POISON!r}:
        os.kill(os.getpid(), signal.SIGKILL)
    return examine(self, source, *rest, **named)

Sandbox.examine = examine_or_die
models.LEASES = dict.fromkeys(models.LEASES, timedelta(seconds=2))
call_command("work")
"""


@pytest.mark.slow
def test_a_poison_file_stops_after_three_tries(folder):
    deaths = 0
    with Instance(folder / "instance", workers=0) as instance:
        device = Device(instance.url)
        sentences = device.sentences(6)
        good = [device.send(each, sound.flac(sound.speech(seconds=1.5))) for each in sentences[:2]]
        poison = device.send(sentences[2], POISON)
        good += [device.send(each, sound.flac(sound.speech(seconds=1.5))) for each in sentences[3:]]
        worker = Process(
            [sys.executable, "-c", WORKER], log=folder / "worker.log", env=instance.env, cwd=ROOT
        )
        with worker:
            until = time.monotonic() + SETTLED_WITHIN
            while {"received", "processing"} & {device.became(take)["state"] for take in [*good, poison]}:
                if not worker.alive:
                    deaths += 1
                    worker.start()
                assert time.monotonic() < until, worker.log.read_text()
                threading.Event().wait(0.2)
        assert deaths == MAX_ATTEMPTS
        assert {device.became(take)["state"] for take in good} == {"processed"}
        became = device.became(poison)
        assert (became["state"], became["reason"]["code"]) == ("quarantined", "failed")
        assert became["reason"]["words"]
        kept = [path for path in (instance.data / "objects").rglob("*") if path.is_file()]
        assert POISON in [path.read_bytes() for path in kept]
        rows = sqlite3.connect(instance.data / "voicecollect.sqlite3")
        worst = "SELECT max(attempts) FROM recordings_recording WHERE state = 'processed'"
        assert rows.execute(worst).fetchall() == [(1,)]
        rows.close()
