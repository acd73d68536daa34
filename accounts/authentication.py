"""Who speaks to the API: a browser by its session, or an app by an id and a token that it made itself.

`request.user` is the Speaker, or None for somebody new; `request.auth` is the session of a browser.
"""

import base64
import binascii
import re
import uuid
from typing import cast

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from accounts import speakers
from accounts.models import Speaker

TOKEN = re.compile(r"[a-z0-9]{40}")


def asking(request: Request) -> Speaker | None:
    """Return the speaker who asks, or None for somebody new."""
    return cast("Speaker | None", request.user)


def voice(request: Request) -> Speaker:
    """Return the speaker who asks a route that is for AnyVoice."""
    return cast("Speaker", request.user)


class DeviceSpeaker(BaseAuthentication):
    """`Authorization: Basic base64(uuid4:token)`, both made on the device; the first use creates the speaker."""

    def authenticate(self, request: Request) -> tuple[Speaker, None] | None:
        scheme, _space, credentials = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        speaker = speakers.of_device(*_read(credentials))
        if speaker is None:
            raise exceptions.AuthenticationFailed(_("This id belongs to another device."))
        return speaker, None

    def authenticate_header(self, request: Request) -> str:
        """Say how to authenticate."""
        return 'Basic realm="VoiceCollect"'


def _read(credentials: str) -> tuple[uuid.UUID, str]:
    try:
        device_id, _colon, token = base64.b64decode(credentials, validate=True).decode().partition(":")
        if TOKEN.fullmatch(token):
            return uuid.UUID(device_id), token
    except (ValueError, binascii.Error):
        pass
    raise exceptions.AuthenticationFailed(
        _("The id must be a UUID and the token 40 lower-case letters or digits.")
    )


class TakesPass(BaseAuthentication):
    """`Authorization: Pass …`, which a browser keeps beside each take; one that isn't ours counts as none."""

    def authenticate(self, request: Request) -> tuple[Speaker, None] | None:
        scheme, _space, proof = request.headers.get("Authorization", "").partition(" ")
        speaker = speakers.by_pass(proof) if scheme.lower() == "pass" else None
        return (speaker, None) if speaker else None


class SessionSpeaker(SessionAuthentication):
    """The browser's session, with Django's CSRF check."""

    def authenticate(self, request: Request) -> tuple[Speaker | None, SessionBase]:
        self.enforce_csrf(request)
        session = request._request.session
        return speakers.current(session), session


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = DeviceSpeaker
    name = "device"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the scheme for OpenAPI."""
        return {
            "type": "http",
            "scheme": "basic",
            "description": "A UUID and a 40-character token made on the device.",
        }


class PassScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TakesPass
    name = "pass"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the scheme for OpenAPI."""
        return {
            "type": "http",
            "scheme": "pass",
            "description": "What the page for recording gave to be kept beside each take.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = SessionSpeaker
    name = ["session", "csrf"]

    def get_security_definition(self, auto_schema: object) -> list[dict[str, str]]:
        """Describe the cookie, and the token that goes with it where something is changed."""
        token = "The value of the cookie csrftoken, which any page sets."  # noqa: S105 -- words about it
        return [
            {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            {"type": "apiKey", "in": "header", "name": "X-CSRFToken", "description": token},
        ]
