"""What stands in an archive before its clips: datasheet, tables, checksums; written from frozen rows by stream."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from export import keys, metadata
from export.keys import Kind
from export.models import Edition, FrozenClip, FrozenReport, FrozenSentence, Release
from export.tables import COLUMNS, MAY_BE_ABSENT, SPLITS, header, line, signals_row
from prompts.states import PromptState
from validation.verdict import Verdict

ROWS = 2000  # read from the database at a time
APPROVED = [PromptState.IN_USE, PromptState.RETIRED]
STATUS = {PromptState.SUBMITTED: "pending", PromptState.REJECTED: "rejected"}
BUCKETS = {Verdict.VALID: "validated", Verdict.INVALID: "invalidated", Verdict.OPEN: "other"}


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

    def write(self, table: str, fields: list[str]) -> None:
        self._files[f"{table}.tsv"].write(line(table, fields))

    def describe(self, split: str, row: dict[str, Any]) -> None:
        self._files[f"metadata-{split}.jsonl"].write(json.dumps(row, ensure_ascii=False) + "\n")

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
        for row in rows:
            tables.write(name, row)
    return tables.close()


# What a row of the tables of clips is made of, in the order of their columns; `None` where it isn't in the database.
_SOURCES = {
    "client_id": "speaker__client_id", "path": None, "sentence_id": "sentence__sentence_id",
    "sentence": "sentence__text", "sentence_domain": "sentence__domain", "up_votes": "up_votes",
    "down_votes": "down_votes", "age": "speaker__age", "gender": "speaker__gender", "accents": "speaker__accents",
    "variant": "speaker__variant", "locale": None, "segment": None,
}  # fmt: skip
_FURTHER = ("clip_id", "verdict", "split", "train_all", "duration_ms", "signals")


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
        row: dict[str, Any] = dict(zip(_SOURCES, self.fields, strict=True))
        numbers = {name: int(row[name]) for name in ("up_votes", "down_votes")}
        return row | numbers | {"duration_ms": self.duration_ms}


def clip_rows(edition: Edition, kind: Kind, chosen: QuerySet[FrozenClip]) -> Iterator[Row]:
    """Yield the rows of these clips of the edition, in their order."""
    name = partial(keys.clip_name, edition.release.corpus, edition.locale, suffix=keys.suffix(kind))
    columns = [source for source in _SOURCES.values() if source]
    # Rows as tuples: a model's instance would cost more than all that is done with it
    for row in chosen.values_list(*_FURTHER, *columns).iterator(ROWS):
        (clip_id, verdict, split, train_all, duration_ms, signals), found = row[:6], iter(row[6:])
        path = name(clip_id)
        fixed = {"path": path, "locale": edition.locale, "segment": ""}
        fields = [str(next(found)) if source else fixed[column] for column, source in _SOURCES.items()]
        yield Row(path, fields, list(_tables_of(verdict, split, train_all)), split, duration_ms, signals)


def _write_clips(edition: Edition, kind: Kind, tables: _Tables) -> None:
    for row in clip_rows(edition, kind, clips(edition)):
        for table in row.tables:
            tables.write(table, row.fields)
        tables.write("clip_durations", [row.path, str(row.duration_ms)])
        tables.write("signals", signals_row(row.path, row.signals))
        if row.split:
            tables.describe(row.split, {"file_name": f"clips/{row.path}"} | row.described())


def _tables_of(verdict: str, split: str, train_all: bool) -> Iterator[str]:
    yield BUCKETS[Verdict(verdict)]
    if split:
        yield split
    if train_all:
        yield "train_all"


def _reported(edition: Edition) -> Iterator[list[str]]:
    rows = FrozenReport.objects.filter(edition=edition).order_by("sentence__sentence_id", "reason", "pk")
    fields = rows.values_list("sentence__text", "sentence__sentence_id", "reason")
    for text, sentence_id, reason in fields.iterator(ROWS):
        yield [text, str(sentence_id), edition.locale, reason]


def _sentences(edition: Edition) -> QuerySet[FrozenSentence]:
    return FrozenSentence.objects.filter(edition=edition).order_by("sentence_id")


def _approved(edition: Edition) -> Iterator[list[str]]:
    rows = _sentences(edition).filter(status__in=APPROVED).annotate(count=Count("clips"))
    for row in rows.iterator(ROWS):
        used = str(int(row.status == PromptState.IN_USE))
        yield [str(row.sentence_id), row.text, row.variant, row.domain, row.source, used, str(row.count)]


def _unapproved(edition: Edition) -> Iterator[list[str]]:
    for row in _sentences(edition).exclude(status__in=APPROVED).iterator(ROWS):
        status = STATUS[PromptState(row.status)]
        yield [str(row.sentence_id), row.text, row.variant, row.domain, row.source, "0", "0", status]


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
    for clip_id, sha256 in clips(edition, section).values_list("clip_id", digest).iterator(ROWS):
        yield keys.clip_name(edition.release.corpus, edition.locale, clip_id, keys.suffix(kind)), str(sha256)
