"""A collection of any size in one language, made by the database itself.

Every sentence has two recordings and every clip two votes that differ, so that all are open and on one level. The
sentences' counts are spread over four levels. Ten thousand people share one recording and one vote of each, heavy-
tailed (the busiest made 4.6 %); one clip of a hundred is decided and doubted; one sentence of twenty is reserved, a
hundred thousand at most; "nearly done" recorded and judged everything but a hundred, which lie scattered.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model

    from languages.models import Language

PEOPLE, LEFT = 10_000, 100
RING = 2**31
TAIL = PEOPLE  # the number of the person who is nearly done
CLIPS, DECIDED = 54321, 777  # salts of the places of clips


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


def place_by_key(key: str) -> str:
    """Return what `common.ring.place_of` returns."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"(CAST(CAST('x' || substr(CAST({key} AS text), 1, 8) AS bit(32)) AS bigint) >> 1)"
    return f"place_of({key})"


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
        f"SELECT {', '.join(values)} FROM {_numbers(count)} WHERE {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.replace(" % ", " %% "), parameters)


def _numbers(count: int) -> str:
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"generate_series(CAST(0 AS bigint), {count - 1}) AS numbers(n)"
    return (
        "(WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted "
        f"WHERE n < {count - 1}) SELECT n FROM counted)"
    )


@contextmanager
def indexed_afterwards(*models: "type[Model]") -> Iterator[None]:
    """Let PostgreSQL index these empty tables in one go once they are full, and keep no log of filling them."""
    from django.db import connection, transaction

    if connection.vendor != "postgresql":
        yield
        return
    tables = [model._meta.db_table for model in models]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")  # what is new in a transaction needs no log
        names = ", ".join(f"'{table}'::regclass" for table in tables)
        cursor.execute(
            f"UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid IN ({names})"
        )
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        for table in tables:
            cursor.execute(f"REINDEX TABLE {table}")


def build(size: int) -> "Language":
    """Fill an empty database."""
    from django.core.management import call_command

    from accounts.models import Speaker
    from languages.models import Language
    from prompts.models import Prompt, Reservation
    from recordings.models import Clip, Recording
    from validation.models import Doubt, Gold, Vote

    call_command("migrate", verbosity=0)
    language = Language.objects.create(tag="en", state=Language.State.OPEN, clips_per_prompt=5)
    prepare()
    fill(Speaker, PEOPLE + 1, id=uuid_of("person", "n"), person=uuid_of("person", "n"))
    with indexed_afterwards(Prompt, Recording, Clip, Vote):
        record(size, str(language.pk))
        judge(size)
        decide_some(size // 100, str(language.pk))
        reserve(min(size // 20, 100_000), str(language.pk))
    know_well(Speaker, Prompt, Recording, Clip, Vote, Doubt, Gold, Reservation)
    return language


def know_well(*models: "type[Model]") -> None:
    """Let the database count these tables; of others it is to expect that they fill, not that they stay empty."""
    from django.db import connection

    with connection.cursor() as cursor:
        for model in models:
            vacuum = "VACUUM " if connection.vendor == "postgresql" else ""
            cursor.execute(f"{vacuum}ANALYZE {model._meta.db_table}")


def of_tail(size: int) -> str:
    """Return which numbers the one who is nearly done has behind them."""
    return f"(n % {size // LEFT}) <> 7"


def record(size: int, language: str) -> None:
    """Add sentences of all domains, each with one recording of one of many people and one of the tail, and clips."""
    from prompts.models import Prompt
    from prompts.options import Domain
    from recordings.models import Clip, Recording

    prompt, one, two = (uuid_of(kind, "n") for kind in ("prompt", "one", "two"))
    own, tail = uuid_of("person", person("n")), uuid_of("person", str(TAIL))
    domain = " ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(Domain.values))
    fill(Prompt, size, id=prompt, language_id=language, place=place_by_key(prompt), state="'in_use'",
         text="'Line ' || n", text_key="md5('key' || n)", clips_count="1 + n % 4", source="'benchmark'",
         domain=f"CASE n % {len(Domain)} {domain} END")  # fmt: skip
    row = {"prompt_id": prompt, "language_id": language, "size": "1",
           "state": "'quarantined'", "refusal": "'failed'"}  # nothing that a worker would take up  # fmt: skip
    fill(Recording, size, id=one, take_id=one, speaker_id=own, **row)
    fill(Recording, size, of_tail(size), id=two, take_id=two, speaker_id=tail, **row)
    fill(Clip, size, id=uuid_of("clip", "n"), recording_id=one, speaker_id=own, language_id=language,
         prompt_id=prompt, start="0", end="1000", duration_ms="1000", delivery_size="1", master_size="1",
         yes_count="1", no_count="1", place=place(CLIPS))  # fmt: skip


def judge(size: int) -> None:
    """Add two votes that differ to each clip, one of them of the tail where it has the clip behind it."""
    from validation.models import Vote

    mine, clip = of_tail(size), uuid_of("clip", "n")
    first, second = (uuid_of("person", person(f"n + {at}")) for at in (1, 2))
    on = {"clip_id": clip, "place": place(CLIPS)}
    fill(Vote, size, **on, choice="'yes'", speaker_id=first)
    fill(Vote, size, mine, **on, choice="'no'", speaker_id=uuid_of("person", str(TAIL)))
    fill(Vote, size, f"NOT ({mine})", **on, choice="'no'", speaker_id=second)


def decide_some(count: int, language: str) -> None:
    """Add clips that are valid, all of them doubted, and a tenth of them gold, but a hundred at most."""
    from recordings.models import Clip
    from validation.models import Doubt, Gold

    clip = uuid_of("decided", "n")
    fill(Clip, count, id=clip, recording_id=uuid_of("one", "n"), position="1", speaker_id=uuid_of("person", "n"),
         language_id=language, prompt_id=uuid_of("prompt", "n"), start="0", end="1000", duration_ms="1000",
         delivery_size="1", master_size="1", yes_count="2", state="'valid'", place=place(DECIDED))  # fmt: skip
    fill(Doubt, count, clip_id=clip, language_id=language, posterior="0.5", place=place(DECIDED))
    fill(
        Gold, min(count // 10, 100), clip_id=clip, language_id=language, is_good="true", place=place(DECIDED)
    )


def reserve(count: int, language: str) -> None:
    """Let people hold every twentieth sentence, which is none of those that are left to somebody."""
    from prompts.models import Reservation

    fill(Reservation, count, prompt_id=uuid_of("prompt", "n * 20"), speaker_id=uuid_of("person", f"n % {PEOPLE}"),
         language_id=language, until="'2100-01-01'", alone="true")  # fmt: skip


def prepare() -> None:
    """Skip the checks of foreign keys while the collection is made, and give SQLite the function that it lacks."""
    from hashlib import md5
    from uuid import UUID

    from django.db import connection

    from common.ring import place_of

    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
    else:
        connection.connection.create_function("md5", 1, lambda text: md5(text.encode()).hexdigest())
        connection.connection.create_function("place_of", 1, lambda key: place_of(UUID(key)))
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
