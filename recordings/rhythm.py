"""How somebody's giving goes on from day to day, in their own time zone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Speaker
from recordings.models import Recording
from recordings.states import RecordingState

LOOKED_BACK = timedelta(days=400)
NOT_GIVEN = [RecordingState.REFUSED, RecordingState.WITHDRAWN]


@dataclass(frozen=True)
class Rhythm:
    """What was sent today, the goal for a day (0: none), and on how many days in a row something was sent."""

    given_today: int
    goal: int
    streak: int


def rhythm_of(speaker: Speaker) -> Rhythm:
    """Return how the speaker's giving goes on."""
    zone = ZoneInfo(speaker.time_zone)
    rows = Recording.objects.filter(speaker=speaker, received_at__gt=timezone.now() - LOOKED_BACK)
    days = rows.exclude(state__in=NOT_GIVEN).annotate(day=TruncDate("received_at", tzinfo=zone)).order_by()
    counts = dict(days.values("day").annotate(count=Count("pk")).values_list("day", "count"))
    today = timezone.now().astimezone(zone).date()
    return Rhythm(counts.get(today, 0), speaker.daily_goal, streak(counts, today))


def streak(days: Collection[date], today: date) -> int:
    """Return how many days in a row are among the days, up to today or, while today isn't over, yesterday."""
    day, length = (today if today in days else today - timedelta(days=1)), 0
    while day in days:
        day, length = day - timedelta(days=1), length + 1
    return length
