"""The page for writing down what was spoken freely, and for looking at what others wrote: a plain form."""

from uuid import UUID

from django.contrib import messages
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from accounts import speakers
from accounts.models import Speaker
from common.errors import Refused
from languages.models import Language
from validation import transcribing, voting


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def transcribe(request: HttpRequest, locale: str) -> HttpResponse:
    """Show a text of somebody else to be reviewed, or else a clip to be written down; POST takes the answer."""
    language = get_object_or_404(Language, tag=locale)
    request.session["language"] = locale
    if language.state != Language.State.OPEN:
        return render(request, "pages/paused.html", {"language": language})
    listener = speakers.current_or_new(request.session)
    context: dict[str, object] = {"language": language}
    if request.method == "POST":
        try:
            _take(request, listener)
        except Refused as no:
            messages.error(request, str(no.words))
            context["typed"] = request.POST.get("text", "")
        else:
            messages.success(request, _("Thank you. Here is the next one."))
            return redirect("transcribe", locale)
    return render(request, "validation/transcribe.html", context | _next(language, listener))


def _next(language: Language, listener: Speaker) -> dict[str, object]:
    text = transcribing.next_to_review(language=language, listener=listener)
    clip = text.clip if text else transcribing.next_to_write(language=language, listener=listener)
    sound = storages["private"].url(clip.delivery_key) if clip else ""
    return {"clip": clip, "text": text, "sound": sound}


def _take(request: HttpRequest, listener: Speaker) -> None:
    """Do what the pressed button says. Raises Refused for what can't be done, or read."""
    said, text = request.POST, request.POST.get("text", "")
    try:
        clip_id, text_id = UUID(said.get("clip", "")), int(said.get("transcription") or 0)
    except ValueError as fault:
        words = _("Please answer for the recording that is shown.")
        raise Refused(words, code="unreadable", status=400) from fault
    if "skip" in said:
        voting.skip_clip(clip_id=clip_id, listener=listener)
    elif text_id:
        transcribing.review(
            transcription_id=text_id, reviewer=listener, accept="reject" not in said, text=text
        )
    else:
        transcribing.write(clip_id=clip_id, author=listener, text=text)
