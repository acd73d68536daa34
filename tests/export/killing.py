"""Kills builds at random moments until twenty died; run by `manage.py shell` in an instance that seed.py filled.

Prints what became of each release as a JSON line. The moments are in processor time, so that a busy machine kills
neither sooner nor later.
"""

import json
import os
import random
import signal
import sys
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connections

from export import packing, planning
from export.models import Archive, Document, Release, Slice, Voice

KILLS = 20
planning.SLICE_BYTES, packing.LEAST_BYTES, packing.LEASE = 20_000, 0, timedelta(0)
started = Path(os.environ["DATA_DIR"]) / "slices-started"
dice = random.Random(20)
write = packing._write


def _write(archive, chosen, *rest, **more):
    with started.open("a") as log:
        log.write(f"{chosen.number}\n")
    return write(archive, chosen, *rest, **more)


packing._write = _write


def _attempt(number, dies_after=None):
    """Run the command in a process that may die; return how it ended."""
    connections.close_all()
    child = os.fork()
    if not child:
        if dies_after:
            signal.setitimer(signal.ITIMER_VIRTUAL, dies_after)  # the signal ends it at once, as -9 does
        with Path(os.devnull).open("w") as nowhere:
            call_command("release", "br", f"--number={number}", "--cutoff=2026-04-01", stdout=nowhere)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _make(number, kills):
    """Make a release that dies again and again; return how often it did, and which slices were built twice."""
    died, rebuilt = 0, set()
    while True:
        built = set(Slice.objects.filter(state="built").values_list("number", flat=True))
        started.write_text("")
        ended = _attempt(number, dice.uniform(0.02, 0.5) if died < kills else None)
        rebuilt |= built & set(map(int, started.read_text().split()))
        assert ended in (0, -signal.SIGVTALRM), ended
        died += ended != 0
        if Release.objects.filter(state="published").exists():  # it may die after that, too
            return died, rebuilt


def _unbuild(number):
    storages["releases"].delete(Archive.objects.get().key)
    Archive.objects.all().delete()
    Document.objects.all().delete()
    Release.objects.filter(minor=number).update(state="frozen", published_at=None)
    Voice.objects.update(history="", profile=[])


kills = number = 0
while kills < KILLS:
    died, rebuilt = _make(f"1.{number}", KILLS - kills)
    kills += died
    with_kills = Archive.objects.get().sha256
    _unbuild(number)
    _make(f"1.{number}", 0)
    whole = Archive.objects.get()
    told = {"died": died, "rebuilt": sorted(rebuilt), "same": whole.sha256 == with_kills}
    sys.stdout.write(json.dumps(told | {"slices": whole.slices.count()}) + "\n")
    Release.objects.all().delete()
    number += 1
