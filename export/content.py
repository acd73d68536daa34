"""What stands in an archive before its clips: datasheet, tables, checksums; written from frozen rows by stream."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TextIO, TypeVar

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from common.ids import Dashed
from export import keys, metadata
from export.keys import Kind
from export.models import Edition, FrozenClip, FrozenReport, FrozenSentence, Release
from export.tables import CLIPS, COLUMNS, MAY_BE_ABSENT, SPLITS, header, lines, signals_row
from prompts.states import PromptState
from validation.verdict import Verdict

ROWS = 2000  # read from the database at a time
APPROVED = [PromptState.IN_USE, PromptState.RETIRED]
STATUS = {PromptState.SUBMITTED: "pending", PromptState.REJECTED: "rejected"}
BUCKETS: dict[str, str] = {Verdict.VALID: "validated", Verdict.INVALID: "invalidated", Verdict.OPEN: "other"}

T = TypeVar("T")


def write_front(edition: Edition, kind: Kind, folder: Path) -> list[Path]:
    """Write all files that stand before the clips into the folder; return them in the order of the archive."""
    readme = folder / "README.md"
    readme.write_text(metadata.datasheet(edition.statistics, kind), encoding="utf-8", newline="\n")
    files = [readme, *_write_plots(edition, folder), *_write_tables(edition, kind, folder)]
    return [*files, _write_sums(edition, kind, files, folder / "SHA256SUMS")]


# Into which clips are parted where they are not all in one archive: each clip is in one
SECTIONS = {
    "train_all": Q(train_all=True),
    "dev": Q(split="dev"),
    "test": Q(split="test"),
    "rest": Q(split="", train_all=False),
}


def clips(edition: Edition, section: str = "") -> QuerySet[FrozenClip]:
    """Return the clips in the order of all tables and archives: all, of a section, or new since a release's number."""
    every = FrozenClip.objects.filter(edition=edition).order_by("clip_id")
    if not section or section in SECTIONS:
        return every.filter(SECTIONS[section]) if section else every
    same = {name: OuterRef(name) for name in ("clip_id", "delivery_sha256")}
    return every.exclude(Exists(FrozenClip.objects.filter(edition=earlier(edition, section), **same)))


def earlier(edition: Edition, number: str) -> Edition:
    """Return the same language's edition in the release of this number."""
    releases = Release.objects.numbered(number)
    return Edition.objects.select_related("release").get(language=edition.language_id, release__in=releases)


def _write_plots(edition: Edition, folder: Path) -> Iterator[Path]:
    """Write the plots as they were drawn, once for all archives."""
    names = [metadata.plot_name(edition.statistics, plot) for plot in metadata.PLOTS]
    drawn = edition.release.documents.filter(name__in=names).order_by("name")
    for name, text in drawn.values_list("name", "text"):
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        yield path


class _Tables:
    """The files of all tables while they are being written; those that stayed empty are removed in the end."""

    def __init__(self, folder: Path) -> None:
        self._paths = {name: folder / f"{name}.tsv" for name in COLUMNS}
        self._lines = {name: folder / f"metadata-{name}.jsonl" for name in SPLITS}
        self._files: dict[str, TextIO] = {}
        self._stack = ExitStack()
        for path in (*self._paths.values(), *self._lines.values()):
            self._files[path.name] = self._stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
        for name, path in self._paths.items():
            self._files[path.name].write(header(name))

    def write(self, table: str, lines: Iterable[str]) -> None:
        self._files[f"{table}.tsv"].writelines(lines)

    def describe(self, split: str, lines: Iterable[str]) -> None:
        self._files[f"metadata-{split}.jsonl"].writelines(lines)

    def close(self) -> list[Path]:
        self._stack.close()
        absent = {name for name in MAY_BE_ABSENT if self._paths[name].stat().st_size == len(header(name))}
        for name in absent:
            self._paths.pop(name).unlink()
        for name in absent & set(SPLITS):
            self._lines.pop(name).unlink()
        return sorted([*self._paths.values(), *self._lines.values()])


def _write_tables(edition: Edition, kind: Kind, folder: Path) -> list[Path]:
    tables = _Tables(folder)
    _write_clips(edition, kind, tables)
    for name, rows in (
        ("reported", _reported(edition)),
        ("validated_sentences", _approved(edition)),
        ("unvalidated_sentences", _unapproved(edition)),
    ):
        for batch in _batches(rows):
            tables.write(name, lines(name, batch))
    return tables.close()


# Of the tables of clips; numbers as they are, ids as text: making objects of them would cost more than all else
_FROM_DATABASE = (
    Dashed("clip_id"), "verdict", "split", Cast("train_all", IntegerField()), "duration_ms", "signals",
    "speaker__client_id", Dashed("sentence__sentence_id"), "sentence__text", "sentence__domain", "up_votes",
    "down_votes", "speaker__age", "speaker__gender", "speaker__accents", "speaker__variant",
)  # fmt: skip


