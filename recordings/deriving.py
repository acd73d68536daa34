"""Recording what the pipeline found in a recording: its clips, their signals, and why it is refused if it is.

A recording may be derived again by a later version of the pipeline. Then its clips get new files and signals, but what
people may have judged already is not taken back by a machine.
"""

import logging
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, models, transaction

from prompts.models import Prompt
from recordings import duplicates
from recordings.audio.order import Cut, CutClip, Measure, Outcome
from recordings.models import Clip, Derivation, Recording, Signal
from recordings.states import ClipState, RecordingState

log = logging.getLogger(__name__)

DUPLICATE, NO_SPEECH, OTHER_CUTS = "duplicate", "no-speech", "other-cuts"
DERIVED = [
    "start", "end", "duration_ms", "pcm_sha256", "fingerprint", "warnings", "pipeline_version",
    "master_sha256", "master_size", "delivery_sha256", "delivery_size",
]  # fmt: skip


@dataclass
class Stored:
    """A clip whose objects are durable: its id, what was cut, and the hash (SHA-256) and size (bytes) of its files."""

    id: UUID
    cut: CutClip
    master_sha256: str
    master_size: int
    delivery_sha256: str
    delivery_size: int
    measures: list[Measure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def record(recording: Recording, outcome: Outcome, clips: list[Stored]) -> None:
    """Write down what was found. Raises StaleTransition, and writes nothing, if the worker lost its hold."""
    for clip in clips:
        _compare(recording, clip)
    refusal = _refusal(outcome, clips)
    if recording.again and (refusal or not _fits_judged(recording, clips)):
        _keep_as_it_was(recording, outcome, refusal or OTHER_CUTS)
    elif refusal:
        _refuse(recording, outcome, refusal)
    else:
        _accept(recording, outcome, clips)


def _compare(recording: Recording, clip: Stored) -> None:
    """Add to the clip's measures and warnings how like another clip it is."""
    nearest = duplicates.nearest(recording, clip.cut.fingerprint)
    clip.measures = [*clip.cut.measures, *([nearest] if nearest else [])]
    clip.warnings = [*clip.cut.warnings, *([duplicates.WARNING] if duplicates.is_duplicate(nearest) else [])]


def _refusal(outcome: Outcome, clips: list[Stored]) -> str:
    """Return the code of why nothing of the recording can be used, or ""."""
    if outcome.refusal:
        log.info("refused code=%s detail=%s", outcome.refusal.code, outcome.refusal.detail)
        return outcome.refusal.code
    if clips:
        return ""
    return next((cut.refusal.code for cut in outcome.clips if cut.refusal), NO_SPEECH)


def _accept(recording: Recording, outcome: Outcome, clips: list[Stored]) -> None:
    try:
        _open_to_votes(recording, outcome, clips)
    except IntegrityError:  # the constraint recording_sound_once: these samples are in the collection already
        _refuse(recording, outcome, DUPLICATE)


@transaction.atomic
def _open_to_votes(recording: Recording, outcome: Outcome, clips: list[Stored]) -> None:
    recording.move_to(RecordingState.PROCESSED, again=False, refusal="", **_found(outcome))
    ids = [clip.id for clip in clips]
    recording.clips.exclude(pk__in=ids).delete()  # only those that nobody judged: see _fits_judged
    rows = [
        _row(recording, outcome, *numbered)
        for numbered in zip(clips, _readings(recording, clips), strict=True)
    ]
    Clip.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=DERIVED)
    Signal.objects.filter(clip__in=ids).delete()
    Signal.objects.bulk_create(
        Signal(clip_id=clip.id, name=each.name, value=each.value, unit=each.unit, version=each.version)
        for clip in clips
        for each in clip.measures
    )
    _note(recording, outcome, "", rows)


def _readings(recording: Recording, clips: list[Stored]) -> list[tuple[int, UUID, ClipState]]:
    """Return for each clip its position, its prompt, and whether it can be judged: only where its words are known.

    The clips of a session are the sentences of its list in their order, if there are as many.
    """
    if recording.cut == Cut.WHOLE:
        prompts = [recording.prompt_id] * len(clips)
    else:
        prompts = list(recording.lines.values_list("prompt_id", flat=True))
    if len(prompts) == len(clips):
        return [(position, prompt, ClipState.OPEN) for position, prompt in enumerate(prompts)]
    return [(position, recording.prompt_id, ClipState.UNTRANSCRIBED) for position in range(len(clips))]


def _row(recording: Recording, outcome: Outcome, clip: Stored, reading: tuple[int, UUID, ClipState]) -> Clip:
    position, prompt_id, state = reading
    return Clip(
        id=clip.id, recording=recording, position=position, speaker_id=recording.speaker_id,
        language_id=recording.language_id, prompt_id=prompt_id, state=state, start=clip.cut.start, end=clip.cut.end,
        duration_ms=clip.cut.duration_ms, pcm_sha256=clip.cut.pcm_sha256, fingerprint=clip.cut.fingerprint,
        warnings=clip.warnings, pipeline_version=outcome.version, master_sha256=clip.master_sha256,
        master_size=clip.master_size, delivery_sha256=clip.delivery_sha256, delivery_size=clip.delivery_size,
    )  # fmt: skip


def _fits_judged(recording: Recording, clips: list[Stored]) -> bool:
    """Tell whether the new clips may take the place of the old ones: they must be as many, if any was judged."""
    judged = recording.clips.filter(models.Q(yes_count__gt=0) | models.Q(no_count__gt=0)).exists()
    return not judged or recording.clips.count() == len(clips)


@transaction.atomic
def _keep_as_it_was(recording: Recording, outcome: Outcome, why: str) -> None:
    """Leave the earlier clips in place, and note that this version would have them otherwise."""
    recording.move_to(RecordingState.PROCESSED, again=False, pipeline_version=outcome.version)
    _note(recording, outcome, why, [])


@transaction.atomic
def _refuse(recording: Recording, outcome: Outcome, code: str) -> None:
    recording.move_to(RecordingState.REFUSED, again=False, refusal=code, **_found(outcome))
    read = {recording.prompt_id, *recording.lines.values_list("prompt_id", flat=True)}
    prompts = Prompt.objects.filter(pk__in=read, clips_count__gt=0)
    prompts.update(clips_count=models.F("clips_count") - 1)
    _note(recording, outcome, code, [])


def _note(recording: Recording, outcome: Outcome, refusal: str, clips: list[Clip]) -> None:
    named = ["start", "end", "master_sha256", "delivery_sha256"]
    made = [{"id": str(clip.pk)} | {name: getattr(clip, name) for name in named} for clip in clips]
    Derivation.objects.create(
        recording=recording, pipeline_version=outcome.version, refusal=refusal, clips=made
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
