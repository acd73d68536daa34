"""How much was given so far, counted from the clips themselves."""

from dataclasses import dataclass, fields
from typing import cast

from django.core.cache import cache
from django.db.models import Count, Q, Sum

from recordings.models import Clip
from recordings.states import ClipState

FRESH_FOR = 60  # seconds; counting a million clips takes about one


@dataclass(frozen=True)
class Numbers:
    """Clips of one language, or of all: lengths in milliseconds."""

    recorded_ms: int = 0
    checked_ms: int = 0
    voices: int = 0
    clips: int = 0
    undecided: int = 0


def by_language() -> dict[int, Numbers]:
    """Return the numbers of each language that has clips, by its primary key; up to a minute old."""
    return cast("dict[int, Numbers]", cache.get_or_set("numbers", _count, FRESH_FOR))


def total(numbers: dict[int, Numbers]) -> Numbers:
    """Add up all languages; somebody who speaks two counts as two voices."""
    return Numbers(
        *(sum(getattr(each, field.name) for each in numbers.values()) for field in fields(Numbers))
    )


def _count() -> dict[int, Numbers]:
    rows = Clip.objects.values("language_id").annotate(
        recorded_ms=Sum("duration_ms"),
        checked_ms=Sum("duration_ms", filter=Q(state=ClipState.VALID), default=0),
        voices=Count("speaker_id", distinct=True),
        clips=Count("id"),
        undecided=Count("id", filter=Q(state=ClipState.OPEN)),
    )
    names = [field.name for field in fields(Numbers)]
    return {language_id: Numbers(*counts) for language_id, *counts in rows.values_list("language_id", *names)}