class Row(NamedTuple):
    """A clip as the tables tell it: its fields in the order of the columns, and the tables that it stands in."""

    path: str
    fields: list[str]
    tables: list[str]
    split: str
    duration_ms: int
    signals: list[Any]

    def described(self) -> dict[str, Any]:
        """Return the row for readers of JSON: numbers as such."""
        row: dict[str, Any] = dict(zip(CLIPS, self.fields, strict=True))
        row["up_votes"], row["down_votes"] = int(row["up_votes"]), int(row["down_votes"])
        row["duration_ms"] = self.duration_ms
        return row


def clip_rows(edition: Edition, kind: Kind, chosen: QuerySet[FrozenClip]) -> Iterator[Row]:
    """Yield the rows of these clips of the edition, in their order."""
    corpus, locale, suffix = edition.release.corpus, edition.locale, keys.suffix(kind)
    for (
        clip_id, verdict, split, train_all, duration_ms, signals,
        client_id, sentence_id, sentence, domain, up, down, age, gender, accents, variant,
    ) in chosen.values_list(*_FROM_DATABASE).iterator(ROWS):  # fmt: skip
        path = keys.clip_name(corpus, locale, clip_id, suffix)
        fields = [
            client_id, path, sentence_id, sentence, domain, str(up), str(down), age, gender, accents, variant,
            locale, "",
        ]  # fmt: skip
        yield Row(path, fields, _tables_of(verdict, split, train_all), split, duration_ms, signals)


def _write_clips(edition: Edition, kind: Kind, tables: _Tables) -> None:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for rows in _batches(clip_rows(edition, kind, clips(edition))):
        of_table, of_split = defaultdict(list), defaultdict(list)
        # the table that holds most clips stands for all, since their columns are the same
        for row, text in zip(rows, lines("other", [row.fields for row in rows]), strict=True):
            for table in row.tables:
                of_table[table].append(text)
            if row.split:
                said = {"file_name": f"clips/{row.path}"} | row.described()
                of_split[row.split].append(encode(said) + "\n")
        of_table["clip_durations"] = lines(
            "clip_durations", [[row.path, str(row.duration_ms)] for row in rows]
        )
        of_table["signals"] = lines("signals", [signals_row(row.path, row.signals) for row in rows])
        for table, made in of_table.items():
            tables.write(table, made)
        for split, made in of_split.items():
            tables.describe(split, made)


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, ROWS)):
        yield batch


def _tables_of(verdict: str, split: str, train_all: int) -> list[str]:
    """Return the tables that a clip stands in."""
    tables = [BUCKETS[verdict], *([split] if split else [])]
    return [*tables, "train_all"] if train_all else tables


def _reported(edition: Edition) -> Iterator[list[str]]:
    rows = FrozenReport.objects.filter(edition=edition).order_by("sentence__sentence_id", "reason", "pk")
    fields = rows.values_list("sentence__text", Dashed("sentence__sentence_id"), "reason")
    for text, sentence_id, reason in fields.iterator(ROWS):
        yield [text, sentence_id, edition.locale, reason]


def _sentences(edition: Edition) -> QuerySet[FrozenSentence]:
    return FrozenSentence.objects.filter(edition=edition).order_by("sentence_id")


_OF_SENTENCE = (Dashed("sentence_id"), "text", "variant", "domain", "source", "status")


def _approved(edition: Edition) -> Iterator[list[str]]:
    rows = _sentences(edition).filter(status__in=APPROVED).annotate(count=Count("clips"))
    for *fields, status, count in rows.values_list(*_OF_SENTENCE, "count").iterator(ROWS):
        yield [*fields, str(int(status == PromptState.IN_USE)), str(count)]


def _unapproved(edition: Edition) -> Iterator[list[str]]:
    rows = _sentences(edition).exclude(status__in=APPROVED)
    for *fields, status in rows.values_list(*_OF_SENTENCE).iterator(ROWS):
        yield [*fields, "0", "0", STATUS[PromptState(status)]]


def _write_sums(edition: Edition, kind: Kind, files: list[Path], path: Path) -> Path:
    """Write the checksums of all other members, as `sha256sum -c` reads them in the archive's folder."""
    with path.open("w", encoding="ascii", newline="\n") as sums:
        for file in files:
            with file.open("rb") as content:
                sums.write(metadata.checksum(hashlib.file_digest(content, "sha256").hexdigest(), file.name))
        if kind != Kind.METADATA:
            sums.writelines(
                metadata.checksum(digest, f"clips/{name}") for name, digest in digests(edition, kind)
            )
    return path


def digests(edition: Edition, kind: Kind, section: str = "") -> Iterator[tuple[str, str]]:
    """Yield the file name and the SHA-256 of each clip, in their order."""
    digest = "master_sha256" if kind == Kind.FLAC else "delivery_sha256"
    corpus, locale, suffix = edition.release.corpus, edition.locale, keys.suffix(kind)
    for clip_id, sha256 in clips(edition, section).values_list(Dashed("clip_id"), digest).iterator(ROWS):
        yield keys.clip_name(corpus, locale, clip_id, suffix), sha256
