"""Derives every clip again from its original, after the pipeline became better."""

import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from accounts.commands import PrivilegedCommand
from common.errors import Refused
from languages.lookup import language_of
from recordings import reprocessing


class Command(PrivilegedCommand):
    help = "Makes recordings due again that an earlier version of the pipeline processed; workers then derive them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--locale", help="tag of the one language to derive again; by default all")
        parser.add_argument("--all", action="store_true", help="also what the present version made")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            language = language_of(options["locale"]) if options["locale"] else None
        except Refused as no:
            raise CommandError(str(no.words)) from no
        rows = reprocessing.processed(language, outdated=not options["all"])
        queued = reprocessing.queue_again(rows)
        bar = tqdm(queued, total=rows.count(), unit=" recordings", disable=not sys.stderr.isatty())
        count = sum(1 for _recording in bar)
        self.stdout.write(f"{count} recordings will be derived again.")
