"""Commands that only those who run the site may give: each leaves an entry in the audit log before it does anything."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from accounts import audit

OF_EVERY_COMMAND = {
    "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks", "stdout", "stderr",
}  # fmt: skip


class PrivilegedCommand(BaseCommand):
    """A command whose name and options are logged first, so that nothing it does goes without an entry."""

    def execute(self, *args: Any, **options: Any) -> Any:
        """Log the command, then run it; paths are left out, since they may name people."""
        name = type(self).__module__.rsplit(".", maxsplit=1)[-1]
        said = {key: _plain(value) for key, value in options.items() if key not in OF_EVERY_COMMAND}
        audit.record(
            actor=f"command:{name}", act="command", about=name, **{k: v for k, v in said.items() if v}
        )
        return super().execute(*args, **options)


def _plain(value: Any) -> Any:
    """Return what is said of an option: numbers, words, days and ids."""
    if isinstance(value, (list, tuple)):
        return [plain for plain in map(_plain, value) if plain]
    if isinstance(value, (date, UUID)):
        return str(value)
    return value if isinstance(value, (str, int, bool)) else None
