"""Hands out objects where storage is files: private ones through short signed links alone."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from common.files import file_response
from common.storage import DurableFiles

TYPES = {".mp3": "audio/mpeg", ".flac": "audio/flac"}


@require_safe
def private_object(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Return the clip that a signed link names, until the link runs out."""
    try:
        key = TimestampSigner(salt="private-object").unsign(signed, max_age=settings.LINK_SECONDS)
    except BadSignature as fault:
        raise Http404 from fault
    response = _answer(request, key)
    response["Cache-Control"] = f"private, max-age={settings.LINK_SECONDS}"
    return response


def _answer(request: HttpRequest, key: str) -> HttpResponseBase:
    storage = storages["private"]
    if not isinstance(storage, DurableFiles) or not storage.exists(key):
        raise Http404
    path = Path(storage.path(key))
    return file_response(request, path, TYPES.get(path.suffix, "application/octet-stream"))
