"""Pages on which people ask for news of releases by e-mail, and end it, also without signing in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import news
from accounts.models import NewsReader, User
from common.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@cache_control(no_store=True)
def choose(request: HttpRequest) -> HttpResponse:
    """Ask whether to tell of new releases; POST keeps the answer."""
    user = cast("User", request.user)
    if request.method != "POST":
        reads = NewsReader.objects.filter(user=user).exists()
        return render(request, "accounts/news.html", {"reads": reads})
    if "news" in request.POST:
        news.join(user=user, locale=get_language() or "en")
        messages.success(request, _("We will write to you when something is published."))
    else:
        news.leave(user=user)
        messages.success(request, _("You get no news by e-mail."))
    return redirect("account-news")


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # programs for e-mail send the form of RFC 8058 by themselves; the signed link is what allows it
@cache_control(no_store=True)
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Offer to end the news; POST ends it, whoever sends it, signed in or not."""
    try:
        if request.method == "POST":
            news.leave_by(token=token)
        else:
            news.reader_of(token)
    except Refused as refusal:
        messages.error(request, str(refusal.words))
        return render(request, "accounts/leave_news.html", {"is_unknown": True}, status=refusal.status)
    return render(request, "accounts/leave_news.html", {"is_done": request.method == "POST"})
