"""Metrics for Prometheus: what the web processes counted, and how the instance fares."""

import hmac
import os
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from operations import figures

HERE = {"127.0.0.1", "::1"}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return all metrics, to who knows METRICS_TOKEN, or asks from this machine while no proxy stands between."""
    if not _may(request):
        raise PermissionDenied
    content = generate_latest(_counted()) + generate_latest(_faring())
    return HttpResponse(content, content_type=CONTENT_TYPE_LATEST)


def _may(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    return not settings.BEHIND_PROXY and request.META["REMOTE_ADDR"] in HERE


def _counted() -> CollectorRegistry:
    """Return what this process counted; with several processes, what all of them did."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _faring() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Faring())
    return registry


class Faring(Collector):
    """The figures of the database, asked for when somebody looks."""

    def collect(self) -> Iterator[Metric]:
        waiting = figures.queue()
        yield _one("unfinished_recordings", "Recordings that wait or are worked on", waiting.unfinished)
        yield _one(
            "oldest_unfinished_seconds", "How long the oldest of them has waited", waiting.oldest_seconds
        )
        yield _each("recordings", "Recordings by state", "state", figures.recordings_by_state())
        yield _each(
            "refusals", "Recordings that were refused, by reason", "reason", figures.refusals_by_reason()
        )
        yield _each("clips", "Clips by verdict", "state", figures.clips_by_state())
        yield _each("stored_bytes", "Bytes in the private storage", "kind", figures.bytes_by_kind())


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"voicecollect_{name}", words, value=value)


def _each(name: str, words: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"voicecollect_{name}", words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
