"""What every API route shares: errors as problem details (RFC 9457)."""

import logging
from functools import cache
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import set_rollback

from common import outage
from common.errors import Refused

log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"


def problem_body(status: int, detail: str, code: str = "", **more: Any) -> dict[str, Any]:
    """Return the members of a problem: `detail` in words for people, `code` for programs."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return body | ({"code": code} if code else {}) | more


def problem_response(status: int, detail: str, code: str = "") -> JsonResponse:
    """Return a problem from outside of the API framework."""
    return JsonResponse(problem_body(status, detail, code), status=status, content_type=PROBLEM_JSON)


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into problem details; None for what nobody foresaw."""
    match exc:
        case Refused():
            body = problem_body(exc.status, str(exc.words), exc.code)
        case exceptions.ValidationError():
            body = problem_body(400, _("Some of what was sent can't be used."), "invalid", errors=exc.detail)
        case exceptions.APIException():
            body = problem_body(exc.status_code, str(exc.detail), str(exc.get_codes()))
        case Http404():
            body = problem_body(404, _("There is nothing at this address."), "not-found")
        case PermissionDenied():
            body = problem_body(403, _("You may not do this."), "permission-denied")
        case _ if isinstance(exc, outage.OUTAGES):
            log.warning("outage fault=%s", type(exc).__name__, exc_info=exc)
            body = problem_body(503, outage.words(), "busy")
        case _:
            return None
    set_rollback()
    headers = _headers(exc)
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM_JSON)


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(exc, outage.OUTAGES):
        headers["Retry-After"] = str(outage.RETRY_AFTER)
    return headers


@cache
def _kept(serializer: type[Serializer[Any]]) -> Serializer[Any]:
    return serializer()


def checked(serializer: type[Serializer[Any]], sent: Any) -> dict[str, Any]:
    """Return what was sent, as the serializer understands it. Raises ValidationError.

    One serializer serves all requests: each new one copies its fields, which takes longer than to check a vote.
    """
    found: dict[str, Any] = _kept(serializer).run_validation(sent)
    return found


@csrf_exempt  # nothing is done here, so nothing is to be guarded, and the answer is a problem like all others
def nowhere(request: HttpRequest) -> JsonResponse:
    """Answer an address of the API that is none."""
    return problem_response(404, _("There is nothing at this address."), "not-found")
