"""Sending a whole file of sentences, and the report of what became of it."""

from uuid import UUID

from django.contrib import messages
from django.core.files import File
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import speakers
from accounts.persons import voices_of
from common.errors import Refused
from common.throttles import FileLimit, allows
from languages.lookup import writable_language_of
from prompts.importing import report, start_import
from prompts.models import SentenceImport


@require_POST
def send_file(request: HttpRequest, locale: str) -> HttpResponse:
    """Keep a file of sentences for a worker to take in."""
    try:
        _send(request, locale)
    except Refused as no:
        messages.error(request, str(no.words))
    else:
        messages.success(request, _("Thank you. The file is being read; see below how far it is."))
    return redirect("write", locale)


def _send(request: HttpRequest, locale: str) -> None:
    file = request.FILES.get("file")
    if not isinstance(file, File):
        raise Refused(_("Please choose a file."), code="no-file", status=400)
    if not allows(FileLimit, request):
        raise Refused(_("That was a lot at once. Please go on in some minutes."), code="limit", status=429)
    start_import(
        language=writable_language_of(locale),
        file=file,
        submitter=speakers.current_or_new(request.session),
        source=request.POST.get("source", ""),
        licence=request.POST.get("licence", ""),
        evidence=request.POST.get("evidence", ""),
        similar_too="similar_too" in request.POST,
    )


@require_safe
def file_report(request: HttpRequest, locale: str, import_id: UUID) -> HttpResponseBase:
    """Hand out the report of a file that this person sent, as TSV."""
    writer = speakers.current(request.session)
    voices = voices_of(writer) if writer else []
    job = get_object_or_404(SentenceImport, pk=import_id, language__tag=locale, submitter__in=voices)
    response = StreamingHttpResponse(report(job), content_type="text/tab-separated-values; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="report-{job.pk}.tsv"'
    return response
