"""What somebody would like to give a day, in which time zone their days are, and whether leaderboards list them."""

import zoneinfo
from functools import cache

from django.utils.translation import gettext_lazy as _

from accounts.consent import is_minor
from accounts.models import Speaker
from common.errors import Refused

MOST = 1000  # recordings a day
LONGEST = 24


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of all time zones of the world's places, and UTC."""
    return (
        "UTC",
        *sorted(name for name in zoneinfo.available_timezones() if "/" in name and name[:3] != "Etc"),
    )


def keep(*, speaker: Speaker, goal: int, time_zone: str, on_board: bool = False, name: str = "") -> None:
    """Keep what the speaker chose. Raises Refused for a goal or time zone that can't be, and for minors on boards."""
    if not 0 <= goal <= MOST or time_zone not in time_zones():
        raise Refused(_("Please choose from what is offered."), code="not-offered", status=400)
    if on_board and is_minor(speaker):
        raise Refused(_("Leaderboards list nobody younger than 18."), code="minor", status=403)
    Speaker.objects.filter(pk=speaker.pk).update(
        daily_goal=goal,
        time_zone=time_zone,
        on_board=on_board,
        board_name=" ".join(name.split())[:LONGEST] if on_board else "",
    )
