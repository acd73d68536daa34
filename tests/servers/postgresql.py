"""A PostgreSQL server of its own for a test run."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from shutil import chown, which

import psycopg
from psycopg import sql

from tests.servers.ports import free_port
from tests.servers.process import Process


class Postgresql(Process):
    """A cluster in `folder` on a free port; it waits for the disk, as production does, only if `durable`."""

    def __init__(
        self, folder: Path, *, durable: bool = False, settings: Mapping[str, object] | None = None
    ) -> None:
        self.port = free_port()
        # PostgreSQL refuses to run as root; Debian's package makes this user
        user = "postgres" if os.geteuid() == 0 else None
        data = folder / "data"
        super().__init__(
            [_binary("postgres"), "-D", data, *_options(self.port, durable, settings or {})],
            log=folder / "postgresql.log",
            cwd=folder,
            user=user,
            stop_signal=signal.SIGINT,
        )
        if not data.exists():
            self._make_cluster(folder, data)

    def _make_cluster(self, folder: Path, data: Path) -> None:
        folder.mkdir(exist_ok=True)
        if self.user:
            chown(folder, self.user, self.user)
        subprocess.run(
            [
                _binary("initdb"),
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            check=True,
            cwd=folder,
            user=self.user,
            group=self.user,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start it and return once it answers a query."""
        super().start()
        self.wait_until(self._answers)

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database that nobody is connected to."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url(), connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False


def _options(port: int, durable: bool, settings: Mapping[str, object]) -> list[str]:
    options: dict[str, object] = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 300,
    }
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options |= settings
    return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]


def _binary(name: str) -> Path:
    """Return the newest PostgreSQL's program; Debian keeps them off the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else which(name)
    if not found:
        raise RuntimeError(f"{name} is missing: install the package postgresql.")
    return Path(found)
