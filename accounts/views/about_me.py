"""The page where people may tell of themselves what helps, and nothing that they don't want to."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import portrait, speakers
from accounts.models import Speaker
from accounts.options import Age, Gender
from common.errors import Refused
from languages.models import Language


@dataclass(frozen=True)
class Told:
    """What somebody told of how they speak one language, with all that is offered."""

    language: Language
    variants: list[int]
    accents: list[int]
    own_words: str


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def about_me(request: HttpRequest) -> HttpResponse:
    """Show what this voice told of itself, and why it helps; POST keeps it."""
    speaker = speakers.current(request.session)
    if speaker is None:
        return render(request, "accounts/about_me.html")
    languages = list(portrait.languages_of(speaker, request.session.get("language", "")))
    if request.method == "POST":
        try:
            _describe(request, speaker, languages)
        except Refused as refusal:
            messages.error(request, str(refusal.words))
        else:
            messages.success(request, _("Thank you. This goes with your recordings from now on."))
            return redirect("about-me")
    context = {
        "speaker": speaker,
        "ages": Age.choices,
        "genders": Gender.choices,
        "first_languages": portrait.all_languages(get_language() or "en"),
        "told": _told(speaker, languages),
        "longest": portrait.LONGEST,
    }
    return render(request, "accounts/about_me.html", context)


def _describe(request: HttpRequest, speaker: Speaker, languages: list[Language]) -> None:
    said = request.POST
    speeches = [
        portrait.Speech(
            language,
            variant=said.get(f"variant-{language.tag}", ""),
            accents=tuple(said.getlist(f"accent-{language.tag}")),
            own_words=said.get(f"words-{language.tag}", ""),
        )
        for language in languages
    ]
    portrait.describe(
        speaker=speaker,
        age=said.get("age", ""),
        gender=said.get("gender", ""),
        first_language=said.get("first_language", ""),
        speeches=speeches,
        earlier_too="earlier" in said,
    )


def _told(speaker: Speaker, languages: list[Language]) -> list[Told]:
    variants = list(speaker.variants.values_list("pk", flat=True))
    accents = list(speaker.accents.values_list("pk", flat=True))
    words = dict(speaker.own_accents.values_list("language_id", "words"))
    return [Told(language, variants, accents, words.get(language.pk, "")) for language in languages]
