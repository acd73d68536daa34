"""Imports sentences from a file, and says which were refused and why."""

import csv
import sys
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from accounts.commands import PrivilegedCommand
from common.errors import Refused
from languages.lookup import language_of
from languages.models import Language
from prompts.importing import Line, Result, import_lines, read_lines
from prompts.wording import FAULTS


class Command(PrivilegedCommand):
    help = "Puts sentences of a TSV (with a column `sentence`) or of a text (a sentence a line) in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--locale", required=True, help="tag of the language, such as br")
        parser.add_argument(
            "--source", required=True, help="where the sentences come from, and under which licence"
        )
        parser.add_argument("--report", type=Path, help="a TSV to write with every line that was refused")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8-sig") as file, _report(options["report"]) as report:
                result = self._import(file, report, language_of(options["locale"]), options["source"])
        except Refused as no:
            raise CommandError(str(no.words)) from no
        except UnicodeDecodeError as fault:
            raise CommandError(f"The file is not UTF-8: {fault.reason} at byte {fault.start}.") from fault
        except OSError as fault:
            raise CommandError(f"The file can't be read: {fault.strerror}.") from fault
        self._tell(result)

    def _import(self, file: TextIO, report: TextIO, language: Language, source: str) -> Result:
        table = csv.writer(report, dialect="excel-tab", lineterminator="\n")
        table.writerow(["line", "reason", "words", "sentence"])

        def refuse(line: Line, code: str) -> None:
            table.writerow([line.number, code, str(FAULTS[code]), line.text])

        return import_lines(
            lines=tqdm(read_lines(file), unit=" lines", disable=not sys.stderr.isatty()),
            language=language,
            source=source,
            refuse=refuse,
        )

    def _tell(self, result: Result) -> None:
        self.stdout.write(
            f"{result.accepted} sentences are in use now, {result.refused.total()} were refused."
        )
        for code, count in result.refused.most_common():
            self.stdout.write(f"  {count} × {code}: {FAULTS[code]}")


def _report(path: Path | None) -> TextIO:
    return (path or Path("/dev/null")).open("w", encoding="utf-8", newline="")
