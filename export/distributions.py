"""Counts what the plots of an edition show, from its frozen rows; plain lists, in order, kept with its figures."""

from collections import Counter
from typing import Any

from django.db.models import Count, F

from export.models import Edition, FrozenClip, FrozenSpeaker
from export.states import ReleaseState

HALF_SECOND = 500  # ms
CLASSES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)  # a speaker's clips: from one up to the next
MOST_VOTES = 6  # and more


def distributions(edition: Edition) -> dict[str, list[Any]]:
    """Return the rows of each plot: durations [ms, clips], ages [age, gender, speakers], and so on."""
    return {
        "durations": _durations(edition),
        "ages": _ages(edition),
        "clips_per_speaker": _clips_per_speaker(edition),
        "votes": _votes(edition),
        "growth": _growth(edition),
    }


def _durations(edition: Edition) -> list[Any]:
    """Return [from how many ms, clips] for each half second that has any."""
    clips = FrozenClip.objects.filter(edition=edition).annotate(half=F("duration_ms") / HALF_SECOND)
    rows = clips.values_list("half").annotate(Count("pk")).order_by("half")
    return [[int(half) * HALF_SECOND, count] for half, count in rows]


def _ages(edition: Edition) -> list[Any]:
    """Return [age, gender, speakers] of what is published of them."""
    speakers = FrozenSpeaker.objects.filter(edition=edition)
    rows = speakers.values_list("age", "gender").annotate(Count("pk")).order_by("age", "gender")
    return [list(row) for row in rows]


def _clips_per_speaker(edition: Edition) -> list[Any]:
    """Return [at least how many clips, speakers] for each class."""
    sizes = FrozenClip.objects.filter(edition=edition).values("speaker").annotate(size=Count("pk"))
    classes: Counter[int] = Counter()
    for size in sizes.values_list("size", flat=True):
        classes[max(least for least in CLASSES if least <= size)] += 1
    return [[least, classes[least]] for least in CLASSES if least <= max(classes, default=0)]


def _votes(edition: Edition) -> list[Any]:
    """Return [votes, verdict, clips]; the last number of votes stands for more, too."""
    clips = FrozenClip.objects.filter(edition=edition).annotate(votes=F("up_votes") + F("down_votes"))
    counts: Counter[tuple[int, str]] = Counter()
    for votes, verdict, count in clips.values_list("votes", "verdict").annotate(Count("pk")).order_by():
        counts[min(votes, MOST_VOTES), verdict] += count
    return [[votes, verdict, count] for (votes, verdict), count in sorted(counts.items())]


def _growth(edition: Edition) -> list[Any]:
    """Return [number, last day, ms of all, ms of validated clips, speakers] of earlier releases that are published."""
    earlier = Edition.objects.filter(
        language=edition.language_id, release__state=ReleaseState.PUBLISHED
    ).order_by("release__cutoff", "release__major", "release__minor")
    return [
        [
            facts["number"], facts["cutoff"], facts["all"]["duration_ms"],
            facts["tables"]["validated"]["duration_ms"], facts["all"]["speakers"],
        ]
        for facts in earlier.values_list("statistics", flat=True)
    ]  # fmt: skip
