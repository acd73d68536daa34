"""The embedded worker: processes recordings that are due, one at a time, erases those withdrawn, then does the rest."""

import random
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from common.bell import SWEEP_SECONDS
from common.models import Heartbeat
from recordings import agreement, erasing, processing
from recordings.models import Recording

IDLE_SECONDS = 0.5
SEVERAL = 8  # workers pick at random among the oldest few, so that they seldom want the same one


class Command(BaseCommand):
    help = "Processes recordings until it is told to stop. Start as many as there are cores."
    stopping = False

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        with processing.sandbox():  # started now, so that the log says first what protects this machine
            beaten = 0.0
            while not self.stopping:
                if time.monotonic() - beaten > SWEEP_SECONDS:  # this loop is the sweep
                    Heartbeat.objects.beat("sweep")
                    beaten = time.monotonic()
                if not _process_one():
                    time.sleep(IDLE_SECONDS)

    def stop(self, *_signal: object) -> None:
        """Finish the recording at hand, then end."""
        self.stopping = True


def _process_one() -> bool:
    candidates = Recording.objects.next_due(SEVERAL)
    if not candidates:
        if agreement.let_agreed_go_on():
            return True
        return _erase_one() or any(import_string(name)() for name in settings.EMBEDDED_WORK)
    Recording.objects.set_aside_hopeless()
    return processing.process(random.choice(candidates))  # noqa: S311 -- no secret


def _erase_one() -> bool:
    return any(erasing.erase(recording_id) for recording_id in erasing.due(SEVERAL))
