"""The page on which people set themselves a goal, and may join the leaderboards."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import consent, goals, speakers
from accounts.models import Speaker
from common.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def choose(request: HttpRequest) -> HttpResponse:
    """Show what this voice chose; POST keeps it."""
    speaker = speakers.current(request.session)
    if speaker and request.method == "POST":
        try:
            _keep(request, speaker)
        except Refused as refusal:
            messages.error(request, str(refusal.words))
        else:
            messages.success(request, _("This is kept."))
            return redirect("goals")
    context = {
        "speaker": speaker,
        "is_minor": bool(speaker and consent.is_minor(speaker)),
        "time_zones": goals.time_zones(),
        "most": goals.MOST,
        "longest": goals.LONGEST,
    }
    return render(request, "accounts/goals.html", context)


def _keep(request: HttpRequest, speaker: Speaker) -> None:
    said, goal = request.POST, request.POST.get("goal", "").strip() or "0"
    goals.keep(
        speaker=speaker,
        goal=int(goal) if goal.isascii() and goal.isdigit() and len(goal) < 6 else -1,
        time_zone=said.get("time_zone", ""),
        on_board="on_board" in said,
        name=said.get("name", ""),
    )
