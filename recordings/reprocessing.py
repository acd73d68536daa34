"""Deriving recordings again, after a better measure or codec: their rows become due, behind whatever is new."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from common.bell import ring
from languages.models import Language
from recordings.audio.order import VERSION
from recordings.models import Recording, StaleTransition
from recordings.states import RecordingState
from recordings.tasks import process_recording

BATCH = 1000


def processed(language: Language | None, *, outdated: bool) -> "QuerySet[Recording]":
    """Return processed recordings of one language or of all; with `outdated`, of earlier versions of the pipeline."""
    rows = Recording.objects.filter(state=RecordingState.PROCESSED)
    rows = rows.filter(language=language) if language else rows
    return rows.filter(pipeline_version__lt=VERSION) if outdated else rows


def queue_again(recordings: "QuerySet[Recording]") -> Iterator[Recording]:
    """Make each recording due again and yield it. Cut off, the same call goes on with those that are left."""
    for recording in recordings.order_by("pk").iterator(BATCH):
        try:
            recording.move_to(RecordingState.RECEIVED, again=True, attempts=0, not_before=timezone.now())
        except StaleTransition:  # withdrawn or taken up meanwhile
            continue
        ring(process_recording, recording_id=str(recording.pk))
        yield recording
