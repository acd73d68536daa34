"""Mending what fsck found, where that can be done from what is left; each thing is looked at once more before."""

from collections.abc import Callable
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q

from operations import wanted
from operations.damage import Damage, Kind, prompt_counts, votes_apart
from prompts.models import Prompt
from recordings import reprocessing, withdrawal
from recordings.models import MAX_ATTEMPTS, Clip, Recording, StaleTransition
from recordings.states import RecordingState
from validation.deciding import decide


def mend(damage: Damage) -> bool:
    """Mend one thing; tell whether it could be done. What is only in a backup must come from there."""
    mends = MENDS.get(damage.kind)
    return mends is not None and mends(damage.subject)


def _delete_original(key: str) -> bool:
    recording_id = UUID(key.split("/")[2])
    if any(each.original_key == key for each in Recording.objects.filter(pk=recording_id)):
        return False
    storages["private"].delete(key)
    return True


def _delete_clip(key: str) -> bool:
    if Clip.objects.filter(pk=UUID(key.split("/")[2])).exists():
        return False
    storages["private"].delete(key)
    return True


def _delete_reading(key: str) -> bool:
    if any(each.key == key for each in wanted.readings(UUID(key.split("/")[2]).hex)):
        return False
    storages["private"].delete(key)
    return True


def _drop_leftover(key: str) -> bool:
    storages["private"].drop_leftover(key)  # type: ignore[attr-defined]
    return True


def _derive_clip_again(clip_id: str) -> bool:
    return _derive(Q(clips=UUID(clip_id)))


def _derive_again(recording_id: str) -> bool:
    return _derive(Q(pk=UUID(recording_id)))


def _derive(which: Q) -> bool:
    """Have a recording derived again from its original, if that is there."""
    recording = Recording.objects.filter(which).first()
    if recording is None or not storages["private"].exists(recording.original_key):
        return False
    if recording.state == RecordingState.RECEIVED:  # on account of its other file
        return True
    rows = Recording.objects.filter(pk=recording.pk, state=RecordingState.PROCESSED)
    return any(True for _ in reprocessing.queue_again(rows))


def _let_go(recording_id: str) -> bool:
    """Make a recording due again whose worker is long gone, or set it aside."""
    recording = Recording.objects.get(pk=UUID(recording_id))
    try:
        if recording.attempts < MAX_ATTEMPTS:
            recording.move_to(RecordingState.RECEIVED)
        else:
            recording.move_to(RecordingState.QUARANTINED, refusal="failed")
    except (StaleTransition, ValueError):  # somebody was faster
        return False
    return True


@transaction.atomic
def _count_votes(clip_id: str) -> bool:
    rows = Clip.objects.select_for_update(of=("self",)).select_related("language")
    clip = rows.filter(pk=UUID(clip_id)).first()
    if clip is None or not votes_apart(Q(pk=clip.pk)):
        return False
    decide(clip)
    return True


@transaction.atomic
def _count_prompt(prompt_id: str) -> bool:
    prompt = Prompt.objects.select_for_update().filter(pk=UUID(prompt_id)).first()
    if prompt is None:
        return False
    [clips_count] = prompt_counts(Q(pk=prompt.pk)).values()
    Prompt.objects.filter(pk=prompt.pk).update(clips_count=clips_count)
    return True


def _take_back(clip_id: str) -> bool:
    recording = Recording.objects.filter(clips=UUID(clip_id)).select_related("language").first()
    return recording is not None and withdrawal.take_back(recording)


MENDS: dict[Kind, Callable[[str], bool]] = {
    Kind.ORIGINAL_ORPHANED: _delete_original,
    Kind.CLIP_ORPHANED: _delete_clip,
    Kind.READING_ORPHANED: _delete_reading,
    Kind.LEFTOVER: _drop_leftover,
    Kind.MASTER_MISSING: _derive_clip_again,
    Kind.MASTER_DAMAGED: _derive_clip_again,
    Kind.DELIVERY_MISSING: _derive_clip_again,
    Kind.DELIVERY_DAMAGED: _derive_clip_again,
    Kind.CLIPLESS: _derive_again,
    Kind.LEASE_STUCK: _let_go,
    Kind.VOTES_APART: _count_votes,
    Kind.PROMPT_APART: _count_prompt,
    Kind.WITHDRAWN_KEPT: _take_back,
}
REMOVES = {Kind.ORIGINAL_ORPHANED, Kind.CLIP_ORPHANED, Kind.READING_ORPHANED}
