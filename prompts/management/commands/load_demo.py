"""Opens six languages with sentences of our own, so that a new instance can be tried at once."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from languages.models import Language
from prompts.importing import Line, import_lines, read_lines

FOLDER = Path(__file__).parents[2] / "demo"
SOURCE = "VoiceCollect's own, CC0"


class Command(BaseCommand):
    help = "Opens the demo languages; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in sorted(FOLDER.glob("*.tsv")):
            language, _new = Language.objects.get_or_create(
                tag=path.stem, defaults={"state": Language.State.OPEN}
            )
            with path.open(encoding="utf-8") as file:
                result = import_lines(
                    lines=read_lines(file), language=language, source=SOURCE, refuse=_ignore
                )
            self.stdout.write(f"{language}: {result.accepted} sentences")


def _ignore(line: Line, code: str) -> None:
    """Sentences of an earlier run are there already."""
