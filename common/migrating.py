"""Changes of indexes that don't block a running PostgreSQL; SQLite makes them as always.

A migration that has one is not atomic.
"""

from typing import Any

from django.db.migrations import AddConstraint, AddIndex, AlterField, RemoveIndex


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
