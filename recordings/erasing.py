"""Deleting what was withdrawn: every object, then the row. Cut off anywhere, it is done again from the row."""

from collections.abc import Iterable
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import aloud
from accounts.models import ConsentText
from prompts.models import Prompt
from recordings import keys
from recordings.audio.order import VERSION
from recordings.ids import clip_id_of
from recordings.models import Reading, Recording
from recordings.states import RecordingState


def due(count: int) -> list[UUID]:
    """Return the ids of withdrawn recordings that no worker can still be storing files of."""
    rows = Recording.objects.filter(state=RecordingState.WITHDRAWN, not_before__lte=timezone.now())
    return list(rows.order_by("not_before").values_list("pk", flat=True)[:count])


def erase(recording_id: UUID) -> bool:
    """Delete a withdrawn recording from storage and database; tell whether there was anything to do."""
    rows = Recording.objects.filter(state=RecordingState.WITHDRAWN, not_before__lte=timezone.now())
    recording = rows.filter(pk=recording_id).first()
    if recording is None:
        return False
    erase_clips(recording)
    storages["private"].delete(recording.original_key)
    recording.delete()
    return True


def erase_clips(recording: Recording) -> None:
    """Delete the files of all clips that any version of the pipeline made or may have made of a recording."""
    for clip_id in clip_ids_of(recording):
        for version in range(VERSION + 1):
            storages["private"].delete(keys.master(clip_id, version))
            storages["private"].delete(keys.delivery(clip_id, version))


def clip_ids_of(recording: Recording) -> list[UUID]:
    """Return the ids of all clips that a recording had or may have had."""
    made = [len(clips) for clips in recording.derivations.values_list("clips", flat=True)]
    return [clip_id_of(recording.pk, position) for position in range(max([1, *made]))]


@transaction.atomic
def erase_readings(rows: QuerySet[Reading]) -> int:
    """Erase texts read aloud, which nobody hears any more; return how many.

    What a crash between row and object leaves in the storage is an orphan, which fsck deletes.
    """
    ids = list(rows.values_list("pk", flat=True))
    if ids:
        Prompt.objects.filter(readings__in=ids, spoken__in=ids).update(spoken=None)
        ConsentText.objects.filter(readings__in=ids, spoken__in=ids).update(spoken=None)
        Reading.objects.filter(pk__in=ids).delete()
        transaction.on_commit(lambda: delete_sounds(ids))
    return len(ids)


def delete_sounds(reading_ids: Iterable[UUID]) -> None:
    """Delete all files that readings have or may have had."""
    for reading_id in reading_ids:
        storages["private"].delete(aloud.upload_key(reading_id))
        storages["private"].delete(aloud.key(reading_id))
