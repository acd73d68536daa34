"""How long it takes to choose what somebody reads and hears next, in collections of 10^4 to 10^7 sentences and clips.

Every sentence has two recordings and every clip two votes that differ, so that all are open and on one level. The
sentences' counts are spread over four levels. Ten thousand people share one recording and one vote of each, heavy-
tailed (the busiest made 4.6 %); one clip of a hundred is decided and doubted; "nearly done" recorded and judged
everything but a hundred, which lie scattered.

Milliseconds are those spent in the database (SQLite: in all) for one request of ten. What is nearly done was learnt by
walking there: `learning` says how long the requests of that time took.
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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import show, write

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import Speaker
    from languages.models import Language

PEOPLE, LEFT, ASKED, REQUESTS = 10_000, 100, 10, 50
RING = 2**31
TAIL = PEOPLE  # the number of the person who is nearly done
CASES = ("newcomer", "busiest", "nearly done")


# What a collection consists of, as SQL over the numbers 0 to N - 1


def uuid_of(kind: str, number: str) -> str:
    return f"CAST(md5('{kind}' || ({number})) AS {_uuid_type()})"


def _uuid_type() -> str:
    from django.db import connection

    return "uuid" if connection.vendor == "postgresql" else "text"


def person(number: str) -> str:
    """Return who has a row: a share that falls with the person's number to the power of two thirds."""
    share = f"((({number}) * 2654435761) % 4294967296) / 4294967296.0"
    return f"CAST(floor({PEOPLE} * ({share}) * ({share}) * ({share})) AS bigint)"


def place(salt: int) -> str:
    return f"((n * 1103515245 + {salt}) % {RING})"


def fill(model: "type[Model]", count: int, where: str = "1 = 1", **columns: str) -> None:
    """Insert a row for each number: the columns given as SQL over n, all others with their fields' defaults."""
    from django.db import connection

    names, values, parameters = [], [], []
    for field in model._meta.concrete_fields:
        if field.generated or (field.column not in columns and field.get_internal_type() == "BigAutoField"):
            continue
        column = str(field.column)
        names.append(f'"{column}"')
        values.append(columns.get(column, f"CAST(%s AS {field.db_type(connection)})"))
        if column not in columns:
            parameters.append(field.get_db_prep_save(field.get_default(), connection))
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) "
        "WITH RECURSIVE numbers(n) AS (SELECT CAST(0 AS bigint) UNION ALL "
        f"SELECT n + 1 FROM numbers WHERE n < {count - 1}) "
        f"SELECT {', '.join(values)} FROM numbers WHERE {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.replace(" % ", " %% "), parameters)


