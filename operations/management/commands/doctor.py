"""Says what is wrong with how the instance is set up, and what to do about it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations import doctor


class Command(BaseCommand):
    help = "Says what is wrong with how the instance is set up, and the cure of each. Exits with 1 if anything is."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(doctor.problems())
        for problem in found:
            self.stdout.write(f"{problem.words}\n    {problem.cure}")
        if found:
            raise CommandError(f"{len(found)} to mend.")
        self.stdout.write("Everything is as it should be.")
