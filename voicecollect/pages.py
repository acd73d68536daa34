"""Pages that belong to no app: the home page, the languages, and what explains the site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from languages.models import Language
from voicecollect import choosing, numbers

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
    sought = request.GET.get("q", "").strip()[:100]
    found = choosing.matching(offered, sought) if sought else choosing.own_first(offered, _wanted(request))
    context = {"found": found, "sought": sought, "offered": offered, "total": numbers.total(counts)}
    return render(request, "pages/home.html", context)


def _wanted(request: HttpRequest) -> list[str]:
    """Return tags of the languages that the person probably speaks: the last one given to, then the browser's."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return [tag for tag in (request.session.get(LAST_LANGUAGE), *(tag for tag, _share in accepted)) if tag]


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """List all languages with how far they are."""
    offered = choosing.choices(Language.objects.all(), numbers.by_language(), get_language() or "en")
    return render(request, "pages/languages.html", {"offered": offered})


@require_safe
def language(request: HttpRequest, locale: str) -> HttpResponse:
    """Show one language: what was given, what is wanted."""
    found = get_object_or_404(Language, tag=locale)
    [choice] = choosing.choices([found], numbers.by_language(), get_language() or "en")
    sentences = found.prompts.wanted(found).count()
    return render(
        request, "pages/language.html", {"choice": choice, "language": found, "sentences": sentences}
    )


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
