"""Taking recordings back: at once out of sight and onto the withdrawal list, soon after out of every storage."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Speaker
from common.bell import ring
from prompts.models import Prompt
from recordings import erasing
from recordings.ids import clip_id_of, recording_id_of
from recordings.models import Clip, Reading, Recording, SessionLine, Withdrawal
from recordings.states import RecordingState
from recordings.tasks import erase_recording
from recordings.tracking import sitting_of, take_of

AT_ONCE = 100  # recordings that one transaction takes back


def withdraw_take(*, speaker: Speaker, take_id: UUID) -> None:
    """Take back one recording of the speaker's own; a second time changes nothing. Raises Refused for anyone else's."""
    if not Withdrawal.objects.filter(clip_id=clip_id_of(recording_id_of(speaker.pk, take_id), 0)).exists():
        take_back(take_of(speaker, take_id))


def withdraw_sitting(*, speaker: Speaker, take_id: UUID) -> int:
    """Take back all that the speaker recorded in the same sitting as one take; return how many recordings.

    Raises Refused if that take isn't the speaker's, or was taken back before.
    """
    return _withdraw_all(sitting_of(take_of(speaker, take_id)))


def withdraw_all(*, speaker: Speaker) -> int:
    """Take back everything that the speaker recorded, and erase what they read for others to hear.

    Return how many recordings. Cut off, call it again.
    """
    erasing.erase_readings(Reading.objects.filter(reader=speaker))
    return _withdraw_all(Recording.objects.filter(speaker=speaker))


def take_back(recording: Recording) -> bool:
    """Take back a recording, after a restore also one that stands on the list; tell whether it was there to take."""
    return bool(_withdraw_all(Recording.objects.filter(pk=recording.pk)))


def _withdraw_all(rows: models.QuerySet[Recording]) -> int:
    """Take back the recordings, some at a time, each time all or none of them; return how many."""
    count, ids = 0, list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        count += _withdraw_some(ids[start : start + AT_ONCE])
    return count


@transaction.atomic
def _withdraw_some(ids: Sequence[UUID]) -> int:
    rows = Recording.objects.filter(pk__in=ids).exclude(state=RecordingState.WITHDRAWN)
    recordings = list(rows.select_for_update(of=("self",)).select_related("language").order_by("pk"))
    _list(recordings)
    _count_back(recordings)
    for recording in recordings:
        # A worker that still holds it can't finish any more, but may be storing files: erase when its time is over.
        recording.move_to(RecordingState.WITHDRAWN, not_before=recording.lease_until or timezone.now())
        ring(erase_recording, recording_id=str(recording.pk))
    Clip.objects.filter(recording__in=recordings).delete()
    return len(recordings)


def _list(recordings: Sequence[Recording]) -> None:
    """Put the clips on the withdrawal list; a recording without any leaves the id that its first one would have had."""
    named = ("pk", "recording_id", "language__tag", "delivery_sha256", "master_sha256")
    clips = list(Clip.objects.filter(recording__in=recordings).values_list(*named))
    rows = [
        Withdrawal(clip_id=pk, locale=tag, delivery_sha256=delivery, master_sha256=master)
        for pk, _recording, tag, delivery, master in clips
    ]
    have = {recording for _pk, recording, *_rest in clips}
    rows += [
        Withdrawal(clip_id=clip_id_of(recording.pk, 0), locale=recording.language.tag)
        for recording in recordings
        if recording.pk not in have
    ]
    Withdrawal.objects.bulk_create(rows, ignore_conflicts=True)


def _count_back(recordings: Sequence[Recording]) -> None:
    """Take the recordings off their prompts' counts; a refused one was taken off already."""
    counted = {row.pk: {row.prompt_id} for row in recordings if row.state != RecordingState.REFUSED}
    lines = SessionLine.objects.filter(recording__in=counted).values_list("recording_id", "prompt_id")
    for recording, prompt in lines:
        counted[recording].add(prompt)
    times = Counter(prompt for prompts in counted.values() for prompt in prompts)
    for count in set(times.values()):
        prompts = Prompt.objects.filter(pk__in=[pk for pk, n in times.items() if n == count])
        prompts.filter(clips_count__gte=count).update(clips_count=models.F("clips_count") - count)
