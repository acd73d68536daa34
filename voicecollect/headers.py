"""Headers that every answer carries: pages, API, files, errors. Other middleware adds what frameworks know of."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answerer = Callable[[HttpRequest], HttpResponseBase]

JSON = ("application/json", "application/problem+json")
LOADS_NOTHING = "default-src 'none'; frame-ancestors 'none'"
PERMISSIONS = "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


class EveryAnswer:
    """The outermost middleware: what other middleware answers, such as static files, gets these headers too."""

    def __init__(self, get_response: Answerer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the page use the microphone and nothing else, and let nobody embed or keep what may be personal."""
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class Policy(CSPMiddleware):
    """What a page may load stands in the settings; JSON may load nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the header."""
        if response.headers.get("Content-Type", "").startswith(JSON):
            response.headers["Content-Security-Policy"] = LOADS_NOTHING
            return response
        return super().process_response(request, response)
