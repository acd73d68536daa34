"""Letting recordings that were set aside go on."""

from django.utils.translation import gettext_lazy as _

from accounts import consent
from common.bell import ring
from common.errors import Refused
from recordings.models import Recording
from recordings.states import RecordingState
from recordings.tasks import process_recording


def try_again(recording: Recording) -> None:
    """Make a recording that was set aside due again. Raises Refused while its speaker hasn't agreed to anything."""
    agreed = consent.newest(recording.speaker)
    if agreed is None or not agreed.collect:
        raise Refused(_("Its speaker has not agreed to being recorded."), code="consent-needed")
    recording.move_to(RecordingState.RECEIVED, consent=agreed, attempts=0, refusal="")
    ring(process_recording, recording_id=str(recording.pk))
