"""A language's page: what was given, what is wanted, and what is missing before it opens."""

import csv

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from dashboard import figures
from dashboard.models import Kind, Tally
from languages.models import Language
from languages.readiness import Need
from languages.tags import name_in
from languages.wording import NEEDS
from prompts.opening import readiness_of

FIGURES = {"hours", *Kind.values}


@gzip_page
@require_safe
def language(request: HttpRequest, locale: str) -> HttpResponse:
    """Show one language: goal and progress, hours over time, who gave them, what to do next."""
    found = get_object_or_404(Language, tag=locale)
    prefetch_related_objects([found], "groups")
    over_time = figures.over_time(found)
    context = {
        "language": found,
        "name": name_in(get_language() or "en", found.tag) or found.english_name,
        "tally": Tally.objects.filter(language=found).first() or Tally(language=found),
        "over_time": over_time,
        "finding": figures.finding(over_time) if over_time else "",
        "bars": figures.bars(found),
        "needs": _needs(found),
        "goal_ms": found.goal_hours * figures.HOUR_MS,
        "organiser": settings.ORGANISER,
    }
    return render(request, "dashboard/language.html", context)


def _needs(language: Language) -> list[tuple[Need, Promise]]:
    """Return what is needed before the language opens, in words; nothing for one that was opened."""
    if language.state != Language.State.PREPARING:
        return []
    return [(need, NEEDS[need.code]) for need in readiness_of(language)]


@require_safe
def figure(request: HttpRequest, locale: str, name: str) -> HttpResponse:
    """Hand out the numbers behind one plot."""
    found = get_object_or_404(Language, tag=locale)
    if name not in FIGURES:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.tag}-{name}.csv"'
    csv.writer(response, lineterminator="\n").writerows(figures.table(found, name))
    return response
