"""Makes a backup of database and objects into a folder."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import Refused
from operations import backup


class Command(BaseCommand):
    help = (
        "Backs database and objects up into a folder, beside earlier backups; the instance goes on meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, default=7, metavar="N", help="dumps to keep (default: 7)")
        parser.add_argument(
            "--most", type=float, default=1, metavar="PERCENT", help="of the copies that may go (default: 1)"
        )
        parser.add_argument(
            "--withdrawals", action="store_true", help="only note what was withdrawn: cheap, so do it often"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["withdrawals"]:
            self.stdout.write(json.dumps({"withdrawals": backup.note_withdrawals(options["folder"])}))
            return
        try:
            made = backup.make(
                options["folder"], keep=max(1, options["keep"]), most_share=options["most"] / 100
            )
        except Refused as no:
            raise CommandError(str(no.words)) from no
        self.stdout.write(json.dumps(vars(made)))
        if made.lacking:
            raise CommandError(
                f"{len(made.lacking)} objects are missing or damaged: see manage.py fsck --full"
            )
