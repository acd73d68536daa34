"""Whether the instance does its work: for load balancers, which ask often, and for whoever is woken at night.

What a web process needs (database, storage, room on the disk) decides whether it gets requests: 503 with the reasons.
The rest (broker, workers) is told in the same answer, and counts only with `?strict`: without a broker uploads go on.
"""

import os
import shutil
import time
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.models import Heartbeat
from common.storage import STORE_FAULTS, Bucket
from operations import figures

LEAST_FREE = 200 << 20  # bytes on the disk of DATA_DIR
OLDEST = 900.0  # seconds that a recording may wait
SWEEP_LATE = 120.0  # seconds since the last sweep
ASKED_AGAIN_AFTER = 5.0  # seconds: however often we are asked, the servers behind are asked no more often

Parts = dict[str, Any]
_last: tuple[float, Parts] | None = None


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while requests can be served, 503 with the reasons otherwise."""
    found = look()
    reasons = found["reasons"] + (found["warnings"] if "strict" in request.GET else [])
    return JsonResponse(found, status=503 if reasons else 200)


def look() -> Parts:
    """Return the state of each part, up to a few seconds old."""
    global _last  # noqa: PLW0603 -- one answer for all requests of this process
    if _last is None or time.monotonic() - _last[0] > ASKED_AGAIN_AFTER:
        _last = (time.monotonic(), _look())
    return _last[1]


def _look() -> Parts:
    found: Parts = {"reasons": [], "warnings": []}
    for name, check, is_needed in CHECKS:
        words = check(found)
        if words:
            found["reasons" if is_needed else "warnings"].append(f"{name}: {words}")
    return found


def _database(found: Parts) -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return ""


def _storage(found: Parts) -> str:
    storage = storages["private"]
    try:
        if isinstance(storage, Bucket):
            storage.probe()
        else:
            os.makedirs(storage.location, exist_ok=True)  # type: ignore[attr-defined]  # noqa: PTH103
    except STORE_FAULTS as fault:
        return f"unreachable ({type(fault).__name__})"
    return ""


def _disk(found: Parts) -> str:
    folder = next(each for each in (settings.DATA_DIR, *settings.DATA_DIR.parents) if each.exists())
    found["free_bytes"] = shutil.disk_usage(folder).free
    return f"{found['free_bytes'] >> 20} MB free" if found["free_bytes"] < LEAST_FREE else ""


def _broker(found: Parts) -> str:
    if not settings.REDIS_URL:
        return ""
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).ping()
    except redis.RedisError as fault:
        return f"unreachable ({type(fault).__name__})"
    return ""


def _work(found: Parts) -> str:
    try:
        waiting = figures.queue()
    except DatabaseError:
        return "unknown"
    found |= {"unfinished": waiting.unfinished, "oldest_seconds": round(waiting.oldest_seconds)}
    return (
        f"a recording waits since {waiting.oldest_seconds:.0f} s" if waiting.oldest_seconds > OLDEST else ""
    )


def _sweep(found: Parts) -> str:
    try:
        last = Heartbeat.objects.of("sweep")
    except DatabaseError:
        return "unknown"
    ago = (timezone.now() - last).total_seconds() if last else None
    found["sweep_seconds"] = None if ago is None else round(ago)
    return "" if ago is not None and ago < SWEEP_LATE else "no worker swept lately"


CHECKS: tuple[tuple[str, Callable[[Parts], str], bool], ...] = (
    ("database", _database, True),
    ("storage", _storage, True),
    ("disk", _disk, True),
    ("broker", _broker, False),
    ("work", _work, False),
    ("sweep", _sweep, False),
)
