"""Was there time to listen? A vote that came faster than its clip can be heard is kept, but does not count."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum

from accounts.models import Speaker
from common.statements import Select, given_time, given_uuid, itself
from recordings.models import Clip
from validation.models import Vote
from validation.options import Standing

SPAN = timedelta(minutes=10)  # looked back on at most


def had_time(clip: Clip, listener: Speaker, served_at: datetime, now: datetime) -> bool:
    """Tell whether the time since the clip was handed out suffices for most of it and of what was judged meanwhile.

    Apps hand in together what was judged offline, so that the time between two votes says nothing.
    """
    since = max(served_at, now - SPAN)
    heard = _meanwhile.first(listener=listener.pk, since=since, clip=clip.pk) or 0
    passed = (now - since) / timedelta(milliseconds=1)
    return passed * 100 >= settings.LISTENED_PERCENT * (heard + clip.duration_ms)


_meanwhile: Select[int] = Select(
    lambda: (
        Vote.objects.filter(speaker=given_uuid("listener"), cast_at__gte=given_time("since"))
        .exclude(standing=Standing.TOO_FAST)
        .exclude(clip=given_uuid("clip"))
        .values("speaker")
        .annotate(heard=Sum("clip__duration_ms"))
        .values_list("heard")
    ),
    itself,
)
