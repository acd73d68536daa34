import pytest
from django.core.cache import caches
from django.urls import path
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from common.cache import RedisOrMemory
from common.throttles import Limit
from tests.servers.redis import Redis


class Door(APIView):
    authentication_classes = []
    permission_classes = []

    class OwnLimit(Limit):
        scope = "door"

    throttle_classes = [OwnLimit]

    def get(self, request):
        return Response("open")


urlpatterns = [path("door", Door.as_view())]


@pytest.fixture
def on_redis(settings, folder):
    """Use a Redis that the test may kill; return it."""
    with Redis(folder / "redis") as server:
        RedisOrMemory.away_until = 0.0
        backend = {"BACKEND": "common.cache.RedisOrMemory", "LOCATION": server.url()}
        settings.CACHES = {"default": backend | {"OPTIONS": {"socket_timeout": 0.5}}}
        caches["default"].clear()
        yield server
        caches["default"].memory.clear()
        RedisOrMemory.away_until = 0.0


def test_what_is_cached_lies_in_redis(on_redis):
    caches["default"].set("a", 1)
    assert caches["default"].get("a") == 1
    assert not caches["default"].memory.has_key("a")


def test_without_redis_it_goes_on_in_memory(on_redis):
    on_redis.kill()
    caches["default"].set("a", 1)
    assert caches["default"].get("a") == 1
    assert caches["default"].get_or_set("b", lambda: 2) == 2
    assert caches["default"].incr("a") == 2
    assert caches["default"].is_away


def test_redis_is_asked_again_after_a_while(on_redis, monkeypatch):
    on_redis.kill()
    assert caches["default"].get("a") is None
    on_redis.start()
    monkeypatch.setattr(RedisOrMemory, "away_until", 0.0)
    caches["default"].set("a", 3)
    assert not caches["default"].is_away
    assert not caches["default"].memory.has_key("a")


@pytest.mark.parametrize(("processes", "allowed"), [(1, 6), (2, 3)])
def test_limits_hold_without_redis_and_each_process_allows_its_share(on_redis, settings, processes, allowed):
    settings.ROOT_URLCONF = __name__
    settings.API_LIMITS = settings.API_LIMITS | {"door": (6, 600)}
    settings.WEB_PROCESSES = processes
    on_redis.kill()
    caches["default"].get("notice")
    answers = [APIClient().get("/door").status_code for _ in range(8)]
    assert answers == [200] * allowed + [429] * (8 - allowed)


def test_with_redis_the_whole_limit_holds(on_redis, settings):
    settings.ROOT_URLCONF = __name__
    settings.API_LIMITS = settings.API_LIMITS | {"door": (6, 600)}
    settings.WEB_PROCESSES = 2
    assert [APIClient().get("/door").status_code for _ in range(8)] == [200] * 6 + [429] * 2
