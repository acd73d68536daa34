"""Compares the database with the storage and with itself, and mends what differs."""

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from common.errors import Refused
from operations import checking
from operations.damage import Damage, Depth


class Command(BaseCommand):
    help = "Compares rows with objects and with each other. Exits with 1 if something is wrong, or stays so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--full", action="store_true", help="also read every object and compare its hash")
        parser.add_argument(
            "--repair", action="store_true", help="mend what can be mended from what is there"
        )
        parser.add_argument(
            "--grace",
            type=float,
            default=24,
            metavar="HOURS",
            help="leave younger objects alone (default: 24)",
        )
        parser.add_argument(
            "--most",
            type=float,
            default=1,
            metavar="PERCENT",
            help="refuse to delete more objects (default: 1)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        depth = Depth(read=options["full"], grace=timedelta(hours=options["grace"]))
        try:
            findings = checking.check(depth, lambda parts: tqdm(parts, disable=not sys.stderr.isatty()))
            if options["repair"]:
                checking.repair(findings, options["most"] / 100)
        except Refused as no:
            raise CommandError(str(no.words)) from no
        self._tell(findings.damages, findings.objects)
        left = findings.unmended if options["repair"] else findings.damages
        if left:
            raise CommandError(f"{len(left)} left as they are: {dict(Counter(each.kind for each in left))}")

    def _tell(self, damages: list[Damage], objects: int) -> None:
        """Print a line of JSON for each thing that is wrong, and a last line that counts."""
        for each in damages:
            self.stdout.write(json.dumps({"kind": each.kind, "subject": each.subject}))
        self.stdout.write(json.dumps({"objects": objects, "damages": len(damages)}))
