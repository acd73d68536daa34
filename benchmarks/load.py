"""How many requests one machine answers, and how soon while people record and read at once.

PostgreSQL with 10^5 open clips (benchmarks/collection makes them), Redis, files; a web process for each core, and two
workers behind them, as nice as those of `make run`. The load comes from this process over connections that are kept for
twenty requests (people's end sooner, since they record or listen between two), so its own work is in the figures, and
that of the workers, but not the nightly weighing of votes. `rates`: each route alone, requests a second at 1, 8 and 32
connections, before each of which all that was handed out to be read lapses. `mixed`: 50 uploads of 60 kB and 100 reads
a second at their times, whether earlier ones were answered or not; milliseconds from when each was due.
"""

import argparse
import asyncio
import base64
import hashlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from benchmarks import show, write

CLIPS, PEOPLE, VOTERS, CLIPS_EACH = 100_000, 10_000, 2_000, 20
TOKEN = "0123456789abcdefghij0123456789abcdefghij"
CONNECTIONS = (1, 8, 32)
PEER = {
    "GET sentences": 122,
    "GET clips": 24,
    "POST vote": 91,
    "PUT recording": 10.3,
}  # Common Voice's, 8 connections
UPLOADS, READS = 50, 100  # a second
TAKES = 32  # that differ
KEPT_FOR = 20  # requests: as long as it is kept, a connection stays with the web process that took it
Request = bytes


