"""A whole VoiceCollect instance for a test: web and workers, with ports and data of their own."""

import os
import secrets
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Self

import psycopg

from tests.servers import seaweedfs
from tests.servers.ports import free_port
from tests.servers.postgresql import Postgresql
from tests.servers.process import Process
from tests.servers.redis import Redis
from tests.servers.seaweedfs import SeaweedFS

ROOT = Path(__file__).resolve().parents[2]
QUEUES = "audio,release,default"
INHERITED = {"PATH", "HOME", "LANG", "TMPDIR", "COVERAGE_PROCESS_START"}
WEB = [sys.executable, "-m", "gunicorn", "-c", "python:voicecollect.gunicorn"]
CELERY = [sys.executable, "-m", "celery", "-A", "voicecollect"]

_redis_databases = count(1)


class Servers(NamedTuple):
    """The servers that an instance in server mode uses; many instances may share them."""

    postgresql: Postgresql
    redis: Redis
    s3: SeaweedFS


class Instance:
    """Everything that runs, from migrated database to web and workers; embedded, or on `servers`.

    Further environment variables go in as keywords: `Instance(folder, CLIENT_CONSENT="quarantine")`.
    """

    def __init__(
        self, folder: Path, servers: Servers | None = None, *, workers: int = 1, **variables: str
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = self._environment() | (_addresses(servers) if servers else {}) | variables
        self.web = self._process("web", WEB)
        if servers:
            consumers = {"worker": [*CELERY, "worker", "-Q", QUEUES, "-c", str(workers), "-l", "INFO"]}
            rest = {"beat": [*CELERY, "beat", "-s", str(folder / "beat"), "-l", "INFO"]}
        else:
            consumers = {f"worker-{n}": [sys.executable, "manage.py", "work"] for n in range(workers)}
            rest = {}
        self.workers = [self._process(name, command) for name, command in consumers.items()]
        self._rest = [self._process(name, command) for name, command in rest.items()]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def processes(self) -> list[Process]:
        return [self.web, *self.workers, *self._rest]

    def start(self) -> None:
        """Prepare the database and start everything; return once pages are served."""
        self.data.mkdir(parents=True, exist_ok=True)
        try:
            self.manage("migrate")
            self.manage("load_demo")
            for process in self.processes:
                process.start()
            self.web.wait_until(self.serves)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End everything at once; a process that ends slowly is killed."""
        for process in self.processes:
            process.ask_to_end()
        for process in self.processes:
            process.see_it_end()

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command in the instance's environment; unless `check` is off it must succeed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(
                f"manage.py {' '.join(arguments)} failed ({done.returncode}):\n{done.stdout}{done.stderr}"
            )
        return done

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds in the instance's database."""
        if url := self.env.get("DATABASE_URL"):
            with psycopg.connect(url, connect_timeout=5) as connection:
                return connection.execute(query).fetchall()
        with closing(sqlite3.connect(self.data / "voicecollect.sqlite3", timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def kill_worker(self, number: int = 0) -> None:
        """Kill a worker with -9 and start it again, as a supervisor would."""
        self.workers[number].kill()
        self.workers[number].start()

    def logs(self) -> str:
        """Return what all processes have logged so far."""
        return "\n".join(f"--- {path.stem}\n{path.read_text()}" for path in sorted(self.folder.glob("*.log")))

    def _process(self, name: str, command: list[str]) -> Process:
        return Process(command, log=self.folder / f"{name}.log", env=self.env, cwd=ROOT)

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name in INHERITED}
        return inherited | {
            "PYTHONUNBUFFERED": "1",
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            "STATIC_ROOT": str(ROOT / "staticfiles"),
            "SECRET_KEY": secrets.token_urlsafe(64),
            "CLIENT_CONSENT": "accept",
            "REMAP_SIGTERM": "SIGQUIT",
        }

    def serves(self) -> bool:
        """Tell whether the web process answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def _addresses(servers: Servers) -> dict[str, str]:
    """Return the settings of an instance with a database, broker and buckets that no other one uses."""
    name = f"voicecollect-{secrets.token_hex(4)}"
    return {
        "DATABASE_URL": servers.postgresql.create_database(name),
        "REDIS_URL": servers.redis.url(next(_redis_databases)),
        "S3_ENDPOINT_URL": servers.s3.url,
        "S3_ACCESS_KEY_ID": seaweedfs.ACCESS_KEY,
        "S3_SECRET_ACCESS_KEY": seaweedfs.SECRET_KEY,
        "S3_REGION": seaweedfs.REGION,
        "S3_PRIVATE_BUCKET": servers.s3.create_bucket(f"{name}-private"),
        "S3_PUBLIC_BUCKET": servers.s3.create_bucket(f"{name}-public"),
    }
