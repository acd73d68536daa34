"""Shows the public key of releases."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common.signing import Signer


class Command(BaseCommand):
    help = "Shows the public key that verifies releases: minisign -V -P KEY -m SHA256SUMS"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(Signer.from_secret(settings.SIGNING_KEY).public_key())