def md5_uuid(kind: str, number: int) -> uuid.UUID:
    """Return the id that benchmarks/collection gives a row."""
    return uuid.UUID(hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


# The collection


def fill() -> None:
    """Fill the database that the environment names: a collection, devices with consent, clips handed to voters."""
    import django

    django.setup()
    from django.utils import timezone

    from accounts import consent
    from accounts.models import Consent, Speaker
    from benchmarks import collection
    from validation.models import Assignment, Weighing

    language = collection.build(CLIPS)
    Weighing.objects.create(language=language, due_at=timezone.now() + timedelta(days=1))
    Speaker.objects.update(token_sha256=hashlib.sha256(TOKEN.encode()).hexdigest())
    text = str(consent.current_text("en").pk)
    collection.fill(Consent, PEOPLE, speaker_id=collection.uuid_of("person", "n"), text_id=text, method="'web'",
                   collect="true", publish="true")  # fmt: skip
    voter = f"CAST(n / {CLIPS_EACH} AS bigint)"
    collection.fill(Assignment, VOTERS * CLIPS_EACH, speaker_id=collection.uuid_of("person", f"{PEOPLE - 1} - {voter}"),
                   clip_id=collection.uuid_of("clip", "n"), served_at="now() - interval '1 hour'")  # fmt: skip


# The requests


def device(number: int) -> str:
    """Return the credentials of a person's device."""
    return base64.b64encode(f"{md5_uuid('person', number)}:{TOKEN}".encode()).decode()


def request(
    method: str, path: str, person: int, body: bytes = b"", kind: str = "application/json"
) -> Request:
    """Return a request as it goes over the wire."""
    head = (
        f"{method} /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {device(person)}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def sentences() -> Iterator[Request]:
    """Ask for ten sentences, each time as somebody else."""
    return (request("GET", "en/sentences?count=10", person % PEOPLE) for person in itertools.count())


def clips() -> Iterator[Request]:
    """Ask for ten clips, each time as somebody else."""
    return (request("GET", "en/clips?count=10", person % PEOPLE) for person in itertools.count())


def votes() -> Iterator[Request]:
    """Judge each clip that was handed out."""
    body = b'{"isValid": true}'
    for number in range(VOTERS * CLIPS_EACH):
        yield request(
            "POST", f"en/clips/{md5_uuid('clip', number)}/votes", PEOPLE - 1 - number // CLIPS_EACH, body
        )


def uploads() -> Iterator[Request]:
    """Send takes, each for another sentence and by somebody else."""
    for number in itertools.count():
        path = f"recordings/{uuid.uuid4()}?prompt={md5_uuid('prompt', number % CLIPS)}"
        take = takes()[number % TAKES]
        yield request("PUT", path, number * 7 % PEOPLE, take, "application/octet-stream")


@cache
def takes() -> list[bytes]:
    """Return takes of speech, of 60 kB each, which workers have to hear as they do those of people."""
    import numpy as np

    from tests import sound

    speech = sound.speech(seconds=1.2, around=0.3)
    noises = (np.random.default_rng(number).normal(0, 1e-4, len(speech)) for number in range(TAKES))
    return [sound.flac(speech + noise.astype(np.float32)) for noise in noises]


ROUTES: dict[str, Callable[[], Iterator[Request]]] = {
    "GET sentences": sentences,
    "GET clips": clips,
    "POST vote": votes,
    "PUT recording": uploads,
}


# The load


class Connection:
    """A connection that is kept for some requests and then made anew; it asks one thing at a time."""

    def __init__(self, url: str) -> None:
        self._host, self._port = str(urlsplit(url).hostname), int(urlsplit(url).port or 80)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._asked = 0

    async def ask(self, wanted: Request) -> int:
        """Return the status of the answer; connect anew if the server closed."""
        self._asked += 1
        if self._asked % KEPT_FOR == 0:
            self.close()
        try:
            return await self._ask(wanted)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            return await self._ask(wanted)

    async def _ask(self, wanted: Request) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(wanted)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        await reader.readexactly(int(fields.get(b"content-length", b"0")))
        if fields.get(b"connection") == b"close":
            self.close()
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """Close it, if it is open."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


async def rate(url: str, requests: Iterator[Request], connections: int, seconds: float) -> dict[str, float]:
    """Ask as fast as answers come; return requests a second, the slowest of a hundred in ms, and errors."""
    until, times, statuses = time.perf_counter() + seconds, [], []

    async def one() -> None:
        connection = Connection(url)
        while (start := time.perf_counter()) < until and (wanted := next(requests, None)):
            statuses.append(await connection.ask(wanted))
            times.append(time.perf_counter() - start)
        connection.close()

    start = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    spent = time.perf_counter() - start
    return {"per_second": len(times) / spent, "p99_ms": 1000 * at(times, 0.99), "errors": failed(statuses)}


async def mixed(url: str, seconds: float) -> dict[str, Any]:
    """Upload and read at a steady pace; return how soon the slowest of a hundred were answered, and errors."""
    kinds = {"upload": (UPLOADS, uploads()), "read": (READS, either(sentences(), clips()))}
    return dict(
        zip(
            kinds, await asyncio.gather(*(paced(url, *kind, seconds) for kind in kinds.values())), strict=True
        )
    )


async def paced(url: str, per_second: int, requests: Iterator[Request], seconds: float) -> dict[str, float]:
    """Ask at equal intervals over as many connections as that takes."""
    idle: list[Connection] = []
    times: list[float] = []
    statuses: list[int] = []
    begin = time.perf_counter() + 0.5

    async def one(number: int) -> None:
        due, wanted = begin + number / per_second, next(requests)
        await asyncio.sleep(due - time.perf_counter())
        connection = idle.pop(0) if idle else Connection(url)  # each in turn, as of many people
        statuses.append(await connection.ask(wanted))
        idle.append(connection)
        times.append(time.perf_counter() - due)

    for second in range(int(seconds)):  # a second's worth at a time, so that bodies don't fill the memory
        await asyncio.sleep(begin - 0.3 + second - time.perf_counter())
        async with asyncio.TaskGroup() as group:
            for number in range(second * per_second, (second + 1) * per_second):
                group.create_task(one(number))
    for connection in idle:
        connection.close()
    return {"asked": len(times), "median_ms": 1000 * at(times, 0.5), "p99_ms": 1000 * at(times, 0.99),
            "errors": failed(statuses)}  # fmt: skip


def either(*kinds: Iterator[Request]) -> Iterator[Request]:
    """Take from each in turn."""
    return (next(kind) for kind in itertools.cycle(kinds))


def at(values: list[float], share: float) -> float:
    """Return the value that this share of all stays below."""
    return sorted(values)[int(len(values) * share)]


def failed(statuses: list[int]) -> int:
    """Count answers that were no success."""
    return sum(not 200 <= status < 300 for status in statuses)


def tree_of(pid: int) -> set[int]:
    """Return a process and its children."""
    tree, found = {pid}, 0
    while len(tree) > found:
        found = len(tree)
        for path in Path("/proc").glob("[0-9]*/stat"):
            if int(fields_of(int(path.parent.name))[1]) in tree:
                tree.add(int(path.parent.name))
    return tree


def fields_of(pid: int) -> list[str]:
    """Return the fields of a process behind its name; see proc(5)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return ["", "-1"] + ["0"] * 20


def memory_mb(pid: int) -> float:
    """Return what a process and its children hold, in MB; what they share counts once (PSS)."""
    rollups = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in tree_of(pid)]
    return (
        sum(int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:"))
        / 1024
    )


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and its children have used."""
    ticks = [sum(map(int, fields_of(each)[11:13])) for each in tree_of(pid)]
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


# The run


def main(seconds: float, mixed_seconds: float) -> None:
    """Measure and print."""
    from tests.servers.instance import Instance
    from tests.servers.postgresql import Postgresql
    from tests.servers.redis import Redis

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Postgresql(folder / "postgresql") as postgresql, Redis(folder / "redis") as redis:
            instance = Instance(folder, workers=2, DATABASE_URL=postgresql.create_database("load"),
                                REDIS_URL=redis.url(1), WEB_PROCESSES="2", WEB_THREADS="8")  # fmt: skip
            instance.data.mkdir()
            environment = instance.env | {"DJANGO_SETTINGS_MODULE": "voicecollect.settings"}
            subprocess.run([sys.executable, "-m", "benchmarks.load", "--fill"], env=environment, check=True)
            try:
                _start(instance)
                report(instance, postgresql, seconds, mixed_seconds)
            finally:
                instance.stop()


def _start(instance: Any) -> None:
    for process in instance.processes:
        process.start()
    for worker in instance.workers:
        os.setpriority(os.PRIO_PROCESS, worker.pid, 19)
        with suppress(
            OSError
        ):  # here, unlike there, it has a session of its own (see recordings/audio/zygote)
            Path(f"/proc/{worker.pid}/autogroup").write_text("19")
    instance.web.wait_until(instance.serves)


def report(instance: Any, postgresql: Any, seconds: float, mixed_seconds: float) -> None:
    """Measure each route, then all at once; print tables and keep the figures."""
    found = {
        route: route_rates(instance, postgresql, requests(), seconds) for route, requests in ROUTES.items()
    }
    lapse(postgresql)
    together = asyncio.run(mixed(instance.url, mixed_seconds))
    memory = memory_mb(instance.web.pid)
    rows = [[route, *(value for each in by_count.values() for value in each.values())]
            for route, by_count in found.items()]  # fmt: skip
    kinds = ("req/s", "p99 ms", "errors", "web CPU ms", "database CPU ms")
    show(["", *(f"{count}: {kind}" for count in CONNECTIONS for kind in kinds)], rows)
    show(
        ["mixed", "asked", "median ms", "p99 ms", "errors"],
        [[kind, *each.values()] for kind, each in together.items()],
    )
    print(f"web processes hold {memory:.0f} MB")
    ratios = {route: found[route][8]["per_second"] / peer for route, peer in PEER.items()}
    write("load", {"rates": found, "mixed": together, "web_mb": memory, "ratios": ratios})
    print(json.dumps({"ratios to Common Voice at 8 connections": ratios}))


def route_rates(
    instance: Any, postgresql: Any, requests: Iterator[Request], seconds: float
) -> dict[int, dict[str, float]]:
    """Measure one route at each number of connections, with the processor time of each server for a request."""
    servers = {"web_cpu_ms": instance.web.pid, "database_cpu_ms": postgresql.pid}
    found = {}
    for count in CONNECTIONS:
        lapse(postgresql)
        before = {name: cpu_seconds(pid) for name, pid in servers.items()}
        figures = asyncio.run(rate(instance.url, requests, count, seconds))
        asked = figures["per_second"] * seconds
        spent = {name: 1000 * (cpu_seconds(pid) - before[name]) / asked for name, pid in servers.items()}
        found[count] = figures | spent
    return found


def lapse(postgresql: Any) -> None:
    """End all reservations: people who come again would hold nine sentences of ten after a while."""
    with psycopg.connect(postgresql.url("load"), autocommit=True) as connection:
        connection.execute("TRUNCATE prompts_reservation")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fill", action="store_true")
    parser.add_argument(
        "--seconds", type=float, default=10, help="of each route at each number of connections"
    )
    parser.add_argument("--mixed-seconds", type=float, default=60)
    options = parser.parse_args()
    if options.fill:
        fill()
    else:
        main(options.seconds, options.mixed_seconds)
