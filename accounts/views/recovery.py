"""Pages of the recovery code: making one, and using it on another device."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import recovery, speakers
from accounts.models import Speaker
from common.errors import Refused
from common.throttles import CodeLimit, allows


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def code(request: HttpRequest) -> HttpResponse:
    """Say what a recovery code is for; POST makes one and shows it, this once."""
    speaker = speakers.current(request.session)
    made = recovery.make_code(speaker=speaker) if speaker and request.method == "POST" else ""
    return render(request, "accounts/code.html", {"speaker": speaker, "code": made})


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def recover(request: HttpRequest) -> HttpResponse:
    """Let this browser speak for the voice whose code is typed in."""
    if request.method == "POST":
        try:
            speakers.take_up(request.session, _voice_of_code(request))
        except Refused as refusal:
            messages.error(request, str(refusal.words))
            return render(request, "accounts/recover.html", status=refusal.status)
        messages.success(request, _("Welcome back. This browser speaks for your voice now."))
        return redirect("contributions")
    return render(request, "accounts/recover.html")


def _voice_of_code(request: HttpRequest) -> Speaker:
    if not allows(CodeLimit, request):
        raise Refused(_("Too many tries. Please wait ten minutes."), code="throttled", status=429)
    return recovery.speaker_of(request.POST.get("code", ""))
