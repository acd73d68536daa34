"""Writes what each migration would tell PostgreSQL into files for squawk, which finds what would block an instance.

`python -m audit.migrations FOLDER`; no database is needed. The first migration of an app makes its tables, which nobody
uses yet: it is left out.
"""

import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

POSTGRESQL = "postgres://nobody@localhost/none"  # tells Django which SQL to write; nobody connects
VERSION = 150_000


def main(folder: Path) -> None:
    """Write `<app>_<migration>.sql` for each migration after the first of each app of ours."""
    os.environ.update(DJANGO_SETTINGS_MODULE="voicecollect.settings", DATABASE_URL=POSTGRESQL)
    django.setup()
    connection = connections["default"]
    connection.pg_version = VERSION  # type: ignore[attr-defined]  # else Django would ask the server
    loader = MigrationLoader(None)
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == Path.cwd()}
    for label, name in loader.graph.nodes:
        migration = loader.graph.nodes[label, name]
        if label not in ours or migration.initial:
            continue
        statements = _sql_of(migration, loader.project_state((label, name), at_end=False), connection)
        (folder / f"{label}_{name}.sql").write_text("\n".join(statements))


def _sql_of(migration: Migration, before: ProjectState, connection: BaseDatabaseWrapper) -> list[str]:
    """Return the statements of a migration, inside the transaction that Django would open for it."""
    editor = connection.schema_editor(collect_sql=True, atomic=False)  # not entered: that would connect
    editor.deferred_sql = []
    editor.atomic_migration = True  # else each operation would open a transaction, and connect
    # Django would ask the server to quote
    connection.ops.compose_sql = lambda sql, values: sql % tuple(map(editor.quote_value, values))  # type: ignore[attr-defined]
    editor._constraint_names = _constraint_names  # type: ignore[attr-defined]  # noqa: SLF001 -- it would ask, too
    migration.apply(before, editor, collect_sql=True)
    statements = [*editor.collected_sql, *(f"{statement};" for statement in editor.deferred_sql)]
    return ["BEGIN;", *statements, "COMMIT;"] if migration.atomic else statements


def _constraint_names(_model: object, columns: list[str], **kind: bool) -> list[str]:
    """Return a name for the foreign key that a migration drops; its own would have to be looked up."""
    return [f"key_of_{column}" for column in columns] if kind.get("foreign_key") else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
