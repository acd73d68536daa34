"""Counting what was given in a language. It takes a scan, so the wait until the next time is many times as long."""

import time
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts.portrait import SEPARATOR
from dashboard.models import Day, Group, Kind, Tally
from languages.models import Language
from prompts.models import Prompt
from recordings.models import Clip
from recordings.states import ClipState
from validation.models import Judgement

AT_LEAST = timedelta(minutes=1)
SHARE = 200  # times as long as it took: half a percent of one core
LEASE = timedelta(minutes=30)  # a worker that died while counting is waited for


def count_next() -> bool:
    """Count the language that is due longest; tell whether one was."""
    _make_missing()
    tally = Tally.objects.filter(due_at__lte=timezone.now()).order_by("due_at").first()
    if tally is None:
        return False
    held = Tally.objects.filter(pk=tally.pk, due_at=tally.due_at)
    if held.update(due_at=timezone.now() + LEASE):
        count(tally.language)
    return True


def _make_missing() -> None:
    for language in Language.objects.filter(tally__isnull=True)[:100]:
        Tally.objects.get_or_create(language=language)


def count(language: Language) -> None:
    """Count everything of a language anew, and say when that is due again."""
    start = time.monotonic()
    days, groups, numbers = _days(language), _groups(language), _numbers(language)
    now = timezone.now()
    took = timedelta(seconds=time.monotonic() - start)
    with transaction.atomic():
        language.days.all().delete()
        Day.objects.bulk_create(days)
        language.groups.all().delete()
        Group.objects.bulk_create(groups)
        due_at = now + max(AT_LEAST, SHARE * took)
        Tally.objects.update_or_create(
            language=language, defaults=numbers | {"counted_at": now, "due_at": due_at}
        )


def _numbers(language: Language) -> dict[str, int | datetime]:
    of_clips = Clip.objects.filter(language=language).aggregate(
        clips=Count("id"),
        recorded_ms=Sum("duration_ms", default=0),
        checked_ms=Sum("duration_ms", filter=Q(state=ClipState.VALID), default=0),
        voices=Count("speaker__person", distinct=True),
        undecided=Count("id", filter=Q(state=ClipState.OPEN)),
    )
    return of_clips | {
        "sentences_left": Prompt.objects.wanted(language).count(),
        "sentences_submitted": Prompt.objects.submitted(language).count(),
    }


def _days(language: Language) -> list[Day]:
    """Return a row for each day on which something was recorded, or found valid by the votes that stand."""
    clips = Clip.objects.filter(language=language)
    last = Judgement.objects.filter(clip=OuterRef("pk")).order_by("-pk").values("made_at")[:1]
    decided = Coalesce(Subquery(last), F("created_at"))
    recorded = clips.values_list(TruncDate("created_at")).annotate(Count("id"), Sum("duration_ms"))
    checked = clips.filter(state=ClipState.VALID).values_list(TruncDate(decided)).annotate(Sum("duration_ms"))
    rows: dict[date, Day] = {}
    for day, number, length in recorded.order_by():
        rows[day] = Day(language=language, day=day, clips=number, recorded_ms=length)
    for day, length in checked.order_by():
        rows.setdefault(day, Day(language=language, day=day)).checked_ms = length
    return list(rows.values())


def _groups(language: Language) -> list[Group]:
    return [
        *_groups_by(language, Kind.AGE, "recording__age"),
        *_groups_by(language, Kind.GENDER, "recording__gender"),
        *_groups_by_accent(language),
    ]


def _groups_by(language: Language, kind: Kind, column: str) -> list[Group]:
    rows = Clip.objects.filter(language=language).order_by().values_list(column)
    counted = rows.annotate(Count("speaker__person", distinct=True), Sum("duration_ms"))
    return [
        Group(language=language, kind=kind, value=value, people=people, recorded_ms=length)
        for value, people, length in counted
    ]


def _groups_by_accent(language: Language) -> list[Group]:
    """Return the groups by accent; somebody with several is counted in each."""
    rows = Clip.objects.filter(language=language).order_by()
    pairs = rows.values_list("recording__accents", "speaker__person").annotate(Sum("duration_ms"))
    people: dict[str, set[int]] = defaultdict(set)
    lengths: Counter[str] = Counter()
    for accents, person, length in pairs.iterator():
        for accent in accents.split(SEPARATOR):
            people[accent[:120]].add(hash(person))
            lengths[accent[:120]] += length
    return [
        Group(
            language=language, kind=Kind.ACCENT, value=accent, people=len(those), recorded_ms=lengths[accent]
        )
        for accent, those in people.items()
    ]
