"""Reading sentences from a file, line by line: a text with one a line, or a table with named columns (TSV)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from common.errors import Refused

LONGEST = 8192  # bytes of a line that are looked at
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Line:
    """One sentence: its line's number from 1, its text, and what the line says of it or "": `variant` is its code.

    `kind` is "topic" for a question that is answered freely.

    `anyway` takes it in though there is one much like it.
    """

    number: int
    text: str
    domain: str = ""
    variant: str = ""
    source: str = ""
    kind: str = ""
    anyway: bool = False


@dataclass
class Reader:
    """The sentences of an open file, from where it stands. To go on later, keep `number`, `columns` and `file.tell()`.

    `columns` is empty for a text. Raises Refused if the header of a table names no column `sentence`, or if the file
    isn't in UTF-8.
    """

    file: BinaryIO
    number: int = 0  # lines read
    columns: list[str] = field(default_factory=list)
    anyway: bool = False

    def __iter__(self) -> Iterator[Line]:
        if self.number == 0:
            self._read_header()
        while raw := self._raw_line():
            self.number += 1
            text = raw.decode("utf-8", "replace").rstrip(
                "\r\n"
            )  # what isn't UTF-8 shows as a forbidden character
            if text.strip():
                yield self._line(text)

    def _read_header(self) -> None:
        try:
            first = self._raw_line().decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise Refused(_("The file is not UTF-8."), code="not-utf8", status=400) from fault
        columns = [_plain(name) for name in first.split("\t")]
        if len(columns) == 1 and columns != ["sentence"]:
            self.file.seek(0)
            self.file.seek(len(BOM) if self.file.read(len(BOM)) == BOM else 0)
        elif "sentence" in columns:
            self.columns, self.number = columns, 1
        else:
            raise Refused(_('The header names no column "sentence".'), code="no-sentence-column", status=400)

    def _raw_line(self) -> bytes:
        """Return the next line, of one that is too long its beginning."""
        line = rest = self.file.readline(LONGEST)
        while len(rest) == LONGEST and not rest.endswith(b"\n"):
            rest = self.file.readline(LONGEST)
        return line

    def _line(self, text: str) -> Line:
        if not self.columns:
            return Line(self.number, text, anyway=self.anyway)
        values = dict(zip(self.columns, text.split("\t"), strict=False))
        known = {name: values.get(name, "").strip() for name in ("domain", "variant", "source", "kind")}
        return Line(self.number, values.get("sentence", ""), anyway=self.anyway, **known)


def _plain(name: str) -> str:
    """Return a column's name without remarks: "Sentence (mandatory)" is `sentence`."""
    return name.partition("(")[0].strip().lower()
