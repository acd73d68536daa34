"""The page for agreeing to how a voice is used."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import consent as consents
from accounts import speakers
from accounts.options import Method, Purpose
from accounts.views import after_this
from common.errors import Refused

PURPOSES = {
    Purpose.COLLECT: _("Store my recordings and have volunteers check them (needed to take part)"),
    Purpose.PUBLISH: _("Publish checked recordings as open data (CC0)"),
    Purpose.TRAIN_RECOGNITION: _("Teach machines to understand speech"),
    Purpose.TRAIN_SYNTHESIS: _("Teach machines to speak"),
    Purpose.RESEARCH: _("Use them for research on language and speech"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def consent(request: HttpRequest) -> HttpResponse:
    """Show what happens with a voice, and record the answer."""
    text = consents.current_text(get_language() or consents.FALLBACK)
    after = after_this(request, reverse("home"))
    if request.method == "POST":
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
            return redirect(after)
    title, _blank, body = text.body.partition("\n\n")
    context = {"text": text, "title": title, "body": body, "purposes": _purposes(request), "next": after}
    return render(request, "accounts/consent.html", context)


def _purposes(request: HttpRequest) -> list[tuple[Purpose, object, bool]]:
    """Return what may be agreed to, with words, and whether it is ticked: as answered last, else nothing is."""
    speaker = speakers.current(request.session)
    newest = consents.newest(speaker) if speaker else None
    return [
        (purpose, words, bool(newest and getattr(newest, purpose))) for purpose, words in PURPOSES.items()
    ]
