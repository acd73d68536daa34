"""Leaderboards: who gave most that listeners approved, of those who asked to be listed and are no minors."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.consent import adults
from accounts.models import Speaker
from languages.models import Language
from recordings.models import Clip
from recordings.states import ClipState

AT_LEAST = 5  # people; fewer are not listed
PLACES = 20
KEPT_SECONDS = 600


@dataclass(frozen=True)
class Rank:
    position: int
    username: str
    total: int  # seconds
    you: bool

    @property
    def milliseconds(self) -> int:
        """The same time as pages write it."""
        return self.total * 1000


def leaderboard(language: Language, viewer: Speaker | None) -> list[Rank]:
    """Return the first places, and the viewer's own if it is further down; nothing where fewer than five are listed."""
    rows = cache.get_or_set(f"board:{language.pk}", lambda: _totals(language), KEPT_SECONDS)
    assert rows is not None
    if len({row["speaker__person"] for row in rows}) < AT_LEAST:
        return []
    ranks = [
        Rank(position, row["speaker__board_name"] or _("A volunteer"), row["total"] // 1000, _is(row, viewer))
        for position, row in enumerate(rows)
    ]
    return [rank for rank in ranks if rank.position < PLACES or rank.you]


def _is(row: dict[str, Any], viewer: Speaker | None) -> bool:
    return viewer is not None and bool(row["speaker"] == viewer.pk)


def _totals(language: Language) -> list[dict[str, Any]]:
    listed = adults(Speaker.objects.filter(on_board=True))
    clips = Clip.objects.filter(language=language, state=ClipState.VALID, speaker__in=listed)
    named = clips.order_by().values("speaker", "speaker__person", "speaker__board_name")
    return [dict(row) for row in named.annotate(total=Sum("duration_ms")).order_by("-total", "speaker")]
