"""A Redis server of its own for a test run."""

from pathlib import Path

import redis

from tests.servers.ports import free_port
from tests.servers.process import Process


class Redis(Process):
    """A server in `folder` on a free port; it keeps nothing unless `append_only`."""

    def __init__(self, folder: Path, *, append_only: bool = False) -> None:
        self.port = free_port()
        folder.mkdir(exist_ok=True)
        options = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": folder,
            "save": "",
            "appendonly": "yes" if append_only else "no",
            "databases": 64,
        }
        arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
        super().__init__(["redis-server", *arguments], log=folder / "redis.log")

    def start(self) -> None:
        """Start it and return once it answers."""
        super().start()
        self.wait_until(self._answers)

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def connect(self, database: int = 0) -> redis.Redis:
        return redis.Redis.from_url(self.url(database))

    def _answers(self) -> bool:
        try:
            with self.connect() as connection:
                return bool(connection.ping())
        except redis.ConnectionError:
            return False
