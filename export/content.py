"""What stands in an archive before its clips: datasheet, tables, checksums; written from frozen rows by stream."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from django.db.models import Count, QuerySet

from export import keys, metadata
from export.keys import Kind
from export.models import Edition, FrozenClip, FrozenReport, FrozenSentence
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
    files = [readme, *_write_tables(edition, kind, folder)]
    return [*files, _write_sums(edition, kind, files, folder / "SHA256SUMS")]


def clips(edition: Edition) -> QuerySet[FrozenClip]:
    """Return the clips in the order of all tables and archives."""
    return FrozenClip.objects.filter(edition=edition).order_by("clip_id")


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


def _write_clips(edition: Edition, kind: Kind, tables: _Tables) -> None:
    for clip in clips(edition).select_related("speaker", "sentence").iterator(ROWS):
        path = keys.clip_name(edition.release.corpus, edition.locale, clip.clip_id, keys.suffix(kind))
        fields = _fields(edition, clip, path)
        for table in _tables_of(clip):
            tables.write(table, list(fields.values()))
        tables.write("clip_durations", [path, str(clip.duration_ms)])
        tables.write("signals", signals_row(path, clip.signals))
        if clip.split:
            described = {"file_name": f"clips/{path}"} | fields | {"duration_ms": clip.duration_ms}
            tables.describe(
                clip.split, described | {"up_votes": clip.up_votes, "down_votes": clip.down_votes}
            )


def _tables_of(clip: FrozenClip) -> Iterator[str]:
    yield BUCKETS[Verdict(clip.verdict)]
    if clip.split:
        yield clip.split
    if clip.train_all:
        yield "train_all"


def _fields(edition: Edition, clip: FrozenClip, path: str) -> dict[str, str]:
    speaker, sentence = clip.speaker, clip.sentence
    values = (
        speaker.client_id, path, str(sentence.sentence_id), sentence.text, sentence.domain, str(clip.up_votes),
        str(clip.down_votes), speaker.age, speaker.gender, speaker.accents, speaker.variant, edition.locale, "",
    )  # fmt: skip
    return dict(zip(COLUMNS["validated"], values, strict=True))


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
                metadata.checksum(digest, f"clips/{name}") for name, digest in _digests(edition, kind)
            )
    return path


def _digests(edition: Edition, kind: Kind) -> Iterator[tuple[str, str]]:
    digest = "master_sha256" if kind == Kind.FLAC else "delivery_sha256"
    for clip_id, sha256 in clips(edition).values_list("clip_id", digest).iterator(ROWS):
        yield keys.clip_name(edition.release.corpus, edition.locale, clip_id, keys.suffix(kind)), str(sha256)
