"""The page for agreeing to how a voice is used."""

from functools import cache

from babel import Locale
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import consent as consents
from accounts import speakers, wording
from accounts.ages import ADULT
from accounts.models import Consent
from accounts.options import Method, Purpose
from accounts.views import after_this
from common.errors import Refused
from languages.tags import plain

NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}  # unions, test regions, the unknown


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
            given = consents.give(
                speaker=speakers.current_or_new(request.session),
                text=text,
                purposes=chosen,
                method=Method.WEB,
                young=_young(request),
            )
        except Refused as refusal:
            messages.error(request, str(refusal.words))
        else:
            for words in wording.follows(before, chosen):
                messages.info(request, str(words))
            return redirect("ask-guardian" if given.needs_guardian else after)
    title, _blank, body = text.body.partition("\n\n")
    context = {"text": text, "title": title, "body": body, "purposes": _purposes(request), "next": after}
    context |= {
        "countries": countries(get_language() or "en"),
        "country": settings.JURISDICTION,
        "adult": ADULT,
    }
    return render(request, "accounts/consent.html", context)


def _young(request: HttpRequest) -> consents.Young | None:
    """Return what somebody says who isn't 18 yet. Raises Refused if the age is missing."""
    if "young" not in request.POST:
        return None
    age, country = request.POST.get("age", "").strip(), request.POST.get("country", "")
    if not (age.isascii() and age.isdigit() and len(age) < 4):
        raise Refused(_("Please tell your age in years; it isn't kept."), code="age-needed", status=400)
    return consents.Young(age=int(age), country=country if len(country) == 2 else "")


@cache
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of every country that CLDR names, in the language of the interface, by name."""
    names = Locale.parse(locale, sep="-").territories
    found = ((code, name) for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRIES)
    return tuple(sorted(found, key=lambda pair: plain(pair[1])))


def _purposes(request: HttpRequest) -> list[tuple[Purpose, bool]]:
    """Return what may be agreed to, and whether it is ticked: as answered last, else nothing is."""
    before = _newest(request)
    return [(purpose, bool(before and before.allows(purpose))) for purpose in Purpose]


def _newest(request: HttpRequest) -> Consent | None:
    speaker = speakers.current(request.session)
    return consents.newest(speaker) if speaker else None
