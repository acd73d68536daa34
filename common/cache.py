"""The shared cache: Redis, or this process's own memory for as long as Redis is away.

What is cached can be counted anew, and limits go on being counted, each process for itself (common/throttles.py). So
nobody is turned away, and nobody is let through without a limit, because a cache is down.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

RETRY_AFTER = 5.0  # seconds in which Redis isn't asked again: each question could take as long as its timeout


def _or_memory(name: str) -> Callable[..., Any]:
    """Return the operation of this name, on Redis if it answers."""
    ask_redis = getattr(RedisCache, name)

    def operation(self: "RedisOrMemory", *args: Any, **kwargs: Any) -> Any:
        if not self.is_away:
            try:
                return ask_redis(self, *args, **kwargs)
            except RedisError as fault:
                log.warning("cache away fault=%s", type(fault).__name__)
                RedisOrMemory.away_until = time.monotonic() + RETRY_AFTER
        return getattr(self.memory, name)(*args, **kwargs)

    return operation


class KeptClient(RedisCacheClient):
    """Keeps its client of Redis; Django makes one for each operation, which costs more than asking."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return the client for reading or for writing."""
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class RedisOrMemory(RedisCache):
    """A cache in Redis that goes on in memory while Redis is away."""

    away_until: ClassVar[float] = 0.0  # of all threads, on the monotonic clock

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
        self.memory = LocMemCache("while-redis-is-away", params)

    @property
    def is_away(self) -> bool:
        """Tell whether Redis didn't answer a moment ago."""
        return time.monotonic() < self.away_until

    add = _or_memory("add")
    get = _or_memory("get")
    set = _or_memory("set")
    touch = _or_memory("touch")
    delete = _or_memory("delete")
    get_many = _or_memory("get_many")
    has_key = _or_memory("has_key")
    incr = _or_memory("incr")
    set_many = _or_memory("set_many")
    delete_many = _or_memory("delete_many")
    clear = _or_memory("clear")
