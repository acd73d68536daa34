"""Second opinions: clips that the rule decided, but the reliability model is not sure of."""

import random
from uuid import UUID

from languages.models import Language
from recordings.models import SHUFFLE_RANGE, Clip
from recordings.states import ClipState
from validation.models import Doubt
from validation.selection import with_behind
from validation.verdict import MOST_VOTES

LOOK_AT = 50  # doubts that one request looks at


def some(*, language: Language, voices: list[UUID], count: int) -> list[Clip]:
    """Return up to `count` doubted clips, with their prompts, that are new to a person, from a random place on."""
    if not count:
        return []
    start = random.randrange(SHUFFLE_RANGE)  # noqa: S311 -- an order, not a secret
    doubts = Doubt.objects.filter(language=language).order_by("place").values_list("clip", flat=True)
    ids = [*doubts.filter(place__gte=start)[:LOOK_AT], *doubts.filter(place__lt=start)[:LOOK_AT]]
    if not ids:
        return []
    rows = Clip.objects.filter(
        pk__in=ids[:LOOK_AT],
        state__in=[ClipState.VALID, ClipState.INVALID],
        gold__isnull=True,
        heard__lt=MOST_VOTES,
    )
    return list(with_behind(rows, voices).filter(behind=False).select_related("prompt")[:count])
