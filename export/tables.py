"""The tables of a release: their columns, and the one way to write a line.

Readers that know quoting and readers that split at tabs agree on every field, because no field begins with `"` and none
holds a tab, CR, LF or NUL. Text is NFC, and no sentence equals a word that pandas reads as a missing value.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

CLIPS = (
    "client_id", "path", "sentence_id", "sentence", "sentence_domain", "up_votes", "down_votes", "age", "gender",
    "accents", "variant", "locale", "segment",
)  # fmt: skip
SPLITS = ("train", "dev", "test")

# What is measured of each clip, with its unit; new ones join before `versions`, the last column.
SIGNALS = {
    "duration": "s", "voice": "s", "voice-share": "1", "lead": "s", "tail": "s", "peak": "dBFS", "level": "dBFS",
    "clipped": "1", "dc": "1", "loudness": "LUFS", "snr": "dB", "bandwidth": "Hz", "hum": "dB", "pace": "1/s",
    "sample-rate": "Hz", "posterior": "1",
}  # fmt: skip

# Columns only ever join at the end, and never those of the tables that Common Voice has too.
COLUMNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*SPLITS, "train_all", "validated", "invalidated", "other"), CLIPS),
    "signals": ("clip", *(f"{name}[{unit}]" for name, unit in SIGNALS.items()), "versions"),
    "reported": ("sentence", "sentence_id", "locale", "reason"),
    "clip_durations": ("clip", "duration[ms]"),
    "validated_sentences": (
        "sentence_id", "sentence", "variant", "sentence_domain", "source", "is_used", "clips_count",
    ),
    "unvalidated_sentences": (
        "sentence_id", "sentence", "variant", "sentence_domain", "source", "up_votes", "down_votes", "status",
    ),
}  # fmt: skip

# A table without rows is left out where readers fail on a header alone.
MAY_BE_ABSENT = frozenset({*SPLITS, "train_all"})

# What pandas reads as missing unless told otherwise (STR_NA_VALUES).
MISSING_WORDS = frozenset(
    {
        "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
        "NULL", "NaN", "None", "n/a", "nan", "null",
    }
)  # fmt: skip

_BREAKS = re.compile(r"[\t\r\n\0]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class BadField(ValueError):  # noqa: N818 -- it says what is bad
    """A field that would make readers disagree; the message names table, column and fault, never the text."""


def header(table: str) -> str:
    """Return the first line of a table."""
    return "\t".join(COLUMNS[table]) + "\n"


def line(table: str, fields: Sequence[str]) -> str:
    """Return one line of a table, ended by LF. Raises BadField if a field breaks the rule above."""
    return lines(table, [fields])[0]


def lines(table: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of a table, looked at all at once. Raises BadField if a field of any breaks the rule above."""
    made = ["\t".join(fields) + "\n" for fields in rows]
    if suspicious(table, rows, "".join(made)):
        for fields, text in zip(rows, made, strict=True):
            if suspicious(table, [fields], text):
                raise _fault(table, fields)
    return made


def signals_row(clip: str, measured: Iterable[tuple[str, float, str, int]]) -> list[str]:
    """Return a row of `signals`: six digits of each measure, empty where there is none, and `name:version` of each."""
    found = {name: (value, version) for name, value, _unit, version in measured if name in SIGNALS}
    values = [f"{found[name][0]:.6g}" if name in found else "" for name in SIGNALS]
    return [clip, *values, "|".join(f"{name}:{found[name][1]}" for name in SIGNALS if name in found)]


def plain(text: str) -> str:
    """Return a description that organisers typed (a source, an accent) as a field that `line` accepts."""
    spaced = " ".join(_CONTROLS.sub(" ", unicodedata.normalize("NFC", text)).split())
    bare = spaced.lstrip('" ')
    return f"({bare})" if bare in MISSING_WORDS else bare


def fault_of(text: str) -> str:
    """Return why a field must not stand in a table, or ""."""
    if _BREAKS.search(text):
        return "holds a tab, CR, LF or NUL"
    if text.startswith('"'):
        return 'begins with "'
    if not unicodedata.is_normalized("NFC", text):
        return "is not NFC"
    if text in MISSING_WORDS:
        return "reads as a missing value"
    return ""


def suspicious(table: str, rows: Sequence[Sequence[str]], text: str) -> bool:
    """Tell quickly whether the text that is made of these rows can hold a fault; if not, `fault_of` finds none."""
    width, count = len(COLUMNS[table]), len(rows)
    if any(len(fields) != width for fields in rows) or text.count("\t") != count * (width - 1):
        return True
    if text.count("\n") != count or "\r" in text or "\0" in text:
        return True
    if '"' in text and (text.startswith('"') or '\t"' in text or '\n"' in text):
        return True
    if not MISSING_WORDS.isdisjoint(text.replace("\n", "\t").split("\t")):
        return True
    return not unicodedata.is_normalized("NFC", text)


def _fault(table: str, fields: Sequence[str]) -> BadField:
    columns = COLUMNS[table]
    if len(fields) != len(columns):
        return BadField(f"{table}: {len(fields)} fields instead of {len(columns)}")
    for column, field in zip(columns, fields, strict=True):
        if fault := fault_of(field):
            return BadField(f"{table}: {column} {fault}")
    return BadField(f"{table}: its fields are NFC apart but not side by side")
