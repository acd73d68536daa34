"""How often one speaker, or one address without a speaker, may do a thing (settings.API_LIMITS), by role more often.

While the shared cache is away each web process counts for itself, and allows its share.
"""

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from common.cache import RedisOrMemory


class Limit(SimpleRateThrottle):
    """A limit by its name in settings.API_LIMITS: (how many, in how many seconds)."""

    cache_format = "limit:%(scope)s:%(ident)s"

    def get_rate(self) -> str:
        """Name the limit; its numbers are in the settings."""
        return str(self.scope)

    def parse_rate(self, rate: str | None) -> tuple[int | None, int | None]:
        """Return how many requests are allowed in how many seconds."""
        allowed: tuple[int, int] = settings.API_LIMITS[str(rate)]
        return (max(1, allowed[0] // settings.WEB_PROCESSES), allowed[1]) if _counts_alone() else allowed

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Allow as many times as much as the settings say for the role of the account that is signed in."""
        role = str(getattr(request._request, "role", ""))
        allowed, _seconds = self.parse_rate(self.get_rate())
        self.num_requests = (allowed or 0) * settings.LIMITS_TIMES.get(role, 1)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Count by speaker, or by address for somebody new."""
        ident = str(request.user.pk) if request.user else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


class UploadLimit(Limit):
    scope = "upload"


class VoteLimit(Limit):
    scope = "vote"


class ReportLimit(Limit):
    scope = "report"


class SentenceLimit(Limit):
    scope = "sentence"


class CheckLimit(Limit):
    scope = "check"


class ReviewLimit(Limit):
    scope = "review"


class FileLimit(Limit):
    scope = "file"


class CodeLimit(Limit):
    scope = "code"


class TakeOutLimit(Limit):
    scope = "take-out"


class LetterLimit(Limit):
    scope = "letter"


def allows(limit: type[Limit], request: HttpRequest) -> bool:
    """Count a request for a page by its address; tell whether there were not too many."""
    return limit().allow_request(Request(request), APIView())


def _counts_alone() -> bool:
    cache = caches["default"]
    return isinstance(cache, RedisOrMemory) and cache.is_away
