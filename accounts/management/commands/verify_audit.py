"""Tells whether the log of privileged acts is as it was written."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import audit
from accounts.models import AuditEntry


class Command(BaseCommand):
    help = "Checks the chain of the audit log, and prints number and hash of its newest entry, to be noted elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--noted", metavar="N:SHA256", help="what an earlier check printed: it must still hold"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(audit.faults())
        if options["noted"] and not _holds(options["noted"]):
            found.append(f"{options['noted']} is not in the log")
        if found:
            raise CommandError("\n".join(found))
        number, digest = audit.head()
        self.stdout.write(f"{number}:{digest}")


def _holds(noted: str) -> bool:
    number, _colon, digest = noted.partition(":")
    return number.isdigit() and AuditEntry.objects.filter(number=number, sha256=digest).exists()
