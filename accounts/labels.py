"""Names that people give to the voices of one device: kept in a cookie there, never in the database."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE, SALT = "voices", "accounts.labels"
LONGEST = 24
SHORT = 8  # of a voice's id: enough to tell those of one device apart, so that 20 names fit into a cookie


def read(request: HttpRequest) -> dict[str, str]:
    """Return the names on this device by the beginning of the voice's id; none if the cookie was tampered with."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return {}
    return {str(key): str(name) for key, name in kept.items()}


def of(names: dict[str, str], speaker_id: str) -> str:
    """Return what a voice is called on this device, or an empty text."""
    return names.get(speaker_id[:SHORT], "")


def write(request: HttpRequest, response: HttpResponse, speaker_id: str, name: str) -> None:
    """Call a voice by a name on this device; without a name, forget what it was called."""
    names = read(request)
    names.pop(speaker_id[:SHORT], None)
    if name := " ".join(name.split())[:LONGEST]:
        names[speaker_id[:SHORT]] = name
    response.set_cookie(
        COOKIE,
        signing.dumps(names, salt=SALT, compress=True),
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
