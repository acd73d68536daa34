"""How a connection to PostgreSQL plans statements, and how it learns that the server is gone.

What `common.statements` compiles once is planned once too: values travel apart, and one plan serves them all. All else
has its values in its text and is planned for them each time, since a plan for any values can't use an index of some
rows. A pool shares connections between transactions, so that no plan can be kept there.
"""

import select
import sys
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper

KEEP_PLANS = "-c plan_cache_mode=force_generic_plan"
NEVER = sys.maxsize  # executions until a plan is kept unasked; None would forbid asking
BUSY = "busy"


class BusyCursor(base.ServerBindingCursor):
    """Lets the server keep the plan of each statement, and is used for one after the other."""

    def close(self) -> None:
        """Stay open: to make a cursor takes as long as to bind the values of a statement."""

    def execute(self, query: Any, params: Any = None, **others: Any) -> Any:
        """Execute a statement."""
        return super().execute(query, params, prepare=True, **others)  # type: ignore[misc]  # stubs lack it


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    _busy: Any = None  # BusyCursor of `connection`

    def get_connection_params(self) -> dict[str, Any]:
        """Return what the driver is told."""
        params = super().get_connection_params()
        if self._is_pooled:
            return params
        options = f"{params.get('options', '')} {KEEP_PLANS}".strip()
        return params | {"options": options, "prepare_threshold": NEVER}

    @property
    def _is_pooled(self) -> bool:
        return bool(self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"])

    def busy_cursor(self) -> CursorWrapper:
        """Return a cursor for statements that are executed again and again."""
        cursor: CursorWrapper = self._cursor(BUSY)  # type: ignore[attr-defined]  # stubs lack it
        return cursor

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor of the driver."""
        if name != BUSY:
            return super().create_cursor(name)
        if self._is_pooled:
            return self._new_cursor(base.ServerBindingCursor)
        if self._busy is None or self._busy.connection is not self.connection:
            self._busy = self._new_cursor(BusyCursor)
        return self._busy

    def _new_cursor(self, kind: type[base.ServerBindingCursor]) -> Any:
        ordinary = self.connection.cursor_factory
        self.connection.cursor_factory = kind
        try:
            return super().create_cursor()
        finally:
            self.connection.cursor_factory = ordinary

    def is_usable(self) -> bool:
        """Tell whether the server still listens; only one that said something unasked, as a farewell, is asked."""
        if self.connection is None or self.connection.closed:
            return False
        said = select.poll()
        said.register(self.connection.fileno(), select.POLLIN)
        return bool(super().is_usable()) if said.poll(0) else True
