"""A device at an event: one person after the other, each as somebody new."""

from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import speakers
from languages.models import Language

KIOSK = "kiosk"  # in the session: the language of a device that is in kiosk mode


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def kiosk(request: HttpRequest, locale: str) -> HttpResponse:
    """Invite the next person, here or on their own phone; POST begins with a new voice, or ends kiosk mode."""
    language = get_object_or_404(Language, tag=locale)
    if language.state != Language.State.OPEN:
        return render(request, "pages/paused.html", {"language": language})
    if request.method == "POST":
        return _end(request, locale) if "end" in request.POST else _begin(request, locale)
    address = settings.SITE_URL + reverse("speak", args=[locale])
    code = segno.make_qr(address).svg_data_uri(border=2, light="white")
    context = {"language": language, "address": address, "code": code}
    return render(request, "accounts/kiosk.html", context)


def _begin(request: HttpRequest, locale: str) -> HttpResponse:
    request.session[KIOSK] = locale
    speakers.begin_anew(request.session)
    return redirect(f"{reverse('consent')}?{urlencode({'next': reverse('speak', args=[locale])})}")


def _end(request: HttpRequest, locale: str) -> HttpResponse:
    request.session.pop(KIOSK, None)
    return redirect("language", locale)
