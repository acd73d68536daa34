"""What became of a take: read by the speaker who sent it."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from common.errors import Refused
from recordings.models import Recording
from recordings.states import RecordingState


def recordings_of(speaker: Speaker) -> "QuerySet[Recording]":
    """Return the speaker's recordings, newest first, with their prompts, languages and clips."""
    rows = Recording.objects.filter(speaker=speaker).exclude(state=RecordingState.WITHDRAWN)
    rows = rows.select_related("prompt", "language")
    return rows.prefetch_related("clips").order_by("-received_at")


def take_of(speaker: Speaker, take_id: UUID) -> Recording:
    """Return the recording of the speaker's own take. Raises Refused (404) for anyone else's as for none."""
    found = recordings_of(speaker).filter(take_id=take_id).first()
    if found is None:
        raise Refused(_("There is no such recording of yours."), code="unknown-take", status=404)
    return found
