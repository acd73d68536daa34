"""Puts the voice that speaks on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts import speakers


class SpeakerMiddleware:
    """Sets `request.speaker` to the session's Speaker or None, looked up when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.speaker = SimpleLazyObject(lambda: speakers.current(request.session))  # type: ignore[attr-defined]
        return self.get_response(request)
