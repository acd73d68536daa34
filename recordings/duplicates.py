"""Finds clips that sound like another one: the same take sent again through another codec, cut or level.

Looked at are the few clips where a copy would do harm: of the same prompt, by anyone, and the speaker's latest. So the
cost doesn't grow with the collection. A likeness is a signal for people, not a verdict.
"""

from itertools import chain

from recordings.audio.likeness import SAME, distance
from recordings.audio.order import Measure
from recordings.models import Clip, Recording

OF_PROMPT, OF_SPEAKER = 30, 50
WARNING = "near-duplicate"
VERSION = 1


def nearest(recording: Recording, fingerprint: bytes) -> Measure | None:
    """Return how unlike the most similar other clip is: 0 the same sound, about 0.5 another; None if there is none."""
    others = (
        Clip.objects.exclude(recording=recording)
        .order_by("-created_at")
        .values_list("fingerprint", flat=True)
    )
    of_prompt = others.filter(prompt=recording.prompt_id)[:OF_PROMPT]
    of_speaker = others.filter(speaker=recording.speaker_id)[:OF_SPEAKER]
    found = {bytes(fingerprint) for fingerprint in chain(of_prompt, of_speaker)}
    if not found:
        return None
    return Measure("nearest", min(distance(fingerprint, other) for other in found), "share", VERSION)


def is_duplicate(measure: Measure | None) -> bool:
    """Tell whether the most similar clip is the same sound."""
    return measure is not None and measure.value < SAME
