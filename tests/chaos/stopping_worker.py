"""An embedded worker with short leases that stops itself (SIGSTOP) in the middle of a job, again and again.

`python stopping_worker.py SEED`: a seed chooses the moments; "never" makes it a worker that only works.
"""

import os
import random
import signal
import sys

import django

django.setup()

from datetime import timedelta  # noqa: E402

from django.core.management import call_command  # noqa: E402

from recordings import deriving, models, processing  # noqa: E402
from recordings.management.commands import work  # noqa: E402

models.LEASES = dict.fromkeys(models.LEASES, timedelta(seconds=1))
work.IDLE_SECONDS = 0.05


def stopping_before(call, moment):
    def stopped(*args, **kwargs):
        if moments[-1] == moment:
            moments.append("")
            os.kill(os.getpid(), signal.SIGSTOP)
        return call(*args, **kwargs)

    return stopped


def choosing(call):
    def chosen(recording, folder):
        is_first = recording.attempts == 1  # whoever takes over goes through
        moments.append(chance.choice(["fetch", "store", "record"]) if is_first else "")
        return call(recording, folder)

    return chosen


moments = [""]
if sys.argv[1] != "never":
    chance = random.Random(int(sys.argv[1]))
    processing._fetch = stopping_before(processing._fetch, "fetch")
    processing._store = stopping_before(processing._store, "store")
    deriving.record = stopping_before(deriving.record, "record")
    processing._work = choosing(processing._work)
call_command("work")
