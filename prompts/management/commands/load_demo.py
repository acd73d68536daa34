"""Opens six languages with sentences of our own, so that a new instance can be tried at once."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from languages.models import Language
from prompts.lines import Reader
from prompts.options import Licence
from prompts.receiving import Origin, Refusal, take_in_all

FOLDER = Path(__file__).parents[2] / "demo"
ORIGIN = Origin("VoiceCollect's own", Licence.PUBLIC_DOMAIN)


class Command(BaseCommand):
    help = "Opens the demo languages; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in sorted(FOLDER.glob("*.tsv")):
            language, _new = Language.objects.get_or_create(
                tag=path.stem, defaults={"state": Language.State.OPEN}
            )
            with path.open("rb") as file:
                result = take_in_all(
                    lines=Reader(file, anyway=True), language=language, origin=ORIGIN, refuse=_ignore
                )
            self.stdout.write(f"{language}: {result.accepted} sentences")


def _ignore(refusal: Refusal) -> None:
    """Sentences of an earlier run are there already."""
