"""The page for agreeing to how a voice is used."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import consent as consents
from accounts import speakers, wording
from accounts.models import Consent
from accounts.options import Method, Purpose
from accounts.views import after_this
from common.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def consent(request: HttpRequest) -> HttpResponse:
    """Show what happens with a voice, and record the answer."""
    text = consents.current_text(get_language() or consents.FALLBACK)
    after = after_this(request, reverse("home"))
    if request.method == "POST":
        before = _newest(request)
        chosen = frozenset(purpose for purpose in Purpose if purpose in request.POST.getlist("purpose"))
        try:
            consents.give(
                speaker=speakers.current_or_new(request.session),
                text=text,
                purposes=chosen,
                method=Method.WEB,
            )
        except Refused as refusal:
            messages.error(request, str(refusal.words))
        else:
            for words in wording.follows(before, chosen):
                messages.info(request, str(words))
            return redirect(after)
    title, _blank, body = text.body.partition("\n\n")
    context = {"text": text, "title": title, "body": body, "purposes": _purposes(request), "next": after}
    return render(request, "accounts/consent.html", context)


def _purposes(request: HttpRequest) -> list[tuple[Purpose, bool]]:
    """Return what may be agreed to, and whether it is ticked: as answered last, else nothing is."""
    before = _newest(request)
    return [(purpose, bool(before and before.allows(purpose))) for purpose in Purpose]


def _newest(request: HttpRequest) -> Consent | None:
    speaker = speakers.current(request.session)
    return consents.newest(speaker) if speaker else None
