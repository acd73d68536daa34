"""The page for judging clips: a plain form, which the browser's script makes quicker where there is one."""

from uuid import UUID

from django.contrib import messages
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from accounts import speakers
from common.errors import Refused
from languages.models import Language
from recordings.models import Clip
from validation import voting
from validation.assigning import hand_out
from validation.options import Choice, Complaint, Reason

AHEAD = 10  # clips that come with the page


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
def listen(request: HttpRequest, locale: str) -> HttpResponse:
    """Hand out clips to judge; POST takes the answer of a browser without scripts."""
    language = get_object_or_404(Language, tag=locale)
    request.session["language"] = locale
    if language.state != Language.State.OPEN:
        return render(request, "pages/paused.html", {"language": language})
    if request.method == "POST":
        return _answered(request, locale)
    listener = speakers.current_or_new(request.session)
    clips = [_handed_out(clip) for clip in hand_out(language=language, listener=listener, count=AHEAD)]
    context = {
        "language": language,
        "clip": clips[0] if clips else None,
        "data": {"locale": language.tag, "clips": clips},
        "reasons": Reason.choices,
        "complaints": Complaint.choices,
    }
    return render(request, "validation/listen.html", context)


def _handed_out(clip: Clip) -> dict[str, object]:
    """Return a clip in the shape of the API, with a short link to its sound."""
    return {
        "id": str(clip.pk),
        "sentence": {"id": str(clip.prompt_id), "text": clip.prompt.text},
        "audioSrc": storages["private"].url(clip.delivery_key),
    }


def _answered(request: HttpRequest, locale: str) -> HttpResponse:
    listener = speakers.current_or_new(request.session)
    try:
        clip_id = UUID(request.POST.get("clip", ""))
    except ValueError:
        messages.error(request, _("Please answer for the clip that is shown."))
        return redirect("listen", locale)
    try:
        if "skip" in request.POST:
            voting.skip_clip(clip_id=clip_id, listener=listener)
        else:
            choice, reasons = _choice(request)
            voting.cast_vote(clip_id=clip_id, listener=listener, choice=choice, reasons=reasons)
    except Refused as refusal:
        messages.error(request, str(refusal.words))
    else:
        messages.success(request, _("Thank you. Here is the next one."))
    return redirect("listen", locale)


def _choice(request: HttpRequest) -> tuple[Choice, list[str]]:
    """Read which button was pressed: each "no" carries its reason, which may be empty."""
    if "yes" in request.POST:
        return Choice.YES, []
    if "no" in request.POST:
        return Choice.NO, [reason for reason in request.POST.getlist("no") if reason]
    return Choice.UNSURE, []
