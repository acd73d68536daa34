"""Takes a published release back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.commands import PrivilegedCommand
from common.errors import Refused
from export import publishing


class Command(PrivilegedCommand):
    help = "Takes a published release back: its files are deleted, its addresses answer 410 with the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="N.M")
        parser.add_argument(
            "--because", required=True, metavar="REASON", help="one sentence that everybody reads"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            publishing.withdraw(number=options["number"], because=options["because"])
        except Refused as refusal:
            raise CommandError(str(refusal.words)) from refusal
