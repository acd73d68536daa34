"""Remembering, for somebody who has nearly everything behind them, where there is nothing new to them.

What is learnt may become untrue: something in a stretch changes, and is new to the person again. That shows on the
levels, which are walked without stretches; and what was learnt is forgotten after thirty days.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Speaker
from common.statements import Select, given_number, given_text, given_time, given_uuid
from languages.models import Language
from prompts.models import Stretch

LONG = 20  # rows in a row that are worth remembering: to look at them again would cost a window
AHEAD = 64  # stretches that one query looks at
VALID_FOR = timedelta(days=30)
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Span = tuple[int, int]


class Met(NamedTuple):
    """A row met on a walk; `behind` tells that it is nothing for this person any more.

    `spare` tells that it is something for them only where there is nothing else, `group` what it is one of, `told` what
    else the walk was to tell of it.
    """

    pk: UUID
    place: int
    level: int
    behind: bool
    spare: bool = False
    group: tuple[Any, ...] = ()
    told: tuple[Any, ...] = ()


class Known(NamedTuple):
    """A stretch that was learnt."""

    start: int
    end: int
    learnt_at: datetime


@dataclass(frozen=True)
class Stretches:
    """What a person's walks through one kind of thing in one language have learnt.

    `of` names the kind with all that decides what is behind somebody, so that changed settings start anew.
    """

    speaker: Speaker | None
    language: Language
    of: str

    def ahead(self, at: int) -> list[Known]:
        """Return the next stretches that end after a place, nearest first."""
        return self._known(after=at, since=timezone.now() - VALID_FOR) if self.speaker else []

    def left(self, at: int, end: int) -> list[int]:
        """Return the next places in [at, end) between two stretches: there is something new, and nothing around it."""
        pairs = pairwise(self.ahead(at))
        return [one.end for one, other in pairs if other.start == one.end + 1 and one.end < end]

    def nearest(self, at: int) -> int:
        """Return where the next stretch after a place begins, or the place itself if nothing is known.

        What is learnt by going on from there joins what is known: few long stretches tell more than many short ones.
        """
        known = self.ahead(at) or self.ahead(0)
        return known[0].start if known else at

    def gap(self, at: int, end: int) -> Span:
        """Return the first part of [at, end) of which nothing is known; it is empty at `end` if all is known.

        What lies between two stretches one place apart is known too: it is `left`.
        """
        begin = at
        while at < end and (known := self.ahead(at)):
            for each in known:
                if each.start > at + (at > begin):
                    return min(at, end), min(each.start, end)
                at = each.end
        return min(at, end), end

    def learn(self, at: int, met: list[Met], end: int) -> None:
        """Remember that [at, end) holds nothing but what was met there."""
        runs = spans_behind(at, met, end)
        if not self.speaker or not runs:
            return
        near = [each for each in self._known(after=at - 1, since=LONG_AGO) if each.start <= end]
        edges = {row.end for row in near} | {row.start for row in near}
        worth = [(start, stop) for start, stop, rows in runs if rows >= LONG or {start, stop} & edges]
        if worth:
            self._replace(near, worth)

    @transaction.atomic
    def _replace(self, near: list[Known], learnt: list[Span]) -> None:
        oldest = timezone.now() - VALID_FOR
        still = [each for each in near if each.learnt_at > oldest]
        since = min((each.learnt_at for each in still), default=timezone.now())
        self._rows().filter(end__in=[each.end for each in near]).delete()
        spans = merged([*learnt, *((each.start, each.end) for each in still)])
        new = [
            Stretch(speaker=self.speaker, language=self.language, of=self.of, start=a, end=b, learnt_at=since)
            for a, b in spans
        ]
        # The same person may be walking twice at once
        Stretch.objects.bulk_create(new, ignore_conflicts=True)

    def _known(self, *, after: int, since: datetime) -> list[Known]:
        return _ahead.all(
            speaker=self.speaker and self.speaker.pk,
            language=self.language.pk,
            of=self.of,
            after=after,
            since=since,
        )

    def _rows(self) -> models.QuerySet[Stretch]:
        return Stretch.objects.filter(speaker=self.speaker, language=self.language, of=self.of)


_ahead = Select(
    lambda: (
        Stretch.objects.filter(
            speaker=given_uuid("speaker"),
            language=given_number("language"),
            of=given_text("of"),
            end__gt=given_number("after"),
            learnt_at__gt=given_time("since"),
        )
        .order_by("end")
        .values_list("start", "end", "learnt_at")[:AHEAD]
    ),
    Known,
)


@dataclass
class Lesson:
    """What one walk finds, remembered a part of the ring at a time: each row that is replaced lies about for a while.

    Call `end` before the walk may be broken off.
    """

    stretches: Stretches
    _at: int = 0
    _end: int = 0
    _met: list[Met] = field(default_factory=list)

    def add(self, at: int, met: list[Met], end: int) -> None:
        """Note that [at, end) holds nothing but what was met there."""
        if at != self._end:
            self.end()
            self._at = at
        self._met += met
        self._end = end

    def end(self) -> None:
        """Remember what was noted until now."""
        if self._at < self._end:
            self.stretches.learn(self._at, self._met, self._end)
        self._at, self._met = self._end, []


def spans_behind(at: int, met: list[Met], end: int) -> list[tuple[int, int, int]]:
    """Return the parts of [at, end) between rows that aren't behind somebody, as start, end and how many rows."""
    spans, start, rows = [], at, 0
    for each in met:
        if each.behind:
            rows += each.place < end
            continue
        spans.append((start, each.place, rows))
        start, rows = each.place + 1, 0
    return [span for span in [*spans, (start, end, rows)] if span[0] < span[1]]


def merged(spans: list[Span]) -> list[Span]:
    """Return the spans in order, those that touch or overlap made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
