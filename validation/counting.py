"""Counting what a language was given in the last days; no more than those days is looked at, and that once a minute."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from languages.models import Language
from recordings.models import Clip
from recordings.states import ClipState
from validation.models import Vote

DAYS = 10
KEPT_SECONDS = 60

T = TypeVar("T")


def clips_today(language: Language) -> int:
    """Return how many clips were made since midnight (UTC)."""
    return _kept(
        "clips", language, Clip.objects.filter(language=language, created_at__gte=_days_ago(0)).count
    )


def votes_today(language: Language) -> int:
    """Return how many votes were cast since midnight (UTC)."""
    return _kept(
        "votes", language, Vote.objects.filter(clip__language=language, cast_at__gte=_days_ago(0)).count
    )


def last_days(language: Language) -> list[dict[str, Any]]:
    """Return for each of the last ten days with clips: date, clips in all, how many are valid, and how many voices."""
    clips = Clip.objects.filter(language=language, created_at__gte=_days_ago(DAYS - 1))
    days = clips.annotate(date=TruncDate("created_at")).values("date").order_by("date")
    counts = days.annotate(
        total=Count("pk"),
        valid=Count("pk", filter=Q(state=ClipState.VALID)),
        voices=Count("speaker", distinct=True),
    )
    return _kept("days", language, lambda: [dict(day) for day in counts])


def _days_ago(days: int) -> datetime:
    return datetime.combine(timezone.now().date() - timedelta(days=days), time(), UTC)


def _kept(name: str, language: Language, count: Callable[[], T]) -> T:
    return cache.get_or_set(f"counting:{name}:{language.pk}", count, KEPT_SECONDS)  # type: ignore[return-value]
