"""The page that lists who gave most."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import speakers
from languages.models import Language
from validation.boards import leaderboard


@require_safe
def board(request: HttpRequest, locale: str) -> HttpResponse:
    """List who gave most, of those who asked to be listed."""
    language = get_object_or_404(Language, tag=locale)
    ranks = leaderboard(language, speakers.current(request.session))
    return render(request, "validation/leaderboard.html", {"language": language, "ranks": ranks})
