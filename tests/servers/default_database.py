"""PostgreSQL as the database of the test's own process, for what only real concurrency shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import dj_database_url
from django.core.management import call_command
from django.db import connections

from tests.servers.postgresql import Postgresql


@contextmanager
def default_database_on(server: Postgresql) -> Iterator[None]:
    """Let the default connection of every thread be a migrated database of its own on the server."""
    url = server.create_database(f"test-{uuid4().hex}")
    before, settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = settings | dict(dj_database_url.parse(url, engine="common.postgresql"))
    connections.settings["default"]["OPTIONS"] = {}
    del connections["default"]
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings
        connections["default"] = before
