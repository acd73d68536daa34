"""Headers that every answer carries: pages, API, files, errors. Other middleware adds what frameworks know of."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answerer = Callable[[HttpRequest], HttpResponseBase]

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
