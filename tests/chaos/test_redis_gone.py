"""Redis is only a bell and a cache: without it takes are acknowledged all the same, and worked on once it is back."""

import threading
import time

import pytest

from tests.chaos.senders import Senders
from tests.servers.instance import Instance, Servers
from tests.servers.redis import Redis

UPLOADS = 100
UNSETTLED = "SELECT count(*) FROM recordings_recording WHERE state IN ('received', 'processing')"
SETTLED_WITHIN = 120


@pytest.mark.slow
def test_uploads_succeed_while_redis_is_gone_and_are_worked_on_when_it_is_back(folder, postgresql, s3):
    with Redis(folder / "redis") as redis:
        servers = Servers(postgresql, redis, s3)
        with Instance(folder / "instance", servers, workers=2, WEB_PROCESSES="2") as instance:
            redis.kill()
            senders = Senders(instance.url, UPLOADS, a_second=10)
            senders.start()
            while not senders.is_done:
                threading.Event().wait(0.1)
            assert senders.faults == []
            assert len(senders.acknowledged) == UPLOADS
            redis.start()
            until = time.monotonic() + SETTLED_WITHIN
            while instance.rows(UNSETTLED) != [(0,)]:
                assert time.monotonic() < until
                threading.Event().wait(0.3)
            states = "SELECT state, count(*) FROM recordings_recording GROUP BY state"
            assert instance.rows(states) == [("processed", UPLOADS)]
