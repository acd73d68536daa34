"""Changes that don't block a running PostgreSQL; SQLite makes those of indexes as always, and knows no others.

A migration that makes or drops an index is not atomic.
"""

from typing import Any

from django.db.migrations import AddConstraint, AddIndex, AlterField, RemoveIndex, RunPython


class AddIndexApart(AddIndex):
    """A new index."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make it."""
        if schema_editor.connection.vendor == "postgresql":
            model = to_state.apps.get_model(app_label, self.model_name)
            schema_editor.add_index(model, self.index, concurrently=True)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class RemoveIndexApart(RemoveIndex):
    """An index less."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop it."""
        if schema_editor.connection.vendor == "postgresql":
            model = from_state.apps.get_model(app_label, self.model_name)
            index = from_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
            schema_editor.remove_index(model, index, concurrently=True)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class AddUniqueApart(AddConstraint):
    """A unique constraint with a condition, which to PostgreSQL is an index."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make it."""
        if schema_editor.connection.vendor == "postgresql":
            model = to_state.apps.get_model(app_label, self.model_name)
            made = str(self.constraint.create_sql(model, schema_editor))
            schema_editor.execute(made.replace("UNIQUE INDEX", "UNIQUE INDEX CONCURRENTLY", 1))
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class WithoutOwnIndex(AlterField):
    """A foreign key whose own index goes, since another begins with its column."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the index, which Django named when it made the table."""
        table = from_state.apps.get_model(app_label, self.model_name)._meta
        name = schema_editor._create_index_name(table.db_table, [table.get_field(self.name).column])  # noqa: SLF001
        apart = "CONCURRENTLY" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP INDEX {apart} IF EXISTS {schema_editor.quote_name(name)}")


class SweepSoon(RunPython):
    """PostgreSQL sweeps a table whose rows come and go once two thousand went, however many are there.

    Else what went stays in the indexes until it is a fifth of the table, and who comes often walks past it all.
    """

    def __init__(self, table: str) -> None:
        def sweep(_apps: object, editor: Any) -> None:
            if editor.connection.vendor == "postgresql":
                editor.execute(
                    f"ALTER TABLE {editor.quote_name(table)} "
                    "SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)"
                )

        super().__init__(sweep, RunPython.noop)
