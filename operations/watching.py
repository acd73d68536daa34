"""Watches each request: gives it an id, logs one line about it, and counts it for monitoring.

A line tells the route and not the address, and nothing of who asked.
"""

import contextvars
import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

log = logging.getLogger("voicecollect.requests")

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0, 60.0)
UNWATCHED = {"health", "metrics"}  # asked every few seconds

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
answered = Histogram(
    "voicecollect_request_seconds", "How long answers took", ["method", "route", "status"], buckets=SECONDS
)


class Watch:
    """Middleware: the first one, so that it sees what all others do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(_id_of(request))
        began = time.monotonic()
        try:
            response = self.get_response(request)
            response[HEADER] = request_id.get()
            _note(request, response, time.monotonic() - began)
        finally:
            request_id.reset(token)
        return response


def _id_of(request: HttpRequest) -> str:
    """Return the id that our own proxy gave the request, or a new one; what a stranger claims doesn't count."""
    given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
    return given if GIVEN.fullmatch(given) else uuid.uuid4().hex


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    if match and match.url_name in UNWATCHED:
        return
    route = match.route if match else "none"
    method = (
        request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"
    )
    answered.labels(method, route, response.status_code).observe(seconds)
    log.info("%s %s %s %.0f ms", method, route, response.status_code, seconds * 1000)
