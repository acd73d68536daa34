"""The database as files, from one moment, and back: of SQLite a copy, of PostgreSQL a file for each table."""

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _
from psycopg import sql

from common.errors import Refused

MOMENT = "backup"  # alias of a connection that sees the database as it was at one moment
SQLITE = "database.sqlite3"
CHUNK = 1 << 20
NEXT_NUMBER = """
    SELECT setval(pg_get_serial_sequence({named}, {column_named}),
                  coalesce(max({column}), 1), max({column}) IS NOT NULL)
    FROM {table}
"""


@contextmanager
def at_one_moment(folder: Path) -> Iterator[str]:
    """Write the database into the folder; yield the alias of a connection that sees exactly what was written."""
    if connection.vendor == "sqlite":
        _copy_sqlite(folder / SQLITE)
        with _second_connection(NAME=str(folder / SQLITE), OPTIONS={}):
            yield MOMENT
    else:
        with _second_connection(), transaction.atomic(using=MOMENT):
            with connections[MOMENT].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for table in _tables(MOMENT):
                _write_table(table, folder / f"{table}.copy.gz")
            yield MOMENT


def load(folder: Path, migrations: list[tuple[str, str]]) -> None:
    """Make the database what the folder holds, then bring it up to this version. All of it is there, or nothing."""
    if connection.vendor == "sqlite":
        _replace_sqlite(folder / SQLITE)
    else:
        _migrate_to(migrations)
        _read_tables(folder)
    call_command("migrate", verbosity=0)


def vendor() -> str:
    """Return the kind of database: "sqlite" or "postgresql"."""
    return connection.vendor


def applied(alias: str = "default") -> list[tuple[str, str]]:
    """Return the migrations that the database went through."""
    return sorted(MigrationRecorder(connections[alias]).applied_migrations())


@contextmanager
def _second_connection(**differing: Any) -> Iterator[None]:
    connections.databases[MOMENT] = connections.databases["default"] | differing
    try:
        yield
    finally:
        connections[MOMENT].close()
        del connections[MOMENT]
        del connections.databases[MOMENT]


def _copy_sqlite(path: Path) -> None:
    """Copy what is committed, while others go on writing."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])


def _replace_sqlite(source: Path) -> None:
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    aside = path.with_suffix(".restoring")
    shutil.copyfile(source, aside)
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    for suffix in ("-wal", "-shm"):  # of the empty database that is replaced
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    aside.replace(path)


def _tables(alias: str) -> list[str]:
    names = connections[alias].introspection.table_names()
    return [name for name in names if not name.startswith("pg_")]


def _columns(alias: str, table: str) -> sql.Composed:
    """Return the table's columns but for those that the database computes."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())


def _write_table(table: str, path: Path) -> None:
    query = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _columns(MOMENT, table))
    raw: Any = connections[MOMENT].connection
    with gzip.open(path, "wb", compresslevel=3) as file, raw.cursor().copy(query) as rows:
        for chunk in rows:
            file.write(bytes(chunk))


def _migrate_to(migrations: list[tuple[str, str]]) -> None:
    """Bring an empty database to where the dump's was."""
    executor = MigrationExecutor(connection)
    known, wanted = executor.loader.graph.nodes, set(migrations)
    if unknown := wanted - set(known):
        app, name = min(unknown)
        words = _("The backup was made by a newer version, which knows %(name)s. Install that version first.")
        raise Refused(words % {"name": f"{app}.{name}"}, code="backup-newer")
    graph = executor.loader.graph
    last = [key for key in sorted(wanted) if not {each.key for each in graph.node_map[key].children} & wanted]
    executor.migrate(last)


@transaction.atomic
def _read_tables(folder: Path) -> None:
    tables = _tables("default")
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    raw: Any = connection.connection
    with raw.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        for table in tables:
            _read_table(cursor, table, folder / f"{table}.copy.gz")


def _read_table(cursor: Any, table: str, path: Path) -> None:
    name = sql.Identifier(table)
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(name, _columns("default", table))
    with gzip.open(path) as file, cursor.copy(query) as rows:
        while chunk := file.read(CHUNK):
            rows.write(chunk)
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND is_identity = 'YES'",
        [table],
    )
    for (column,) in cursor.fetchall():
        parts = {
            "table": name,
            "named": f'"{table}"',
            "column": sql.Identifier(column),
            "column_named": column,
        }
        cursor.execute(sql.SQL(NEXT_NUMBER).format(**parts))
