"""How a connection to PostgreSQL plans statements, and how it learns that the server is gone.

Values travel apart from statements. What `common.statements` compiles once is planned once too, whatever values come;
all else is planned for its values each time, since a plan for any values can't use an index of some rows. A pool shares
connections between transactions, so that no plan can be kept there.
"""

import select
import sys
from typing import Any

from django.db.backends.postgresql import base

from common.statements import Busy

KEEP_PLANS = "-c plan_cache_mode=force_generic_plan"
NEVER = (
    sys.maxsize
)  # times that a statement is executed before its plan is kept unasked; None would forbid asking


class Cursor(base.ServerBindingCursor):
    """Lets the server keep the plans of busy statements."""

    def execute(self, query: Any, params: Any = None, *, prepare: bool | None = None, **others: Any) -> Any:
        """Execute a statement."""
        keep = isinstance(query, Busy) or prepare
        return super().execute(query, params, prepare=keep, **others)  # type: ignore[misc]  # stubs lack it


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return what the driver is told."""
        params = super().get_connection_params() | {"cursor_factory": Cursor}
        if self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:  # a pool
            return params | {"prepare_threshold": None}
        options = f"{params.get('options', '')} {KEEP_PLANS}".strip()
        return params | {"prepare_threshold": NEVER, "options": options}

    def is_usable(self) -> bool:
        """Tell whether the server still listens; only one that said something unasked, as a farewell, is asked."""
        if self.connection is None or self.connection.closed:
            return False
        said = select.poll()
        said.register(self.connection.fileno(), select.POLLIN)
        return bool(super().is_usable()) if said.poll(0) else True
