"""The bell: tells a worker that a row waits. The row is the work; a bell that isn't heard loses nothing."""

import logging
import time
from typing import Any

from amqp import ChannelError
from celery import Celery, Task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

SWEEP_SECONDS = 15.0  # how long a row may wait whose bell nobody heard

UNHEARD = (KombuError, ChannelError, RedisError, OSError)
PAUSE = 5.0  # seconds in which a broker that didn't answer isn't asked again: people wait for their receipt meanwhile
_silent_until = 0.0  # on the monotonic clock


def ring(task: Task[Any, Any], **ids: str) -> None:
    """Queue the task once the transaction is committed; without a broker, or with a dead one, a sweep finds the row."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _ring_now(task, ids))


def _ring_now(task: Task[Any, Any], ids: dict[str, str]) -> None:
    global _silent_until  # noqa: PLW0603 -- one broker, one bell
    if time.monotonic() < _silent_until:
        return
    try:
        task.apply_async(kwargs=ids)
    except UNHEARD as fault:
        _silent_until = time.monotonic() + PAUSE
        log.warning("bell not heard task=%s fault=%s", task.name, type(fault).__name__)


def unheard(app: Celery, queue: str) -> int:
    """Return how many bells of a queue wait for a worker; 0 if the broker does not know the queue, or is away."""
    try:
        with app.connection_for_read(
            transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS
        ) as connection:
            channel: Any = connection.default_channel
            return int(channel.queue_declare(queue=queue, passive=True).message_count)
    except UNHEARD:
        return 0