def build(size: int) -> "Language":
    """Fill an empty database."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Speaker
    from languages.models import Language
    from prompts.models import Prompt
    from recordings.models import Clip, Recording
    from validation.models import Vote

    call_command("migrate", verbosity=0)
    language = Language.objects.create(tag="en", state=Language.State.OPEN, clips_per_prompt=5)
    prepare()
    mine = f"(n % {size // LEFT}) <> 7"
    tail, own = uuid_of("person", str(TAIL)), uuid_of("person", person("n"))
    lang = str(language.pk)
    fill(Speaker, PEOPLE + 1, id=uuid_of("person", "n"), person=uuid_of("person", "n"))
    fill(Prompt, size, id=uuid_of("prompt", "n"), language_id=lang, place=place(12345), state="'in_use'",
         text="'Line ' || n", text_key="md5('key' || n)", clips_count="1 + n % 4", source="'benchmark'")  # fmt: skip
    recorded = {
        "prompt_id": uuid_of("prompt", "n"),
        "language_id": lang,
        "state": "'quarantined'",
        "size": "1",
    }
    fill(Recording, size, id=uuid_of("one", "n"), take_id=uuid_of("one", "n"), speaker_id=own, **recorded)
    fill(
        Recording,
        size,
        mine,
        id=uuid_of("two", "n"),
        take_id=uuid_of("two", "n"),
        speaker_id=tail,
        **recorded,
    )
    fill(Clip, size, id=uuid_of("clip", "n"), recording_id=uuid_of("one", "n"), speaker_id=own, language_id=lang,
         prompt_id=uuid_of("prompt", "n"), start="0", end="1000", duration_ms="1000", delivery_size="1",
         master_size="1", yes_count="1", no_count="1", place=place(54321))  # fmt: skip
    decide_some(size // 100, lang)
    clip = uuid_of("clip", "n")
    fill(Vote, size, clip_id=clip, choice="'yes'", speaker_id=uuid_of("person", person("n + 1")))
    fill(Vote, size, mine, clip_id=clip, choice="'no'", speaker_id=tail)
    fill(
        Vote,
        size,
        f"NOT ({mine})",
        clip_id=clip,
        choice="'no'",
        speaker_id=uuid_of("person", person("n + 2")),
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return language


def decide_some(count: int, language: str) -> None:
    """Add clips that are valid, all of them doubted, the first hundred gold."""
    from recordings.models import Clip
    from validation.models import Doubt, Gold

    clip = uuid_of("decided", "n")
    fill(Clip, count, id=clip, recording_id=uuid_of("one", "n"), position="1", speaker_id=uuid_of("person", "n"),
         language_id=language, prompt_id=uuid_of("prompt", "n"), start="0", end="1000", duration_ms="1000",
         delivery_size="1", master_size="1", yes_count="2", state="'valid'", place=place(777))  # fmt: skip
    fill(Doubt, count, clip_id=clip, language_id=language, posterior="0.5", place=place(777))
    fill(Gold, min(count, 100), clip_id=clip, is_good="true")


def prepare() -> None:
    """Skip the checks of foreign keys while the collection is made, and give SQLite the function that it lacks."""
    from hashlib import md5

    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
    else:
        connection.connection.create_function("md5", 1, lambda text: md5(text.encode()).hexdigest())
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")


# Measuring


@dataclass
class Timing:
    seconds: float = 0.0
    queries: int = 0
    found: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - start
            self.queries += 1


@contextmanager
def timed() -> Iterator[Timing]:
    """Time what is spent in the database; SQLite works while rows are fetched, so there everything is counted."""
    from django.db import connection

    timing, start = Timing(), time.perf_counter()
    with connection.execute_wrapper(timing):
        yield timing
    if connection.vendor == "sqlite":
        timing.seconds = time.perf_counter() - start


def figures(timings: list[Timing]) -> dict[str, float]:
    milliseconds = sorted(1000 * timing.seconds for timing in timings)
    return {
        "median_ms": statistics.median(milliseconds),
        "p95_ms": milliseconds[int(len(milliseconds) * 0.95)],
        "queries": statistics.median(timing.queries for timing in timings),
    }


def speaker_for(case: str) -> "Speaker":
    from hashlib import md5
    from uuid import UUID

    from accounts.models import Speaker

    if case == "newcomer":
        return Speaker.objects.create()
    number = 0 if case == "busiest" else TAIL
    return Speaker.objects.get(pk=UUID(md5(f"person{number}".encode()).hexdigest()))


def ask(kind: str, language: "Language", who: "Speaker") -> Timing:
    """Ask once, and give back what was reserved."""
    from django.db import transaction

    from prompts import reservations
    from prompts.selection import next_prompts
    from validation.assigning import hand_out

    with timed() as timing:
        if kind == "sentences":
            got = {each.pk for each in next_prompts(language=language, speaker=who, count=ASKED)}
        else:
            got = {each.pk for each in hand_out(language=language, listener=who, count=ASKED)}
    if kind == "sentences":
        with transaction.atomic():
            reservations.end(speaker=who, prompts=got)
    timing.found = len(got)
    return timing


def learn(kind: str, language: "Language", who: "Speaker") -> list[Timing]:
    """Ask until asking teaches nothing more."""
    from django.db.models import F, Sum

    from prompts.models import Stretch

    timings: list[Timing] = []
    known, before = 0, -RING
    while known - before > RING // 2000:
        timings += [ask(kind, language, who) for _ in range(20)]
        learnt = Stretch.objects.filter(speaker=who, of__startswith=kind)
        before, known = known, learnt.aggregate(sum=Sum(F("end") - F("start")))["sum"] or 0
    return timings


def measure(size: int) -> dict[str, dict[str, float]]:
    """Return the figures of each kind and case."""
    import django

    django.setup()
    start = time.perf_counter()
    language = build(size)
    print(f"  {size:,} built in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    found = {}
    for kind in ("sentences", "clips"):
        for case in CASES:
            if case == "nearly done":
                found[f"{kind}, learning"] = figures(learn(kind, language, speaker_for(case)))
            timings = [ask(kind, language, speaker_for(case)) for _ in range(REQUESTS)]
            assert all(timing.found == ASKED for timing in timings), f"{kind} {case}: found too few"
            found[f"{kind}, {case}"] = figures(timings)
            print(f"  {kind}, {case}: {found[f'{kind}, {case}']}", file=sys.stderr)
    return found


def measured(size: int, environment: dict[str, str]) -> dict[str, dict[str, float]]:
    """Measure in a process of its own, whose settings name the database."""
    command = [sys.executable, "-m", "benchmarks.selection", "--measure", str(size)]
    own = os.environ | {"DJANGO_SETTINGS_MODULE": "voicecollect.settings"} | environment
    done = subprocess.run(command, env=own, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, dict[str, float]] = json.loads(done.stdout)
    return result


def compare(largest: int) -> None:
    from tests.servers.postgresql import Postgresql

    results: dict[str, dict[int, dict[str, dict[str, float]]]] = {"postgresql": {}, "sqlite": {}}
    sizes = [10**power for power in range(4, largest + 1)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        with Postgresql(folder / "postgresql") as server:
            for size in sizes:
                url = server.create_database(f"selection-{size}")
                results["postgresql"][size] = measured(size, {"DATABASE_URL": url, "DATA_DIR": made})
        for size in [size for size in sizes if size <= 10**6]:
            data = folder / f"sqlite-{size}"
            data.mkdir()
            results["sqlite"][size] = measured(size, {"DATA_DIR": str(data), "DATABASE_URL": ""})
    report(results)


def report(results: dict[str, dict[int, dict[str, dict[str, float]]]]) -> None:
    rows = [
        (database, f"{size:,}", case, each["median_ms"], each["p95_ms"], each["queries"])
        for database, sizes in results.items()
        for size, cases in sizes.items()
        for case, each in cases.items()
    ]
    show(("database", "size", "case", "median ms", "p95 ms", "queries"), rows)
    sizes = results["postgresql"]
    smallest, largest = sizes[min(sizes)], sizes[max(sizes)]
    settled = [case for case in smallest if not case.endswith("learning")]
    growth = {case: largest[case]["median_ms"] / smallest[case]["median_ms"] for case in settled}
    p95 = max(each[case]["p95_ms"] for each in sizes.values() for case in settled)
    print(f"growth {max(growth.values()):.2f}, p95 {p95:.1f} ms")
    write("selection", {"ratios": {"growth": max(growth.values())}, "p95_ms": p95, "growth": growth,
                        "largest": max(sizes), "results": results})  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=6, choices=range(5, 8), help="power of ten")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
    else:
        compare(options.largest)


if __name__ == "__main__":
    main()
