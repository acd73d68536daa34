"""Working on one recording: claim the row, cut and measure in the sandbox, store, write what was found.

Any step may be cut off at any moment and done again: keys and ids of clips follow from the recording, and the last step
writes only while this worker still holds the row.
"""

import hashlib
import logging
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import storages
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from prompts.models import Prompt
from recordings import keys
from recordings.audio.order import Cut, CutClip, Limits, Order, Outcome
from recordings.audio.sandbox import Sandbox
from recordings.models import Clip, Recording, Signal, StaleTransition
from recordings.states import RecordingState

log = logging.getLogger(__name__)

OUTSIDE_FAULTS = (OSError, BotoCoreError, ClientError)  # of storage: not the recording's fault
RETRY_AFTER = timedelta(seconds=5)


@cache
def sandbox() -> Sandbox:
    """Return this process's sandbox."""
    return Sandbox()


def process(recording_id: uuid.UUID) -> bool:
    """Process one recording; twice, late, or beside another worker does no harm. Tell whether there was work to do."""
    recording = Recording.objects.claim(recording_id)
    if recording is None:
        return False
    try:
        with tempfile.TemporaryDirectory(prefix="recording-") as folder:
            _work(recording, Path(folder))
    except OUTSIDE_FAULTS as fault:
        _put_back(recording, fault)
    except StaleTransition as late:
        log.warning("nothing written: %s", late)
    return True


def _work(recording: Recording, folder: Path) -> None:
    source = folder / "original"
    with storages["private"].open(recording.original_key) as stored, source.open("wb") as file:
        shutil.copyfileobj(stored, file)
    outcome = sandbox().examine(source, order_for(recording), folder)
    _finish(
        recording,
        outcome,
        [_store(recording, position, cut) for position, cut in enumerate(_usable(outcome))],
    )


def order_for(recording: Recording) -> Order:
    """Return what the pipeline is to do with the recording, with its language's own limits."""
    limits = Limits().with_overrides(recording.language.audio_limits)
    return Order(cut=Cut.WHOLE, limits=limits, text=recording.prompt.text)


def _usable(outcome: Outcome) -> list[CutClip]:
    return [cut for cut in outcome.clips if cut.refusal is None]


@dataclass(frozen=True)
class _Stored:
    """A clip whose objects are durable, and its row to be."""

    clip: Clip
    cut: CutClip


def _store(recording: Recording, position: int, cut: CutClip) -> _Stored:
    clip_id = uuid.uuid5(recording.pk, str(position))
    master_sha256, master_size = _save(keys.master(clip_id), cut.master)
    delivery_sha256, delivery_size = _save(keys.delivery(clip_id), cut.delivery)
    row = Clip(
        id=clip_id, recording=recording, position=position, speaker_id=recording.speaker_id,
        language_id=recording.language_id, prompt_id=recording.prompt_id, start=cut.start, end=cut.end,
        duration_ms=cut.duration_ms, pcm_sha256=cut.pcm_sha256, fingerprint=cut.fingerprint,
        warnings=list(cut.warnings), master_sha256=master_sha256, master_size=master_size,
        delivery_sha256=delivery_sha256, delivery_size=delivery_size,
    )  # fmt: skip
    return _Stored(row, cut)


def _save(key: str, path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        storages["private"].save(key, File(file))
    return digest, path.stat().st_size


def _finish(recording: Recording, outcome: Outcome, stored: list[_Stored]) -> None:
    refusal = _refusal(outcome)
    if not refusal and not stored:
        refusal = "no-speech"
    if refusal:
        _refuse(recording, outcome, refusal)
        return
    try:
        _open_to_votes(recording, outcome, stored)
    except IntegrityError:  # the constraint recording_sound_once: these samples are in the collection already
        _refuse(recording, outcome, "duplicate")


def _refusal(outcome: Outcome) -> str:
    """Return the code of why nothing of the recording can be used, or ""."""
    if outcome.refusal:
        log.info("refused code=%s detail=%s", outcome.refusal.code, outcome.refusal.detail)
        return outcome.refusal.code
    refused = [cut.refusal.code for cut in outcome.clips if cut.refusal]
    return refused[0] if refused and len(refused) == len(outcome.clips) else ""


@transaction.atomic
def _open_to_votes(recording: Recording, outcome: Outcome, stored: list[_Stored]) -> None:
    recording.move_to(RecordingState.PROCESSED, **_found(outcome))
    Clip.objects.bulk_create([each.clip for each in stored])
    Signal.objects.bulk_create(
        Signal(
            clip=each.clip, name=measure.name, value=measure.value, unit=measure.unit, version=measure.version
        )
        for each in stored
        for measure in each.cut.measures
    )


@transaction.atomic
def _refuse(recording: Recording, outcome: Outcome, code: str) -> None:
    recording.move_to(RecordingState.REFUSED, refusal=code, **_found(outcome))
    Prompt.objects.filter(pk=recording.prompt_id, clips_count__gt=0).update(
        clips_count=models.F("clips_count") - 1
    )


def _found(outcome: Outcome) -> dict[str, object]:
    return {
        "warnings": list(outcome.warnings),
        "container": outcome.container,
        "codec": outcome.codec,
        "sample_rate": outcome.sample_rate or None,
        "frames": outcome.frames or None,
        "pcm_sha256": outcome.pcm_sha256,
        "pipeline_version": outcome.version,
    }


def _put_back(recording: Recording, fault: Exception) -> None:
    """Let the job wait a little. An attempt that the storage spoilt doesn't count, unless the original is gone."""
    log.warning("put back recording=%s fault=%s", recording.pk, type(fault).__name__)
    counted = recording.attempts - (0 if isinstance(fault, FileNotFoundError) else 1)
    try:
        recording.move_to(RecordingState.RECEIVED, attempts=counted, not_before=timezone.now() + RETRY_AFTER)
    except StaleTransition as late:
        log.warning("nothing written: %s", late)
