"""Walking a shuffled collection for one person, at a cost that doesn't grow with the collection or the person's past.

Rows lie on a ring: each has a random `place`. They have a level too (how often taken, or heard), and the levels that
are wanted most are walked first, each from a random place, a window of the index at a time. What a person has behind
them is met on the way and costs a probe each, so windows that bring nothing are few. Somebody with nearly everything
behind them is led by what earlier walks learnt: stretches of the ring without anything new to them are jumped over.
"""

import random
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from prompts.models import SHUFFLE_RANGE
from prompts.stretches import Met, Stretches

WINDOW = 100  # rows that one query of a level looks at
FRUITLESS = 1  # windows without anything new, after which a level is left
LEVELS = 2  # levels that are walked before the whole ring is
RING_WINDOW = 300
RING_WINDOWS = 4  # of somebody for whom something was found
HUNGRY_WINDOWS = 50  # of somebody for whom nothing was found yet


@dataclass(frozen=True)
class Walk:
    """What is walked: `rows` of one language and state with the annotation `behind`, and levels by preference.

    `groups` names columns; rows that are equal in these are a group, and of what is met each group comes in turn.
    """

    rows: models.QuerySet[Any]
    level: str  # the name of its column
    levels: Sequence[int]
    stretches: Stretches
    groups: tuple[str, ...] = ()

    def batches(self) -> Iterator[list[Met]]:
        """Yield what is new to the person, those of the first levels first, each at most once."""
        seen: set[UUID] = set()
        if (yield from self._by_levels(seen)):
            return
        for met in self._around(hungry=not seen):
            fresh = [each for each in met if each.pk not in seen]
            seen.update(each.pk for each in fresh)
            yield sorted(in_turn(fresh), key=lambda each: self.levels.index(each.level))

    def beyond(self) -> list[Met]:
        """Return what is new to the person on other levels than those wanted, of one window from a random place on."""
        start = random.randrange(SHUFFLE_RANGE)  # noqa: S311 -- an order, not a secret
        parts = ((start, SHUFFLE_RANGE), (0, start))
        met = [each for begin, end in parts for each in self._look(self.rows, begin, end, RING_WINDOW)]
        return in_turn([each for each in met if not each.behind and each.level not in self.levels])

    def _by_levels(self, seen: set[UUID]) -> Generator[list[Met], None, bool]:
        """Yield what is new on the first levels; return whether nothing else can be anywhere."""
        left, whole = self.levels, True
        for _ in range(LEVELS):
            level = self._first_level(left)
            if level is None:
                return whole
            whole &= yield from self._around_level(self.rows.filter(**{self.level: level}), seen)
            left = left[left.index(level) + 1 :]
        return False

    def _first_level(self, levels: Sequence[int]) -> int | None:
        """Return the first of the levels that has any rows."""
        if not levels:
            return None
        rows = self.rows.filter(**{f"{self.level}__range": (min(levels), max(levels))})
        order = self.level if levels[0] == min(levels) else f"-{self.level}"
        level: int | None = rows.order_by(order).values_list(self.level, flat=True).first()
        return level

    def _around_level(self, rows: models.QuerySet[Any], seen: set[UUID]) -> Generator[list[Met], None, bool]:
        """Yield what is new on a level from a random place on; return whether it was walked to its end."""
        start, fruitless = random.randrange(SHUFFLE_RANGE), 0  # noqa: S311 -- an order, not a secret
        for begin, end in ((start, SHUFFLE_RANGE), (0, start)):
            at = begin
            while at < end and fruitless < FRUITLESS:
                met = self._look(rows, at, end, WINDOW)
                wanted = self._wanted(met)
                fruitless += not wanted and len(met) == WINDOW
                seen.update(each.pk for each in wanted)
                if wanted:
                    yield in_turn(wanted)
                at = met[-1].place + 1 if len(met) == WINDOW else end
        return fruitless < FRUITLESS

    def _around(self, *, hungry: bool) -> Iterator[list[Met]]:
        """Walk all levels from a random place, over what is known to hold nothing, and learn more of that."""
        start, windows = random.randrange(SHUFFLE_RANGE), 0  # noqa: S311 -- an order, not a secret
        for begin, end in ((start, SHUFFLE_RANGE), (0, start)):
            left = self._left_between_stretches(begin, end)
            hungry = hungry and not left
            yield left
            at = begin
            while at < end and windows < (HUNGRY_WINDOWS if hungry else RING_WINDOWS):
                since, upto = self.stretches.gap(at, end)
                met = self._look(self.rows, since, upto, RING_WINDOW)
                at = max(met[-1].place, since + 1) if len(met) == RING_WINDOW else upto
                self.stretches.learn(since, met, at)
                wanted = self._wanted(met)
                hungry = hungry and not wanted
                windows += 1
                yield wanted

    def _left_between_stretches(self, at: int, end: int) -> list[Met]:
        """Return what lies just behind known stretches: all that is left to somebody who is nearly done."""
        ends = [known.end for known in self.stretches.ahead(at) if known.end < end]
        return self._wanted(self._met(self.rows.filter(place__in=ends))) if ends else []

    def _look(self, rows: models.QuerySet[Any], at: int, end: int, most: int) -> list[Met]:
        return self._met(rows.filter(place__gte=at, place__lt=end).order_by("place")[:most])

    def _met(self, rows: models.QuerySet[Any]) -> list[Met]:
        named = rows.values_list("pk", "place", self.level, "behind", *self.groups)
        return [Met(pk, place, level, behind, tuple(group)) for pk, place, level, behind, *group in named]

    def _wanted(self, met: list[Met]) -> list[Met]:
        return [each for each in met if not each.behind and each.level in self.levels]


def in_turn(met: list[Met]) -> list[Met]:
    """Return the rows at random, but one of each group before a second of any: small groups come as often as large."""
    turns: Counter[tuple[object, ...]] = Counter()
    placed: list[tuple[int, Met]] = []
    for each in random.sample(met, len(met)):
        placed.append((turns[each.group], each))
        turns[each.group] += 1
    return [each for _turn, each in sorted(placed, key=lambda pair: pair[0])]
