"""Puts the voice that speaks, and all voices of the browser, on the request."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts import labels, roles, speakers


@dataclass(frozen=True)
class Voice:
    """A voice as the person at this browser knows it."""

    id: str
    name: str  # given on this device, may be empty
    number: int
    is_current: bool


class SpeakerMiddleware:
    """Sets `speaker` (or None), `voices` and `role` on the request, looked up when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.speaker = SimpleLazyObject(lambda: speakers.current(request.session))  # type: ignore[attr-defined]
        request.voices = SimpleLazyObject(lambda: _voices(request))  # type: ignore[attr-defined]
        request.role = SimpleLazyObject(lambda: str(roles.role_of(get_user(request))))  # type: ignore[attr-defined]
        return self.get_response(request)


def _voices(request: HttpRequest) -> list[Voice]:
    names, current = labels.read(request), request.session.get(speakers.CURRENT)
    return [
        Voice(each, labels.of(names, each), number, each == current)
        for number, each in enumerate(request.session.get(speakers.ALL, []), start=1)
    ]
