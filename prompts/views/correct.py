"""The page where somebody corrects a sentence of their own that was rejected, or that nobody decided about yet."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import speakers
from common.errors import Refused
from prompts import own, submitting
from prompts.models import Prompt
from prompts.own import flaws_of


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, locale: str, prompt_id: UUID) -> HttpResponse:
    """Show the sentence with why it was rejected; POST sends the corrected one to be reviewed."""
    writer = speakers.current(request.session)
    rows = own.of_person(writer) if writer else Prompt.objects.none()
    prompt = get_object_or_404(rows.select_related("language"), pk=prompt_id, language__tag=locale)
    context = {"prompt": prompt, "language": prompt.language, "flaws": flaws_of(prompt), "text": prompt.text}
    if request.method != "POST":
        return render(request, "prompts/correct.html", context)
    text = request.POST.get("text", "")
    try:
        submitting.correct(prompt=prompt, text=text)
    except Refused as no:
        return render(
            request, "prompts/correct.html", context | {"text": text, "fault": no.words}, status=400
        )
    messages.success(request, _("Thank you. The corrected sentence was sent to be reviewed."))
    return redirect("write", locale)
