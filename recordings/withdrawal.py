"""Taking recordings back: at once out of sight and onto the withdrawal list, soon after out of every storage."""

from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Speaker
from common.bell import ring
from prompts.models import Prompt
from recordings.ids import clip_id_of, recording_id_of
from recordings.models import Clip, Recording, StaleTransition, Withdrawal
from recordings.states import RecordingState
from recordings.tasks import erase_recording
from recordings.tracking import take_of


def withdraw_take(*, speaker: Speaker, take_id: UUID) -> None:
    """Take back one recording of the speaker's own; a second time changes nothing. Raises Refused for anyone else's."""
    if not Withdrawal.objects.filter(clip_id=clip_id_of(recording_id_of(speaker.pk, take_id), 0)).exists():
        _withdraw(take_of(speaker, take_id))


def withdraw_all(*, speaker: Speaker) -> int:
    """Take back everything that the speaker recorded; return how many recordings. Cut off, call it again."""
    rows = Recording.objects.filter(speaker=speaker).exclude(state=RecordingState.WITHDRAWN)
    return sum(1 for recording in rows.select_related("language").iterator() if _withdraw(recording))


def take_back(recording: Recording) -> bool:
    """Take back a recording that stands on the withdrawal list, after a restore; tell whether it was there to take."""
    return _withdraw(recording)


def _withdraw(recording: Recording) -> bool:
    """Tell whether it was taken back; a worker that moved it at the same moment is waited for by trying again."""
    while recording.state != RecordingState.WITHDRAWN:
        try:
            _withdraw_once(recording)
        except StaleTransition:
            recording.refresh_from_db()
        else:
            return True
    return False


@transaction.atomic
def _withdraw_once(recording: Recording) -> None:
    held_until, was_refused = (
        recording.lease_until or timezone.now(),
        recording.state == RecordingState.REFUSED,
    )
    # A worker that still holds it can't finish any more, but may be storing files: erase when its time is over.
    recording.move_to(RecordingState.WITHDRAWN, not_before=held_until)
    clips = list(recording.clips.all())
    _list(recording, clips)
    if not was_refused:  # a refused one was taken off its prompts' counts already
        read = {recording.prompt_id, *recording.lines.values_list("prompt_id", flat=True)}
        counted = Prompt.objects.filter(pk__in=read, clips_count__gt=0)
        counted.update(clips_count=models.F("clips_count") - 1)
    recording.clips.all().delete()
    ring(erase_recording, recording_id=str(recording.pk))


def _list(recording: Recording, clips: list[Clip]) -> None:
    """Put the clips on the withdrawal list; a recording without any leaves the id that its first one would have had."""
    rows = [
        Withdrawal(
            clip_id=clip.pk, locale=recording.language.tag, delivery_sha256=clip.delivery_sha256,
            master_sha256=clip.master_sha256,
        )
        for clip in clips
    ] or [Withdrawal(clip_id=clip_id_of(recording.pk, 0), locale=recording.language.tag)]  # fmt: skip
    Withdrawal.objects.bulk_create(rows, ignore_conflicts=True)
