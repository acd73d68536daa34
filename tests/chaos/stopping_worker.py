"""An embedded worker that stops itself (SIGSTOP) in the middle of each job, with a second left of its lease.

`python stopping_worker.py SEED`: a seed chooses the moments; it takes up only what is new. With "never" it is a worker
that stops nowhere, and takes up what others began. Until it stops, its lease is as long as always: on a busy machine a
short one would run out before.
"""

import os
import random
import signal
import sys
from unittest import mock

import django

django.setup()

from datetime import timedelta  # noqa: E402

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from recordings import deriving, models, processing  # noqa: E402
from recordings.management.commands import work  # noqa: E402

work.IDLE_SECONDS = 0.05


def stopping_before(call, moment):
    def stopped(recording, *args):
        if moments[-1] == moment:
            moments.append("")
            hold_briefly(recording)
            os.kill(os.getpid(), signal.SIGSTOP)
        return call(recording, *args)

    return stopped


def hold_briefly(recording):
    with mock.patch.dict(models.LEASES, dict.fromkeys(models.LEASES, timedelta(seconds=1))):
        recording.hold()


def choosing(call):
    def chosen(*args):
        moments.append(chance.choice(["fetch", "store", "record"]))
        return call(*args)

    return chosen


def due(self, count):
    begun = {"attempts__gt": 0} if stops_nowhere else {"attempts": 0}
    rows = self.due(timezone.now()).filter(**begun)
    return list(rows.values_list("pk", flat=True)[:count])


stops_nowhere = sys.argv[1] == "never"
models.RecordingQuerySet.next_due = due
moments = [""]
if not stops_nowhere:
    chance = random.Random(int(sys.argv[1]))
    processing._fetch = stopping_before(processing._fetch, "fetch")
    processing._store = stopping_before(processing._store, "store")
    deriving.record = stopping_before(deriving.record, "record")
    processing._work = choosing(processing._work)
call_command("work")
