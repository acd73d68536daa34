"""Celery's way to the work: the bell for one recording, and the sweep that rings for all that are late."""

import uuid

from celery import current_app, shared_task

from common.bell import SWEEP_SECONDS, unheard
from common.models import Heartbeat
from recordings import agreement, erasing, processing, rendering
from recordings.models import Recording

SWEEP_AT_MOST = 1000
READINGS_AT_MOST = 20


@shared_task(name="recordings.process_recording")
def process_recording(*, recording_id: str) -> None:
    """Process one recording; running it twice, or late, does nothing."""
    processing.process(uuid.UUID(recording_id))


@shared_task(name="recordings.render_reading")
def render_reading(*, reading_id: str) -> None:
    """Make the MP3 of a text read aloud; running it twice, or late, does nothing."""
    rendering.process(uuid.UUID(reading_id))


@shared_task(name="recordings.erase_recording")
def erase_recording(*, recording_id: str) -> None:
    """Delete a withdrawn recording everywhere; running it twice, or late, does nothing."""
    erasing.erase(uuid.UUID(recording_id))


@shared_task(name="recordings.sweep")
def sweep() -> None:
    """Quarantine what failed too often, let go on what waited for agreement, and ring again for what is late."""
    for recording_id in erasing.due(SWEEP_AT_MOST):
        erase_recording.delay(recording_id=str(recording_id))
    rendering.set_aside_hopeless()
    for reading_id in rendering.due().values_list("pk", flat=True)[:READINGS_AT_MOST]:
        render_reading.apply_async(kwargs={"reading_id": str(reading_id)}, expires=SWEEP_SECONDS)
    agreement.let_agreed_go_on()
    Recording.objects.set_aside_hopeless()
    # Rung again while the first bell still waits, work would double: as many bells as are missing
    missing = SWEEP_AT_MOST - unheard(current_app, "audio")
    for recording_id in Recording.objects.next_due(max(0, missing)):
        process_recording.delay(recording_id=str(recording_id))
    Heartbeat.objects.beat("sweep")
