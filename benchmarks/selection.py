"""How long it takes to choose what somebody reads and hears next, in collections of 10^4 to 10^7 sentences and clips.

What they consist of is said in `benchmarks/collection`. Milliseconds are those that PostgreSQL says it planned and
executed for one request of ten, and beside them the processor time of its process for the same, which other work on
the machine doesn't lengthen, and how many pages it looked at; of SQLite, which works inside the process, all that the
request took. PostgreSQL has in memory what requests read, as on a server that has run for a while. What is nearly done
was learnt by walking there: `learning` says how long the requests of that time took.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from subprocess import PIPE
from typing import TYPE_CHECKING, Any

from benchmarks import show, write
from benchmarks.collection import TAIL, build

if TYPE_CHECKING:
    from accounts.models import Speaker
    from languages.models import Language

ASKED, REQUESTS, BEFORE = 10, 200, 500
SHARE_OF_MEMORY = 0.5  # more than PostgreSQL advises for shared_buffers: collections of all sizes are in it
READ = (  # by both kinds of request, some of it at random places: on a server that runs, memory has it
    "prompts_prompt", "prompts_prompt_pkey", "prompt_choice", "prompt_ring", "recording_read",
    "prompts_reservation", "reservation_alone", "reservation_once", "reservation_held",
    "recordings_clip", "recordings_clip_pkey", "clip_choice", "clip_walk", "vote_walk",
    "validation_doubt", "validation_doubt_pkey", "doubt_walk", "validation_gold", "gold_walk",
)  # fmt: skip
TOLD_VISIBLE = ("recordings_recording", "validation_vote")  # of whose rows the indexes tell all
SPENT = """
    SELECT sum(total_plan_time + total_exec_time), sum(shared_blks_hit + shared_blks_read)
    FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat%'
"""
KINDS = ("sentences", "clips")
CASES = ("newcomer", "busiest", "nearly done")


@dataclass
class Timing:
    seconds: float = 0.0
    processor: float = 0.0
    pages: int = 0  # that PostgreSQL looked at
    queries: int = 0
    found: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


@contextmanager
def timed() -> Iterator[Timing]:
    """Count queries, and time what is spent in the database; SQLite works inside the process: everything is timed."""
    from django.db import connection

    timing = Timing()
    work = postgresql_works if connection.vendor == "postgresql" else process_works
    with work(timing), connection.execute_wrapper(timing):
        yield timing


@contextmanager
def process_works(timing: Timing) -> Iterator[None]:
    start, processor = time.perf_counter(), time.process_time()
    yield
    timing.seconds, timing.processor = time.perf_counter() - start, time.process_time() - processor


@contextmanager
def postgresql_works(timing: Timing) -> Iterator[None]:
    told_by_postgresql("SELECT pg_stat_statements_reset()")
    [backend_pid] = told_by_postgresql("SELECT pg_backend_pid()")
    backend = Path(f"/proc/{backend_pid}/schedstat")
    start = int(backend.read_text().split()[0])
    yield
    timing.processor = (int(backend.read_text().split()[0]) - start) / 1e9
    milliseconds, pages = told_by_postgresql(SPENT)
    timing.seconds, timing.pages = milliseconds / 1000, int(pages)


def settings() -> dict[str, object]:
    """Return those of a server that has the machine to itself, with an account of what it spends time on."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return {
        "shared_buffers": f"{int(SHARE_OF_MEMORY * megabytes)}MB", "wal_level": "minimal", "max_wal_senders": 0,
        "shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track_planning": "on",
    }  # fmt: skip


