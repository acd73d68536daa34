"""The page for reviewing sentences: a plain form, one sentence at a time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import speakers
from accounts.models import Speaker
from common.errors import Refused
from common.throttles import ReviewLimit, allows
from languages.models import Language
from prompts import near, reviewing
from prompts.models import Prompt
from prompts.options import Flaw, Opinion
from prompts.reviewables import next_to_review

LAST = "reviewed"  # in the session: what can be taken back


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, locale: str) -> HttpResponse:
    """Show a sentence of somebody else's; POST says whether it may be read."""
    language = get_object_or_404(Language, tag=locale)
    request.session["language"] = locale
    if language.state == Language.State.PAUSED:
        return render(request, "pages/paused.html", {"language": language})
    reviewer = speakers.current_or_new(request.session)
    if request.method == "POST":
        _answer(request, reviewer)
        return redirect("review", locale)
    shown = next_to_review(language=language, reviewer=reviewer, count=1)
    context = {
        "language": language,
        "prompt": shown[0] if shown else None,
        "similar": near.find(language, [shown[0].text], but=shown).get(0) if shown else None,
        "flaws": Flaw.choices,
        "last": _last(request),
    }
    return render(request, "prompts/review.html", context)


def _last(request: HttpRequest) -> Prompt | None:
    last = request.session.get(LAST)
    return Prompt.objects.filter(pk=last).first() if last else None


def _answer(request: HttpRequest, reviewer: Speaker) -> None:
    try:
        _say(request, reviewer)
    except ValueError:
        messages.error(request, _("Please answer for the sentence that is shown."))
    except Refused as no:
        messages.error(request, str(no.words))


def _say(request: HttpRequest, reviewer: Speaker) -> None:
    """Do what the button that was pressed says; each "no" carries its reason, which may be empty."""
    said = request.POST
    if not allows(ReviewLimit, request):
        raise Refused(_("That was a lot at once. Please go on in some minutes."), code="limit", status=429)
    prompt_id = UUID(said.get("sentence", ""))
    if "undo" in said:
        reviewing.undo(prompt_id=prompt_id, reviewer=reviewer)
        request.session.pop(LAST, None)
        messages.success(request, _("Your answer is taken back."))
        return
    opinion = Opinion.APPROVE if "yes" in said else Opinion.REJECT if "no" in said else Opinion.UNSURE
    flaws = [flaw for flaw in said.getlist("no") if flaw]
    reviewing.review(prompt_id=prompt_id, reviewer=reviewer, opinion=opinion, flaws=flaws)
    request.session[LAST] = str(prompt_id)
