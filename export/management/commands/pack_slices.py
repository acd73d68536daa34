"""Packs slices of a release beside the command that makes it; that command starts it."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import Refused
from export import packing
from export.build import POLL_SECONDS
from export.models import Archive


class Command(BaseCommand):
    help = "Packs slices of a release as long as the process lives that started this one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="N.M")

    def handle(self, *args: Any, **options: Any) -> None:
        major, minor = options["number"].split(".")
        parent = os.getppid()
        unfinished = Archive.objects.filter(
            edition__release__major=major, edition__release__minor=minor, sha256="", upload_id__gt=""
        )
        while os.getppid() == parent:
            try:
                if not any(
                    packing.build_next(each) for each in unfinished.select_related("edition__release")
                ):
                    time.sleep(POLL_SECONDS)
            except Refused as refusal:
                raise CommandError(str(refusal.words)) from refusal
