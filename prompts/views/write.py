"""The page where people write sentences: what can't be used comes back in place, with its fault."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import speakers
from common.errors import Refused
from common.throttles import SentenceLimit, allows
from languages.models import Language
from prompts import own
from prompts.cleaning import load_rules
from prompts.lines import Line
from prompts.options import Domain, Licence
from prompts.receiving import Refusal
from prompts.submitting import submit
from prompts.wording import refusal_in_words, rules_in_words

ORIGIN = "origin"  # in the session: what was said last about where sentences come from


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, locale: str) -> HttpResponse:
    """Show the form and what became of one's own sentences; POST sends sentences to be reviewed."""
    language = get_object_or_404(Language, tag=locale)
    request.session["language"] = locale
    if language.state == Language.State.PAUSED:
        return render(request, "pages/paused.html", {"language": language})
    if request.method != "POST":
        return _form(request, language, {"origin": request.session.get(ORIGIN, {})})
    origin = {name: request.POST.get(name, "") for name in ("source", "licence", "evidence")}
    lines = _lines(request)
    context: dict[str, object] = {"origin": origin, "domain": request.POST.get("domain", "")}
    try:
        refused = _submitted(request, language, lines, origin)
    except Refused as no:
        messages.error(request, str(no.words))
        return _form(request, language, context | {"text": "\n".join(line.text for line in lines)}, 400)
    request.session[ORIGIN] = origin
    _thank(request, len(lines) - len(refused))
    if not refused:
        return redirect("write", locale)
    return _form(request, language, context | {"refused": [_shown(no) for no in refused]})


def _lines(request: HttpRequest) -> list[Line]:
    """Return what was typed: lines that came back to be changed, and those of the large field."""
    said = request.POST
    texts = [*said.getlist("line"), *said.get("text", "").splitlines()]
    anyway = set(said.getlist("anyway"))
    more = {"domain": said.get("domain", ""), "variant": said.get("variant", "")}
    written = [(number, text) for number, text in enumerate(texts) if text.strip()]
    return [Line(number, text, **more, anyway=str(number) in anyway) for number, text in written]


def _submitted(
    request: HttpRequest, language: Language, lines: Sequence[Line], origin: dict[str, str]
) -> list[Refusal]:
    if not allows(SentenceLimit, request):
        raise Refused(_("That was a lot at once. Please go on in some minutes."), code="limit", status=429)
    if not lines:
        raise Refused(_("Please write at least one sentence."), code="nothing", status=400)
    submitter = speakers.current_or_new(request.session)
    return submit(language=language, lines=lines, submitter=submitter, **origin)


def _thank(request: HttpRequest, count: int) -> None:
    if count:
        words = ngettext(
            "Thank you. %(count)d sentence was sent; two people have to approve it.",
            "Thank you. %(count)d sentences were sent; two people have to approve each.",
            count,
        )
        messages.success(request, words % {"count": count})


def _shown(no: Refusal) -> dict[str, object]:
    return {
        "text": no.line.text,
        "words": refusal_in_words(no.code, no.detail),
        "similar": no.code == "similar",
    }


def _form(
    request: HttpRequest, language: Language, more: dict[str, object], status: int = 200
) -> HttpResponse:
    writer = speakers.current(request.session)
    context = {
        "language": language,
        "rules": rules_in_words(load_rules(language.tag)),
        "domains": Domain.choices,
        "variants": language.variants.all(),
        "licences": Licence.choices,
        "own": own.sentences_of(writer, language) if writer else [],
        "files": own.files_of(writer, language) if writer else [],
    }
    return render(request, "prompts/write.html", context | more, status=status)
