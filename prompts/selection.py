"""Which prompt next: those with the fewest recordings first, from a random point of a shuffled order."""

import random

from accounts.models import Speaker
from languages.models import Language
from prompts.models import SHUFFLE_RANGE, Prompt, PromptQuerySet

AT_MOST = 50


def next_prompts(*, language: Language, speaker: Speaker | None, count: int) -> list[Prompt]:
    """Return up to `count` (at most 50) prompts that the speaker has neither recorded nor skipped.

    Walks the index (language, state, clips_count, place) level by level, each from a random place round to it again.
    """
    wanted = Prompt.objects.wanted(language).new_to(speaker)
    count = min(count, AT_MOST)
    found: list[Prompt] = []
    for level in range(language.clips_per_prompt):
        if len(found) == count:
            break
        found += _round_walk(wanted.filter(clips_count=level), count - len(found))
    random.shuffle(found)
    return found


def _round_walk(prompts: PromptQuerySet, count: int) -> list[Prompt]:
    start = random.randrange(SHUFFLE_RANGE)  # noqa: S311 -- an order, not a secret
    found = list(prompts.filter(place__gte=start).order_by("place")[:count])
    if len(found) < count:
        found += prompts.filter(place__lt=start).order_by("place")[: count - len(found)]
    return found
