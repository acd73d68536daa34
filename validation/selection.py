"""Which clip next: open ones of others that this listener hasn't judged, those nearest to a decision first."""

import random

from django.db.models import Exists, OuterRef

from accounts.models import Speaker
from languages.models import Language
from recordings.models import SHUFFLE_RANGE, Clip, ClipQuerySet
from validation.models import ClipSkip, Vote

AT_MOST = 50
IN_A_ROW = 3  # of one speaker
LOOK_AT = 4  # times as many clips as asked for are looked at, to have a choice among speakers


def next_clips(*, language: Language, listener: Speaker | None, count: int) -> list[Clip]:
    """Return up to `count` (at most 50) clips, with their prompts, walked from a random point of a shuffled order."""
    count = min(count, AT_MOST)
    waiting = new_to(Clip.objects.open(language), listener).select_related("prompt")
    found = _round_walk(waiting, count * LOOK_AT)
    found.sort(key=lambda clip: -(clip.yes_count + clip.no_count))
    return _mixed(found, count)


def new_to(clips: ClipQuerySet, listener: Speaker | None) -> ClipQuerySet:
    """Leave out the listener's own clips and those that they judged or skipped."""
    if listener is None:
        return clips
    judged = Vote.objects.filter(clip=OuterRef("pk"), speaker=listener)
    skipped = ClipSkip.objects.filter(clip=OuterRef("pk"), speaker=listener)
    return clips.exclude(speaker=listener).filter(~Exists(judged), ~Exists(skipped))


def _round_walk(clips: ClipQuerySet, count: int) -> list[Clip]:
    start = random.randrange(SHUFFLE_RANGE)  # noqa: S311 -- an order, not a secret
    found = list(clips.filter(place__gte=start).order_by("place")[:count])
    if len(found) < count:
        found += clips.filter(place__lt=start).order_by("place")[: count - len(found)]
    return found


def _mixed(clips: list[Clip], count: int) -> list[Clip]:
    """Return the first `count` clips, no more than three of one speaker in a row while there are others."""
    chosen: list[Clip] = []
    left = list(clips)
    while left and len(chosen) < count:
        row = {clip.speaker_id for clip in chosen[-IN_A_ROW:]}
        tired_of = row if len(row) == 1 and len(chosen) >= IN_A_ROW else set()
        pick = next((clip for clip in left if clip.speaker_id not in tired_of), left[0])
        left.remove(pick)
        chosen.append(pick)
    return chosen
