"""The bell: tells a worker that a row waits. The row is the work; a bell that isn't heard loses nothing."""

import logging
from typing import Any

from celery import Task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring(task: Task[Any, Any], **ids: str) -> None:
    """Queue the task once the transaction is committed; without a broker, or with a dead one, a sweep finds the row."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _ring_now(task, ids))


def _ring_now(task: Task[Any, Any], ids: dict[str, str]) -> None:
    try:
        task.apply_async(kwargs=ids)
    except (OperationalError, OSError) as fault:
        log.warning("bell not heard task=%s fault=%s", task.name, type(fault).__name__)
