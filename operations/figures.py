"""How the instance fares, in numbers: for monitoring and for the page of the organisers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from recordings.models import Clip, Recording
from recordings.states import RecordingState

FRESH_FOR = 60  # seconds; counting ten million rows takes several
DAYS = 30
AGES = [
    ("< 1 min", timedelta(0), timedelta(minutes=1)),
    ("1-5 min", timedelta(minutes=1), timedelta(minutes=5)),
    ("5-60 min", timedelta(minutes=5), timedelta(hours=1)),
    ("1-24 h", timedelta(hours=1), timedelta(days=1)),
    ("> 24 h", timedelta(days=1), timedelta(days=36500)),
]
UNFINISHED = [RecordingState.RECEIVED, RecordingState.PROCESSING]

T = TypeVar("T")


@dataclass(frozen=True)
class Queue:
    """Recordings that are waiting or worked on, and how many seconds ago the oldest of them came."""

    unfinished: int
    oldest_seconds: float


def queue() -> Queue:
    """Return what waits now; those that are derived again don't count. It takes as long as there are rows waiting."""
    rows = Recording.objects.filter(state__in=UNFINISHED, again=False)
    found = rows.aggregate(count=Count("pk"), oldest=Min("received_at"))
    age = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return Queue(found["count"], age)


def unfinished_by_age() -> dict[str, int]:
    """Return how many recordings have waited up to a minute, five minutes, an hour, a day, and longer."""
    now = timezone.now()
    rows = Recording.objects.filter(state__in=UNFINISHED, again=False)
    counts = {
        name: Count("pk", filter=Q(received_at__gt=now - upper, received_at__lte=now - lower))
        for name, lower, upper in AGES
    }
    found = rows.aggregate(**{f"age_{n}": count for n, count in enumerate(counts.values())})
    return dict(zip(counts, found.values(), strict=True))


def recordings_by_state() -> dict[str, int]:
    """Return how many recordings are in each state; up to a minute old, as all that follows."""
    return _kept("states", lambda: _counted(Recording, "state"))


def refusals_by_reason() -> dict[str, int]:
    """Return how many recordings were refused or set aside for each reason."""
    rows = Recording.objects.exclude(refusal="").values_list("refusal").annotate(many=Count("pk"))
    return _kept("refusals", lambda: dict(rows.order_by("-many")))


def clips_by_state() -> dict[str, int]:
    """Return how many clips have each verdict, or none."""
    return _kept("clips", lambda: _counted(Clip, "state"))


def bytes_by_kind() -> dict[str, int]:
    """Return how many bytes originals, masters and deliveries take."""
    return _kept("bytes", _bytes)


def uploads_by_day() -> dict[date, int]:
    """Return how many recordings came on each of the last days, the oldest first; days without any are 0."""
    return _kept("uploads", _uploads)


def _counted(model: type[Recording] | type[Clip], field: str) -> dict[str, int]:
    return dict(model.objects.values_list(field).annotate(Count("pk")).order_by(field))


def _bytes() -> dict[str, int]:
    clips = Clip.objects.aggregate(
        master=Sum("master_size", default=0), delivery=Sum("delivery_size", default=0)
    )
    return {"original": Recording.objects.aggregate(size=Sum("size", default=0))["size"], **clips}


def _uploads() -> dict[date, int]:
    today = timezone.now().date()
    first = today - timedelta(days=DAYS - 1)
    rows = Recording.objects.filter(received_at__gte=datetime.combine(first, time(), UTC))
    found = dict(rows.annotate(day=TruncDate("received_at")).values_list("day").annotate(Count("pk")))
    return {day: found.get(day, 0) for day in (first + timedelta(days=n) for n in range(DAYS))}


def _kept(name: str, count: Callable[[], T]) -> T:
    return cache.get_or_set(f"figures:{name}", count, FRESH_FOR)  # type: ignore[return-value]
