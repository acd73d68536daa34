"""Walking a shuffled collection for one person, at a cost that doesn't grow with the collection or the person's past.

Rows lie on a ring: each has a random `place`. They have a level too (how often recorded, or heard), and the levels that
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

from django.db.models import QuerySet, Subquery

from common.ring import SHUFFLE_RANGE, random_place
from common.statements import ForPostgresql, Rows, Select, given_number, given_uuid, itself, one_of
from prompts.stretches import Lesson, Met, Stretches

WINDOW = 20  # rows that one query of a level looks at: each costs probes of what the person did before
LEVELS = 2  # levels that are walked before the whole ring is
RING_WINDOW = 300
RING_WINDOWS = 4  # of somebody for whom something was found
HUNGRY_WINDOWS = 50  # of somebody for whom nothing was found yet
BETWEEN = {"place__gte": given_number("at"), "place__lt": given_number("end")}  # a part of the ring


class Ring:
    """What can be walked: `rows` of one language and state, annotated `behind` and `spare`; `level` is a column.

    `groups` names columns; rows that are equal in these are a group, and of what is met each group comes in turn.
    `told` names what else is told of each. `highest_first` tells which levels are preferred.
    """

    def __init__(
        self,
        rows: Rows,
        *,
        level: str,
        highest_first: bool = False,
        groups: tuple[str, ...] = (),
        told: tuple[str, ...] = (),
    ) -> None:
        columns = ("pk", "place", level, "behind", "spare", *groups, *told)
        grouped, end = len(groups), len(groups) + len(told)
        # One of the table alone: else PostgreSQL may read all of the index of levels, since it has the others
        of_any_level = (*columns, "created_at")
        wanted = {f"{level}__gte": given_number("lowest"), f"{level}__lte": given_number("highest")}

        def first() -> QuerySet[Any, Any]:
            return rows().filter(**wanted).order_by(f"-{level}" if highest_first else level).values(level)[:1]

        def met(names: tuple[str, ...], most: int, *hints: ForPostgresql, **conditions: Any) -> Select[Met]:
            return Select(
                lambda: rows().filter(*hints, **conditions).order_by("place").values_list(*names)[:most], into
            )

        def into(pk: UUID, place: int, level: int, behind: bool, spare: bool, *others: object) -> Met:
            return Met(pk, place, level, behind, spare, others[:grouped], others[grouped:end])

        # That a level is what it is twice over tells PostgreSQL to go by levels, even where it has seen one alone
        this = {f"{level}__gte": given_number("level"), f"{level}__lte": given_number("level")}
        self.first_level = Select(first, itself)
        self.window_of_first_level = met(
            columns, WINDOW, ForPostgresql(**wanted), **BETWEEN, **{level: Subquery(first())}
        )
        self.window_of_level = met(
            columns, WINDOW, ForPostgresql(**this), **BETWEEN, **{level: given_number("level")}
        )
        self.window = met(of_any_level, RING_WINDOW, **BETWEEN)
        self.at_places = Select(
            lambda: rows().filter(one_of("place", given_number("places"))).values_list(*of_any_level), into
        )
        self.new = Select(
            lambda: rows().filter(one_of("pk", given_uuid("among")), behind=False).values_list(*columns), into
        )


@dataclass(frozen=True)
class Walk:
    """One person's walk: what the rows of the ring have `given` for them, and levels by preference."""

    ring: Ring
    given: dict[str, Any]
    levels: Sequence[int]
    stretches: Stretches

    def batches(self) -> Iterator[list[Met]]:
        """Yield what is new to the person, those of the first levels first, each at most once."""
        seen: set[UUID] = set()
        if (yield from self._by_levels(seen)):
            return
        for met in self._around(hungry=not seen):
            fresh = [each for each in met if each.pk not in seen]
            seen.update(each.pk for each in fresh)
            yield sorted(in_turn(fresh), key=lambda each: self.levels.index(each.level))

    def _by_levels(self, seen: set[UUID]) -> Generator[list[Met], None, bool]:
        """Yield what is new on the first levels; return whether nothing else can be anywhere."""
        left, whole = self.levels, True
        for _ in range(LEVELS):
            if not left:
                return whole
            start = random_place()
            ends = {"lowest": min(left), "highest": max(left)}
            met = self.ring.window_of_first_level.all(at=start, end=SHUFFLE_RANGE, **ends, **self.given)
            level = met[0].level if met else self.ring.first_level.first(**ends, **self.given)
            if level is None:
                return whole
            whole &= yield from self._around_level(level, start, met, seen)
            left = left[left.index(level) + 1 :]
        return False

    def _around_level(
        self, level: int, start: int, met: list[Met], seen: set[UUID]
    ) -> Generator[list[Met], None, bool]:
        """Yield what is new on a level from `start` on, where `met` was; return whether all of it was walked."""
        for begin, end in ((start, SHUFFLE_RANGE), (0, start)):
            at = begin
            while at < end:
                if at != start:
                    met = self.ring.window_of_level.all(level=level, at=at, end=end, **self.given)
                wanted = self._wanted(met)
                seen.update(each.pk for each in wanted)
                if wanted:
                    yield in_turn(wanted)
                if len(met) < WINDOW:
                    break
                if all(each.spare for each in wanted):  # there may be many more windows of that kind
                    return False
                at = met[-1].place + 1
        return True

    def _around(self, *, hungry: bool) -> Iterator[list[Met]]:
        """Walk all levels from a random place, over what is known to hold nothing, and learn more of that."""
        start, windows = random_place(), 0
        # Of both parts, before anything is walked: what is known costs little
        for begin, end in ((start, SHUFFLE_RANGE), (0, start)):
            for left in self._left_between_stretches(begin, end):
                hungry = hungry and not left
                yield left
        start, lesson = self.stretches.nearest(start), Lesson(self.stretches)
        for begin, end in ((start, SHUFFLE_RANGE), (0, start)):
            at = begin
            while at < end and windows < (HUNGRY_WINDOWS if hungry else RING_WINDOWS):
                since, upto = self.stretches.gap(at, end)
                met = self.ring.window.all(at=since, end=upto, **self.given)
                at = max(met[-1].place, since + 1) if len(met) == RING_WINDOW else upto
                lesson.add(since, met, at)
                windows += 1
                if wanted := self._wanted(met):
                    hungry = False
                    lesson.end()
                    yield wanted
        lesson.end()

    def _left_between_stretches(self, at: int, end: int) -> Iterator[list[Met]]:
        """Yield what lies between known stretches: all that is left to somebody who is nearly done."""
        places = self.stretches.left(at, end)
        for some in range(0, len(places), WINDOW):
            yield self._wanted(self.ring.at_places.all(places=places[some : some + WINDOW], **self.given))

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
