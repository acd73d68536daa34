"""What stands in an archive before its clips: datasheet, tables, checksums; written from frozen rows by stream."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.db.models import Count, QuerySet

from export import keys, metadata
from export.keys import Kind
from export.models import Edition, FrozenClip, FrozenReport, FrozenSentence
from export.tables import COLUMNS, MAY_BE_ABSENT, header, line
from prompts.states import PromptState
from validation.verdict import Verdict

ROWS = 2000  # read from the database at a time
APPROVED = [PromptState.IN_USE, PromptState.RETIRED]
STATUS = {PromptState.SUBMITTED: "pending", PromptState.REJECTED: "rejected"}
BUCKETS = {Verdict.VALID: "validated", Verdict.INVALID: "invalidated", Verdict.OPEN: "other"}


def write_front(edition: Edition, kind: Kind, folder: Path) -> list[Path]:
    """Write all files that stand before the clips into the folder; return them in the order of the archive."""
    tables = _write_tables(edition, kind, folder)
    readme = folder / "README.md"
    readme.write_text(metadata.datasheet(edition.statistics), encoding="utf-8", newline="\n")
    files = [readme, *tables]
    return [*files, _write_sums(edition, kind, files, folder / "SHA256SUMS")]


def suffix(kind: Kind) -> str:
    """Return how the names of an archive's clips end."""
    return "flac" if kind == Kind.FLAC else "mp3"


def clips(edition: Edition) -> QuerySet[FrozenClip]:
    """Return the clips in the order of all tables and archives."""
    return FrozenClip.objects.filter(edition=edition).order_by("clip_id")


def _write_tables(edition: Edition, kind: Kind, folder: Path) -> list[Path]:
    paths = {table: folder / f"{table}.tsv" for table in COLUMNS}
    with ExitStack() as open_files:
        files = {
            table: open_files.enter_context(path.open("w", encoding="utf-8", newline="\n"))
            for table, path in paths.items()
        }
        for table, file in files.items():
            file.write(header(table))
        _write_clips(edition, kind, files)
        for table, rows in (
            ("reported", _reported(edition)),
            ("validated_sentences", _approved(edition)),
            ("unvalidated_sentences", _unapproved(edition)),
        ):
            files[table].writelines(line(table, row) for row in rows)
        empty = {table for table in MAY_BE_ABSENT if files[table].tell() == len(header(table))}
    for table in empty:
        paths.pop(table).unlink()
    return [paths[table] for table in sorted(paths)]


def _write_clips(edition: Edition, kind: Kind, files: Mapping[str, IO[str]]) -> None:
    corpus, locale, ending = edition.release.corpus, edition.locale, suffix(kind)
    rows = clips(edition).values_list(
        "clip_id", "duration_ms", "verdict", "split", "train_all", "up_votes", "down_votes", "speaker__client_id",
        "speaker__age", "speaker__gender", "speaker__accents", "speaker__variant", "sentence__sentence_id",
        "sentence__text", "sentence__domain",
    )  # fmt: skip
    for row in rows.iterator(ROWS):
        clip_id, duration_ms, verdict, split, train_all, up, down, name, age, gender, accents, variant = row[
            :12
        ]
        sentence_id, text, domain = row[12:]
        path = keys.clip_name(corpus, locale, clip_id, ending)
        fields = (
            name, path, str(sentence_id), text, domain, str(up), str(down), age, gender, accents, variant, locale, "",
        )  # fmt: skip
        written = line("validated", fields)
        files[BUCKETS[Verdict(verdict)]].write(written)
        if split:
            files[split].write(written)
        if train_all:
            files["train_all"].write(written)
        files["clip_durations"].write(line("clip_durations", (path, str(duration_ms))))


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


def _digests(edition: Edition, kind: Kind) -> Iterator[tuple[str, Any]]:
    digest = "master_sha256" if kind == Kind.FLAC else "delivery_sha256"
    for clip_id, sha256 in clips(edition).values_list("clip_id", digest).iterator(ROWS):
        yield keys.clip_name(edition.release.corpus, edition.locale, clip_id, suffix(kind)), sha256