def let_go() -> None:
    """Let PostgreSQL write what was filled, and end the connection."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        os.sync()
    connection.close()


def settle(language: "Language") -> None:
    """Let PostgreSQL read into memory what requests will read, and account from now on.

    The process of PostgreSQL that answers requests does it: so the pages are in its own map of memory too, as they are
    once it has answered for a while. Requests of each kind are to follow: the first few hundred after all was read take
    up to three times as long in the largest collection, on machines that are virtual themselves.
    """
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
            for names, fork in ((READ, "main"), (TOLD_VISIBLE, "vm")):
                sql = "SELECT pg_prewarm(name::regclass, 'buffer', %s) FROM unnest(%s::text[]) AS name"
                cursor.execute(sql, [fork, list(names)])
    for _, kind in product(range(BEFORE), KINDS):
        ask(kind, language, speaker_for("newcomer"))


def told_by_postgresql(sql: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def figures(timings: list[Timing]) -> dict[str, float]:
    median, p95 = _middle_and_most([timing.seconds for timing in timings])
    processor, processor_p95 = _middle_and_most([timing.processor for timing in timings])
    return {
        "median_ms": median,
        "p95_ms": p95,
        "processor_ms": processor,
        "processor_p95_ms": processor_p95,
        "pages": statistics.median(timing.pages for timing in timings),
        "queries": statistics.median(timing.queries for timing in timings),
        "found": min(timing.found for timing in timings),
    }


def _middle_and_most(seconds: list[float]) -> tuple[float, float]:
    milliseconds = sorted(1000 * each for each in seconds)
    return statistics.median(milliseconds), milliseconds[int(len(milliseconds) * 0.95)]


def speaker_for(case: str) -> "Speaker":
    from hashlib import md5
    from uuid import UUID

    from accounts.models import Speaker

    if case == "newcomer":
        return Speaker.objects.create()
    number = 0 if case == "busiest" else TAIL
    return Speaker.objects.get(pk=UUID(md5(f"person{number}".encode()).hexdigest()))


def ask(kind: str, language: "Language", who: "Speaker") -> Timing:
    """Ask once, and give back what was handed out, as a recording or a vote would."""
    from django.db import transaction

    from prompts import reservations
    from prompts.selection import next_prompts
    from validation.assigning import hand_out
    from validation.models import Assignment

    with timed() as timing:
        if kind == "sentences":
            got = {each.pk for each in next_prompts(language=language, speaker=who, count=ASKED)}
        else:
            got = {each.pk for each in hand_out(language=language, listener=who, count=ASKED)}
    with transaction.atomic():
        if kind == "sentences":
            reservations.end(speaker=who, prompts=got)
        else:
            Assignment.objects.filter(speaker=who, clip__in=got).delete()
    timing.found = len(got)
    return timing


def learn(kind: str, language: "Language", who: "Speaker") -> list[Timing]:
    """Ask until a hundred times teach nothing more."""
    from django.db import connection
    from django.db.models import F, Sum

    from prompts.models import Stretch

    timings: list[Timing] = []
    known, before = 0, -1
    while known > before:
        timings += [ask(kind, language, who) for _ in range(100)]
        learnt = Stretch.objects.filter(speaker=who, of__startswith=kind)
        before, known = known, learnt.aggregate(sum=Sum(F("end") - F("start")))["sum"] or 0
    if connection.vendor == "postgresql":
        # As it does by itself within a minute; days of somebody's walks were seconds here
        with connection.cursor() as cursor:
            cursor.execute("VACUUM prompts_stretch")
    return timings


class Collection:
    """A process of its own that has a collection, since its settings name the database."""

    def __init__(self, size: int, environment: dict[str, str]) -> None:
        own = os.environ | {"DJANGO_SETTINGS_MODULE": "voicecollect.settings"} | environment
        command = [sys.executable, "-m", "benchmarks.selection", "--serve", str(size)]
        self._process = subprocess.Popen(command, env=own, stdin=PIPE, stdout=PIPE, text=True)
        self._read()

    def ask(self, kind: str, case: str, requests: int) -> list[Timing]:
        """Ask for what comes next as the person of the case; no requests: until nothing more is learnt."""
        self._write(f"{kind},{case},{requests}")
        return [Timing(**each) for each in self._read()]

    def let_go(self) -> None:
        """Let the database write what was filled, and leave it."""
        self._write("let go")
        self._read()

    def settle(self) -> None:
        """Let the database have in memory what requests will read."""
        self._write("settle")
        self._read()

    def _write(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _read(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def serve(size: int) -> None:
    """Build a collection, and answer what is asked of it, a line of JSON each, until there are no more questions."""
    import django

    django.setup()
    start = time.perf_counter()
    language = build(size)
    print(f"  {size:,} built in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    print("[]", flush=True)
    for line in map(str.strip, sys.stdin):
        timings = list[Timing]()
        if line == "let go":
            let_go()
        elif line == "settle":
            settle(language)
        else:
            kind, case, requests = line.split(",")
            timings = [ask(kind, language, speaker_for(case)) for _ in range(int(requests))]
            timings = timings or learn(kind, language, speaker_for(case))
        print(json.dumps([asdict(each) for each in timings]), flush=True)


Figures = dict[int, dict[str, dict[str, float]]]  # of each size, and there of each case


def measured(collections: dict[int, Collection]) -> Figures:
    """Ask collections of all sizes in turn.

    So the machine's good and bad moments fall on all of them alike, and a small one does not have the processor's
    cache to itself, as it doesn't where requests come between other work.
    """
    found: Figures = {size: {} for size in collections}
    for kind, case in product(KINDS, CASES):
        if case == "nearly done":
            for size, each in collections.items():
                found[size][f"{kind}, learning"] = figures(each.ask(kind, case, 0))
        timings: dict[int, list[Timing]] = {size: [] for size in collections}
        for _ in range(REQUESTS):
            for size, each in collections.items():
                timings[size] += each.ask(kind, case, 1)
        for size, some in timings.items():
            assert all(timing.found for timing in some), f"{kind} {case}: found nothing, though there is some"
            found[size][f"{kind}, {case}"] = figures(some)
            print(f"  {size:,} {kind}, {case}: {found[size][f'{kind}, {case}']}", file=sys.stderr)
    return found


@contextmanager
def built(
    sizes: list[int], environment: Callable[[int], dict[str, str]], renew: Callable[[], None]
) -> Iterator[dict[int, Collection]]:
    """Build collections one after the other, and renew the server: its memory is full of what was filled last."""
    collections: dict[int, Collection] = {}
    try:
        for size in sizes:
            collections[size] = Collection(size, environment(size))
        for each in collections.values():
            each.let_go()
        renew()
        for each in collections.values():
            each.settle()
        yield collections
    finally:
        for each in collections.values():
            each.close()


def compare(largest: int) -> None:
    from tests.servers.postgresql import Postgresql

    results: dict[str, Figures] = {}
    sizes = [10**power for power in range(4, largest + 1)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        with Postgresql(folder / "postgresql", settings=settings()) as server:

            def database(size: int) -> dict[str, str]:
                return {"DATABASE_URL": server.create_database(f"selection-{size}"), "DATA_DIR": made}

            def renew() -> None:
                server.stop(300)
                server.start()

            with built(sizes, database, renew) as collections:
                results["postgresql"] = measured(collections)

        def file(size: int) -> dict[str, str]:
            data = folder / f"sqlite-{size}"
            data.mkdir()
            return {"DATA_DIR": str(data), "DATABASE_URL": ""}

        with built([size for size in sizes if size <= 10**6], file, lambda: None) as collections:
            results["sqlite"] = measured(collections)
    report(results)


def report(results: dict[str, Figures]) -> None:
    rows = [
        (database, f"{size:,}", case, *each.values())
        for database, sizes in results.items()
        for size, cases in sizes.items()
        for case, each in cases.items()
    ]
    columns = (
        "median ms", "p95 ms", "processor ms", "p95 processor ms", "pages", "queries", "found at least"
    )  # fmt: skip
    show(("database", "size", "case", *columns), rows)
    sizes = results["postgresql"]
    settled = [case for case in sizes[min(sizes)] if not case.endswith("learning")]
    growth = {each: _growth(sizes, settled, each) for each in ("median_ms", "processor_ms", "pages")}
    p95, processor = (
        max(each[case][name] for each in sizes.values() for case in settled)
        for name in ("p95_ms", "processor_p95_ms")
    )
    most = {name: max(found.values()) for name, found in growth.items()}
    print(
        f"growth {most['median_ms']:.2f} (processor {most['processor_ms']:.2f}, pages {most['pages']:.2f}), "
        f"p95 {p95:.1f} ms ({processor:.1f})"
    )
    write("selection", {"ratios": {"growth": most["median_ms"], "processor_growth": most["processor_ms"],
                                       "pages_growth": most["pages"]},
                        "p95_ms": p95, "processor_p95_ms": processor, "growth": growth,
                        "largest": max(sizes), "results": results})  # fmt: skip


def _growth(sizes: Figures, cases: list[str], name: str) -> dict[str, float]:
    smallest, largest = sizes[min(sizes)], sizes[max(sizes)]
    return {case: largest[case][name] / smallest[case][name] for case in cases}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=7, choices=range(5, 8), help="power of ten")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
    else:
        compare(options.largest)


if __name__ == "__main__":
    main()
