"""Brings the catalogues of the interface's languages up to date with its texts."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from voicecollect import catalogues


class Command(BaseCommand):
    help = "Collects the texts of the interface into frontend/locale/*/LC_MESSAGES/django.po."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the languages to update; by default all but the one that the texts are written in."""
        others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        parser.add_argument("languages", nargs="*", default=others)

    def handle(self, *args: Any, **options: Any) -> None:
        for language in options["languages"]:
            catalogues.update(language)
            self.stdout.write(f"{language}: {len(catalogues.missing(language))} texts lack a translation")
