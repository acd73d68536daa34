"""Imports sentences from a file, and says which were refused and why."""

import csv
import sys
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from accounts.commands import PrivilegedCommand
from common.errors import Refused
from languages.lookup import language_of
from prompts.lines import Reader
from prompts.options import Licence
from prompts.origins import check_origin
from prompts.receiving import Origin, Refusal, Result, take_in_all
from prompts.wording import FAULTS


class Command(PrivilegedCommand):
    help = "Puts sentences of a TSV (with a column `sentence`) or of a text (a sentence a line) in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--locale", required=True, help="tag of the language, such as br")
        parser.add_argument("--source", required=True, help="where the sentences come from")
        parser.add_argument(
            "--licence", default=Licence.PUBLIC_DOMAIN, choices=Licence.values, help="why they may be used"
        )
        parser.add_argument("--evidence", default="", help="where that can be looked up")
        parser.add_argument("--similar-too", action="store_true", help="also take what is much like another")
        parser.add_argument("--report", type=Path, help="a TSV to write with every line that was refused")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_origin(options["source"], options["licence"], options["evidence"])
            with options["file"].open("rb") as file, _report(options["report"]) as report:
                result = self._import(file, report, options)
        except Refused as no:
            raise CommandError(str(no.words)) from no
        except OSError as fault:
            raise CommandError(f"The file can't be read: {fault.strerror}.") from fault
        self._tell(result)

    def _import(self, file: BinaryIO, report: TextIO, options: dict[str, Any]) -> Result:
        table = csv.writer(report, dialect="excel-tab", lineterminator="\n")
        table.writerow(["line", "reason", "words", "detail", "sentence"])

        def refuse(no: Refusal) -> None:
            table.writerow([no.line.number, no.code, str(FAULTS[no.code]), no.detail, no.line.text])

        reader = Reader(file, anyway=options["similar_too"])
        return take_in_all(
            lines=tqdm(reader, unit=" lines", disable=not sys.stderr.isatty()),
            language=language_of(options["locale"]),
            origin=Origin(options["source"], options["licence"], options["evidence"]),
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
