"""The page that shows organisers how the instance fares."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from operations import figures, plots
from operations.health import look
from operations.wording import named
from recordings.wording import REFUSALS


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """Show what waits, what came, what was refused, what was decided and what is stored."""
    waiting = figures.queue()
    days = {date_format(day, "SHORT_DATE_FORMAT"): count for day, count in figures.uploads_by_day().items()}
    context = {
        "waiting": waiting,
        "oldest_ms": round(waiting.oldest_seconds * 1000),
        "health": look(),
        "uploads": plots.columns(days),
        "width": plots.WIDTH,
        "height": plots.HEIGHT,
        "parts": [
            (_("Waiting, by how long"), plots.lines(named(figures.unfinished_by_age()))),
            (_("Recordings, by state"), plots.lines(named(figures.recordings_by_state()))),
            (_("Refused, by reason"), plots.lines(_in_words(figures.refusals_by_reason()))),
            (_("Clips, by verdict"), plots.lines(named(figures.clips_by_state()))),
            (_("Stored megabytes"), plots.lines(named(_in_megabytes(figures.bytes_by_kind())))),
        ],
    }
    return render(request, "operations/operations.html", context)


def _in_words(reasons: dict[str, int]) -> dict[str, int]:
    return {str(REFUSALS.get(code, code)): count for code, count in reasons.items()}


def _in_megabytes(sizes: dict[str, int]) -> dict[str, int]:
    return {kind: size >> 20 for kind, size in sizes.items()}
