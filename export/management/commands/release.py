"""Freezes, builds and publishes a release."""

import json
import subprocess
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from accounts.commands import PrivilegedCommand
from common.errors import Refused
from export import publishing
from export.build import Order, Progress
from export.keys import Kind
from export.models import Archive, Release
from export.progress import Packed
from export.splits import Splitting
from export.tasks import announce

KINDS = [Kind.MP3, Kind.FLAC, Kind.METADATA, Kind.SHARDS]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-12-31") from fault


class Command(PrivilegedCommand):
    help = "Freezes, builds and publishes a release. Cut off, the same command goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("locales", nargs="+", metavar="LOCALE", help="language tag, such as br")
        parser.add_argument(
            "--number", required=True, metavar="N.M", help="the release's number, such as 1.0"
        )
        parser.add_argument(
            "--cutoff", required=True, type=_day, metavar="YYYY-MM-DD", help="last day that counts, in UTC"
        )
        parser.add_argument(
            "--kinds", nargs="+", choices=KINDS, default=KINDS[:1], help="archives to build (default: mp3)"
        )
        parser.add_argument(
            "--splits", choices=list(Splitting), default=Splitting.STABLE,
            help="rule of train, dev and test: stable over releases, or as Common Voice makes them (default: stable)",
        )  # fmt: skip
        parser.add_argument(
            "--since",
            default="",
            metavar="N.M",
            help="the release that the deltas start from (default: the one that was published last)",
        )
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            metavar="N",
            help="processes that pack, on this machine (default: 1)",
        )
        parser.add_argument(
            "--restart", action="store_true", help="throw away what an unpublished release of this number has"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with _bar() as progress, _packers(options["number"], options["workers"] - 1):
            order = Order(
                kinds=tuple(map(Kind, options["kinds"])),
                since=options["since"],
                progress=progress,
                announce=announce,
            )
            try:
                release = publishing.make_release(
                    number=options["number"], cutoff=options["cutoff"], locales=options["locales"], order=order,
                    splitting=Splitting(options["splits"]), restart=options["restart"],
                )  # fmt: skip
            except Refused as refusal:
                raise CommandError(str(refusal.words)) from refusal
        self._print(release)

    def _print(self, release: Release) -> None:
        """Print one JSON line per archive."""
        for archive in Archive.objects.filter(edition__release=release).select_related("edition__release"):
            told = {
                "locale": archive.edition.locale, "kind": archive.kind, "name": archive.name,
                "bytes": archive.bytes, "sha256": archive.sha256, "clips": archive.clips, "hours": archive.hours,
                "url": archive.url,
            }  # fmt: skip
            self.stdout.write(json.dumps(told))


@contextmanager
def _packers(number: str, count: int) -> Iterator[None]:
    """Run further processes that pack, as long as this one needs them."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "pack_slices", number]
    packers = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(count)]
    try:
        yield
    finally:
        for packer in packers:
            packer.terminate()
        for packer in packers:
            packer.wait()


@contextmanager
def _bar() -> Iterator[Progress]:
    """Show how far the archive is, on a terminal only."""
    with tqdm(file=sys.stderr, disable=not sys.stderr.isatty(), unit="B", unit_scale=True) as bar:

        def progress(packed: Packed) -> None:
            bar.set_description(packed.name, refresh=False)
            bar.set_postfix_str(f"{packed.clips} of {packed.of_clips} clips", refresh=False)
            bar.total = packed.of_bytes
            bar.update(packed.bytes - bar.n)

        yield progress
