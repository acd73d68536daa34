"""Restores a backup into an empty instance."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import Refused
from operations import restoring


class Command(BaseCommand):
    help = "Restores a backup into an empty instance. Cut off, the same command does it again."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dump", default="", help="name of the dump; by default the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restoring.restore(options["folder"], options["dump"])
        except Refused as no:
            raise CommandError(str(no.words)) from no
        self.stdout.write(json.dumps(vars(restored)))
        if restored.lacking:
            raise CommandError(
                f"{len(restored.lacking)} objects are missing from the backup, or damaged in it."
            )
