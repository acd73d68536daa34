"""What a voice agreed to over time, with a receipt of each answer to print or to keep."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts import consent as consents
from accounts import receipts, speakers, wording
from accounts.models import Consent
from accounts.options import Purpose


@require_safe
@cache_control(no_store=True)
def history(request: HttpRequest) -> HttpResponse:
    """Show what holds now, how to change it and what follows, and every answer that was given."""
    speaker = speakers.current(request.session)
    answers = list(consents.answers(speaker)) if speaker else []
    context = {
        "answers": answers,
        "purposes": _answered(answers[0]) if answers else [],
        "no_publishing": wording.FOLLOWS[Purpose.PUBLISH, False],
        "any_use": wording.CC0_ALLOWS_ALL,
    }
    return render(request, "accounts/consents.html", context)


@require_safe
@cache_control(no_store=True)
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """Show one receipt, to be printed."""
    answer = _own(request, number)
    context = {"answer": answer, "number": receipts.number(answer), "purposes": _answered(answer)}
    return render(request, "accounts/receipt.html", context)


@require_safe
@cache_control(no_store=True)
def download(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out one receipt as JSON."""
    return _file(receipts.document(_own(request, number)), "receipt.json", "application/json")


@require_safe
@cache_control(no_store=True)
def signature(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out the signature of a receipt."""
    content = receipts.signature(_own(request, number)).encode()
    return _file(content, "receipt.json.minisig", "text/plain; charset=utf-8")


def _own(request: HttpRequest, number: int) -> Consent:
    speaker = speakers.current(request.session)
    if speaker is None or number >= 2**63:  # more than a database can be asked for
        raise Http404
    return get_object_or_404(consents.answers(speaker), pk=number)


def _answered(answer: Consent) -> list[tuple[Purpose, bool]]:
    return [(purpose, answer.allows(purpose)) for purpose in Purpose]


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
