"""Takes in sentences read aloud, for people who don't read: a folder of sound, and a table of what each file says."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from accounts.commands import PrivilegedCommand
from accounts.models import Speaker
from common.errors import Refused
from languages.lookup import language_of
from languages.models import Language
from prompts.cleaning import key
from prompts.models import Prompt
from recordings import readings, rendering
from recordings.states import ReadingState
from recordings.wording import REFUSALS


class Command(PrivilegedCommand):
    help = "Takes in sentences read aloud, and says which files can't be used. Again, it replaces what was there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the files are")
        parser.add_argument(
            "--table",
            type=Path,
            required=True,
            help="a TSV with the columns `file`, and `id` or `sentence` of what it says",
        )
        parser.add_argument("--locale", required=True, help="tag of the language, such as br")
        parser.add_argument("--reader", type=UUID, help="number of the voice that reads, if it has one here")
        parser.add_argument(
            "--agreed", action="store_true", help="whoever reads agreed to be heard here; you hold the proof"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            language, rows = language_of(options["locale"]), list(_rows(options["table"]))
            about = {"reader": _reader(options["reader"]), "agreed": options["agreed"]}
        except Refused as no:
            raise CommandError(str(no.words)) from no
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"The table can't be read: {fault}.") from fault
        left_out = 0
        for row in tqdm(rows, unit=" files", disable=not sys.stderr.isatty()):
            try:
                self._take_in(options["folder"], row, language, about)
            except (Refused, OSError) as no:
                left_out += 1
                self.stderr.write(f"{row['file']}: {no.words if isinstance(no, Refused) else no.strerror}")
        self.stdout.write(f"{len(rows) - left_out} sentences can be heard now.")
        if left_out:
            raise CommandError(f"{left_out} of {len(rows)} files were not taken in.")

    def _take_in(self, folder: Path, row: dict[str, str], language: Language, about: dict[str, Any]) -> None:
        """Hand one file in and work on it here, unless a worker was faster. Raises Refused or OSError."""
        prompt = _prompt(row, language)
        with (folder / Path(row["file"]).name).open("rb") as file:
            reading = readings.add(file=File(file), prompt=prompt, **about)
        rendering.process(reading.pk)
        reading.refresh_from_db()
        if reading.state == ReadingState.REFUSED:
            raise Refused(REFUSALS[reading.refusal], code=reading.refusal)


def _rows(table: Path) -> Iterator[dict[str, str]]:
    """Yield the table's rows. Raises Refused if it lacks a column, OSError if it can't be read."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, dialect="excel-tab", quoting=csv.QUOTE_NONE, restval="")
        columns = set(reader.fieldnames or [])
        if "file" not in columns or not columns & {"id", "sentence"}:
            raise Refused("The table needs the columns `file`, and `id` or `sentence`.", code="no-column")
        yield from reader


def _reader(number: UUID | None) -> Speaker | None:
    found = Speaker.objects.filter(pk=number).first() if number else None
    if number and found is None:
        raise Refused("There is no voice of that number.", code="unknown-speaker", status=404)
    return found


def _prompt(row: dict[str, str], language: Language) -> Prompt:
    """Return the sentence that a row names. Raises Refused if there is none."""
    rows = Prompt.objects.current().filter(language=language)
    if row.get("id"):
        found = next((each for each in rows.filter(pk__in=_ids(row["id"]))), None)
    else:
        found = rows.filter(text_key=key(row.get("sentence", ""))).first()
    if found is None:
        raise Refused("There is no such sentence in this language.", code="unknown-sentence", status=404)
    return found


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []
