"""Pages that belong to no app: the home page, the languages, and what explains the site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from dashboard import numbers
from export.catalogue import newest_release
from languages.models import Language
from voicecollect import choosing

SHOWN = 24  # languages on the home page; the others are a search or a list away
LAST_LANGUAGE = "language"  # in the session: what this browser gave to last


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Lead from `/` to the home page in the language of the browser."""
    return redirect("home")


@gzip_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Offer the languages to give to, the person's own first."""
    counts = numbers.by_language()
    offered = choosing.choices(Language.objects.open(), counts, get_language() or "en")
    sought = _sought(request)
    found = choosing.matching(offered, sought) if sought else choosing.own_first(offered, _wanted(request))
    context = {
        "found": found[:SHOWN],
        "more": len(found) - SHOWN,
        "sought": sought,
        "offered": offered,
        "total": numbers.total(counts.values()),
        "release": newest_release(),
    }
    return render(request, "pages/home.html", context)


def _sought(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:100]


def _wanted(request: HttpRequest) -> list[str]:
    """Return tags of the languages that the person probably speaks: the last one given to, then the browser's."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return [tag for tag in (request.session.get(LAST_LANGUAGE), *(tag for tag, _share in accepted)) if tag]


@gzip_page
@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """List all languages with how far they are, in the order that was asked for."""
    offered = choosing.choices(Language.objects.all(), numbers.by_language(), get_language() or "en")
    sought, order = _sought(request), request.GET.get("order", "name")
    found = choosing.matching(offered, sought) if sought else offered
    order = order if order in choosing.ORDERS else "name"
    context = {"found": sorted(found, key=choosing.ORDERS[order]), "sought": sought, "order": order}
    return render(request, "pages/languages.html", context | {"offered": offered})


@require_safe
def plain(request: HttpRequest, template: str) -> HttpResponse:
    """Show a page that is the same for everybody."""
    return render(request, f"pages/{template}.html")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Hand out the service worker from the root, since a worker rules only over addresses below its own."""
    script = settings.BASE_DIR / "frontend" / "dist" / "sw.js"
    return HttpResponse(script.read_bytes(), content_type="text/javascript")


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """Tell browsers how the site looks once it is installed."""
    return render(request, "pages/manifest.json", content_type="application/manifest+json")
