"""How much was given so far, read from the rows that are kept."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from dashboard.models import Tally


@dataclass(frozen=True)
class Numbers:
    """The numbers of one language, or of all: lengths in milliseconds."""

    recorded_ms: int = 0
    checked_ms: int = 0
    voices: int = 0
    clips: int = 0
    undecided: int = 0
    sentences_left: int = 0
    sentences_submitted: int = 0


def by_language() -> dict[int, Numbers]:
    """Return the numbers of each language that was counted, by its primary key."""
    names = [field.name for field in fields(Numbers)]
    rows = Tally.objects.values_list("language_id", *names)
    return {language_id: Numbers(*counts) for language_id, *counts in rows}


def total(numbers: Iterable[Numbers]) -> Numbers:
    """Add up languages; somebody who speaks two counts as two voices."""
    several = list(numbers)
    return Numbers(*(sum(getattr(each, field.name) for each in several) for field in fields(Numbers)))
