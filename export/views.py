"""Pages of datasets, which work without JavaScript, and the downloads at lasting addresses."""

import hashlib
from pathlib import Path

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.roles import Act
from common.files import file_response
from common.signing import Signer
from common.storage import DurableFiles
from export import catalogue, metadata, progress, storing, withdrawals
from export.models import Archive, Release
from export.states import PUBLIC
from languages.models import Language

KEPT = "public, max-age=86400"  # a file of a published number never changes; it may be withdrawn


@gzip_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what was published, newest first."""
    return render(request, "export/index.html", {"datasets": catalogue.datasets()})


@gzip_page
@require_safe
def release_page(request: HttpRequest, number: str) -> HttpResponse:
    """List the languages of one release: the address by which it is cited; to organisers, how far it is before."""
    if in_making := _in_making(request, number):
        return _progress(request, in_making)
    release = _public(number)
    if release.is_withdrawn:
        return _gone(request, release)
    return render(request, "export/index.html", {"datasets": catalogue.datasets(release=release)})


@gzip_page
@require_safe
def versions(request: HttpRequest, locale: str) -> HttpResponse:
    """List the versions of one language."""
    language = get_object_or_404(Language, tag=locale)
    found = catalogue.datasets(locale=locale)
    return render(request, "export/versions.html", {"language": language, "datasets": found})


@gzip_page
@require_safe
def version(request: HttpRequest, locale: str, number: str) -> HttpResponse:
    """Show one language of one release: figures, downloads with checksums, how to use and cite it."""
    release = _public(number)
    if release.is_withdrawn:
        return _gone(request, release)
    found = [each for each in catalogue.datasets(release=release) if each.edition.locale == locale]
    if not found:
        raise Http404
    [dataset] = found
    facts = dataset.edition.statistics
    context = {
        "dataset": dataset, "edition": dataset.edition, "release": release, "facts": facts,
        "tables": metadata.in_order(facts), "public_key": Signer.from_secret(settings.SIGNING_KEY).public_key(),
    }  # fmt: skip
    return render(request, "export/version.html", context)


@require_safe
def download(request: HttpRequest, number: str, name: str) -> HttpResponseBase:
    """Hand out an archive or a document of a published release."""
    release = _public(number)
    if release.is_withdrawn:
        return _gone(request, release)
    if document := release.documents.filter(name=name).first():
        answer = _drawing if document.media_type.startswith("image/svg") else _document
        return answer(request, document.text.encode(), document.media_type)
    archive = get_object_or_404(
        Archive.objects.select_related("edition__release"), edition__release=release, name=name
    )
    return _archive(request, archive)


@require_safe
def withdrawn(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand out the list of what speakers took back, as a table or a feed, or the signature of one."""
    text = withdrawals.document(name).encode()
    response = _document(request, text, withdrawals.MEDIA_TYPES[name])
    response["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
def public_key(request: HttpRequest) -> HttpResponseBase:
    """Hand out the key that verifies the signatures of all releases."""
    key = Signer.from_secret(settings.SIGNING_KEY).public_file()
    return _document(request, key.encode(), "text/plain; charset=utf-8")


def _public(number: str) -> Release:
    release = Release.objects.public().numbered(number).first()
    if release is None:
        raise Http404
    return release


def _in_making(request: HttpRequest, number: str) -> Release | None:
    """Return a release that isn't published yet, if the one who asks may make releases."""
    if not roles.may_somewhere(request.user, Act.RELEASE):
        return None
    return Release.objects.exclude(state__in=PUBLIC).numbered(number).first()


def _progress(request: HttpRequest, release: Release) -> HttpResponse:
    archives = progress.of_release(release)
    context = {"release": release, "archives": archives, "pace": progress.pace(release, archives)}
    return render(request, "export/progress.html", context)


def _gone(request: HttpRequest, release: Release) -> HttpResponse:
    context = {"release": release, "newest": catalogue.newest_after(release)}
    return render(request, "export/gone.html", context, status=410)


def _document(request: HttpRequest, content: bytes, media_type: str) -> HttpResponseBase:
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    if fresh := get_conditional_response(request, etag=etag):
        return fresh
    return HttpResponse(content, content_type=media_type, headers={"ETag": etag, "Cache-Control": KEPT})


def _drawing(request: HttpRequest, content: bytes, media_type: str) -> HttpResponseBase:
    """Answer with a plot of ours, which has its styles inside and runs nothing."""

    @csp_update({"style-src": [UNSAFE_INLINE]})
    def styled(request: HttpRequest) -> HttpResponseBase:
        return _document(request, content, media_type)

    return styled(request)


def _archive(request: HttpRequest, archive: Archive) -> HttpResponseBase:
    storage, media_type = storages["releases"], storing.media_type(archive.name)
    if isinstance(storage, DurableFiles):
        path = Path(storage.path(archive.key))
        if not path.is_file():
            raise Http404
        response = file_response(request, path, media_type)
    elif request.method == "HEAD":  # a signed link is good for GET alone
        response = HttpResponse(content_type=media_type)
        response["Content-Length"] = str(archive.bytes)
        response["Accept-Ranges"] = "bytes"
        response["ETag"] = f'"{archive.sha256}"'
    else:
        return HttpResponseRedirect(storage.url(archive.key))
    response["Cache-Control"] = KEPT
    return response
