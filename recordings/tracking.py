"""What became of a take: read by the speaker who sent it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from common.errors import Refused
from recordings.models import Recording
from recordings.states import ClipState, RecordingState

WHICH: dict[str, Q] = {
    "approved": Q(clips__state=ClipState.VALID),
    "waiting": Q(clips__state__in=[ClipState.OPEN, ClipState.UNTRANSCRIBED]),
    "otherwise": Q(clips__state__in=[ClipState.INVALID, ClipState.HIDDEN]),
    "refused": Q(state=RecordingState.REFUSED),
    "processing": Q(
        state__in=[RecordingState.RECEIVED, RecordingState.PROCESSING, RecordingState.QUARANTINED]
    ),
}
PAUSE = timedelta(minutes=30)  # after so long without a recording, another sitting begins


def recordings_of(speaker: Speaker) -> "QuerySet[Recording]":
    """Return the speaker's recordings, newest first, with their prompts, languages and clips."""
    rows = Recording.objects.filter(speaker=speaker).exclude(state=RecordingState.WITHDRAWN)
    rows = rows.select_related("prompt", "language")
    return rows.prefetch_related("clips").order_by("-received_at")


def those(rows: "QuerySet[Recording]", which: str) -> "QuerySet[Recording]":
    """Return those of the recordings that became what is asked for; all of them for anything unknown."""
    if which not in WHICH:
        return rows
    return rows.filter(Exists(Recording.objects.filter(WHICH[which], pk=OuterRef("pk"))))


def take_of(speaker: Speaker, take_id: UUID) -> Recording:
    """Return the recording of the speaker's own take. Raises Refused (404) for anyone else's as for none."""
    found = recordings_of(speaker).filter(take_id=take_id).first()
    if found is None:
        raise Refused(_("There is no such recording of yours."), code="unknown-take", status=404)
    return found


def sitting_of(recording: Recording) -> "QuerySet[Recording]":
    """Return all recordings of the same sitting: sent one after the other without a long pause."""
    rows = Recording.objects.filter(speaker=recording.speaker_id).exclude(state=RecordingState.WITHDRAWN)
    earlier = _after_a_pause(rows.filter(received_at__lte=recording.received_at)).last()
    later = _after_a_pause(rows.filter(received_at__gte=recording.received_at)).first()
    sitting = rows.filter(received_at__gte=earlier) if earlier else rows
    return sitting.filter(received_at__lt=later) if later else sitting


def _after_a_pause(rows: "QuerySet[Recording]") -> "QuerySet[Recording, datetime]":
    """Return when those of the recordings were received that came long after the one before, in order."""
    before = Window(Lag("received_at"), order_by=F("received_at").asc())
    begun = rows.annotate(before=before).filter(received_at__gt=F("before") + PAUSE)
    return begun.order_by("received_at").values_list("received_at", flat=True)
