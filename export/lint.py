"""Checks an unpacked edition as its readers would; says what is wrong where. Knows files alone, no database.

Memory grows with speakers and held-out sentences only: tables and clips pass once, in their order.
"""

import hashlib
import io
import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from heapq import merge
from itertools import islice, zip_longest
from pathlib import Path
from typing import NamedTuple

import soundfile

from export.tables import COLUMNS, MAY_BE_ABSENT, SPLITS, fault_of, suspicious

CLIP_TABLES = (*SPLITS, "train_all", "validated", "invalidated", "other")
MOST_FAULTS = 100  # more are not more helpful
BLOCK = 1 << 16  # frames decoded at a time
MAY_DIFFER_MS = 1  # a duration is rounded to milliseconds


Vocabulary = Mapping[str, frozenset[str]]
Counts = Mapping[str, int]


class Fault(NamedTuple):
    """Something wrong: the file, the line in it (0 for the whole file), and what."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


class Clip(NamedTuple):
    """A file below `clips/`, in the order of their names."""

    name: str
    data: bytes


def faults(
    folder: Path,
    clips: Iterable[Clip] | None,
    *,
    vocabulary: Vocabulary,
    decode: bool,
    counts: Counts | None = None,
) -> list[Fault]:
    """Return the first faults of the tables in the folder and of the clips that belong to them; none is right.

    `vocabulary` gives the values that may stand in a column, beside the empty one. `clips` is None where tables stand
    alone. With `decode` each clip is decoded to its end, several times slower than believing its header. `counts` are
    the clips that each table is said to have.
    """
    checks = [
        _tables(folder, vocabulary),
        _partition(folder, counts or {}),
        _leaks(folder),
        _membership(folder),
        _descriptions(folder),
        _front_sums(folder),
    ]
    if clips is not None:
        checks.append(_clips(folder, clips, decode))
    for check in checks:  # each may trust what those before it found right
        if found := list(islice(check, MOST_FAULTS)):
            return found
    return []


def _tables(folder: Path, vocabulary: Vocabulary) -> Iterator[Fault]:
    for table, columns in COLUMNS.items():
        path = folder / f"{table}.tsv"
        if not path.is_file():
            if table not in MAY_BE_ABSENT:
                yield Fault(path.name, 0, "is missing")
            continue
        with path.open("rb") as file:
            if file.readline() != "\t".join(columns).encode() + b"\n":
                yield Fault(path.name, 1, "has other columns than the format says")
                continue
            rows = yield from _rows(table, file, vocabulary)
        if table in MAY_BE_ABSENT and not rows:
            yield Fault(path.name, 0, "has no row; leave it out")


def _rows(table: str, lines: Iterable[bytes], vocabulary: Vocabulary) -> Generator[Fault, None, int]:
    """Check each line after the header; return how many there are."""
    name, columns, number = f"{table}.tsv", COLUMNS[table], 1
    listed = [(at, column) for at, column in enumerate(columns) if column in vocabulary]
    for number, raw in enumerate(lines, start=2):
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            yield Fault(name, number, "is not UTF-8")
            continue
        fields = text.removesuffix("\n").split("\t")
        if len(fields) != len(columns) or not text.endswith("\n"):
            yield Fault(name, number, f"has {len(fields)} fields instead of {len(columns)}, or no line end")
            continue
        if suspicious(table, [fields], text):
            yield from _bad_fields(name, number, columns, fields)
        for at, column in listed:
            if fields[at] and fields[at] not in vocabulary[column]:
                yield Fault(name, number, f"{column} has a value that is in no list")
    return number - 1


def _bad_fields(name: str, number: int, columns: Sequence[str], fields: Sequence[str]) -> Iterator[Fault]:
    for column, field in zip(columns, fields, strict=True):
        if fault := fault_of(field):
            yield Fault(name, number, f"{column} {fault}")


def _read(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table; none if it is absent."""
    with suppress(FileNotFoundError), (folder / f"{table}.tsv").open(encoding="utf-8", newline="\n") as file:
        columns = file.readline().rstrip("\n").split("\t")
        for text in file:
            yield dict(zip(columns, text.rstrip("\n").split("\t"), strict=False))


def _names(folder: Path, table: str) -> Iterator[str]:
    return (row.get("path") or row.get("clip") or "" for row in _read(folder, table))


def _partition(folder: Path, said: Counts) -> Iterator[Fault]:
    """Check that names rise, hence are unique, and that three tables hold each clip once."""
    counts: dict[str, int] = {}
    for table in (*CLIP_TABLES, "clip_durations", "signals"):
        counts[table] = yield from _rising(folder, table)
    whole = counts["validated"] + counts["invalidated"] + counts["other"]
    most = dict.fromkeys((*SPLITS, "train_all"), counts["validated"])
    exact = {"clip_durations": whole, "signals": whole} | dict(said)
    for table, count in counts.items():
        if count != exact.get(table, count) or count > most.get(table, count):
            yield Fault(
                f"{table}.tsv", 0, f"has {count} clips instead of {exact.get(table, most.get(table))}"
            )


def _rising(folder: Path, table: str) -> Generator[Fault, None, int]:
    """Check the order of a table's clips; return how many there are."""
    before, count = "", 0
    for name in _names(folder, table):
        count += 1
        if name <= before:
            yield Fault(f"{table}.tsv", count + 1, "stands twice or out of order")
        before = name
    return count


def _membership(folder: Path) -> Iterator[Fault]:
    """Check which clips stand where: in one of three tables, in those of splits only if valid; all lists are sorted."""
    for split in (*SPLITS, "train_all"):
        for name in _not_in(_names(folder, split), _names(folder, "validated")):
            yield Fault(f"{split}.tsv", 0, f"{name} is not in validated.tsv")
    for name in _not_in(_names(folder, "train"), _names(folder, "train_all")):
        yield Fault("train.tsv", 0, f"{name} is not in train_all.tsv")
    judged = [_names(folder, table) for table in ("validated", "invalidated", "other")]
    rows = zip_longest(merge(*judged), *(_names(folder, table) for table in ("clip_durations", "signals")))
    for judged_name, timed, measured in rows:
        if not judged_name == timed == measured:
            first = min(filter(None, (judged_name, timed, measured)))
            yield Fault(
                "clip_durations.tsv", 0, f"{first} is not in it, signals.tsv and a table of verdicts alike"
            )
            return


def _not_in(few: Iterator[str], many: Iterator[str]) -> Iterator[str]:
    """Yield what is in the first of two sorted lists alone."""
    other = next(many, "")
    for name in few:
        while other and other < name:
            other = next(many, "")
        if other != name:
            yield name


def _descriptions(folder: Path) -> Iterator[Fault]:
    """Check that the lines of `metadata-{split}.jsonl` say what the tables say."""
    for split in SPLITS:
        path = folder / f"metadata-{split}.jsonl"
        for number, (row, line) in enumerate(zip_longest(_read(folder, split), _lines(path)), start=1):
            if row is None or line is None or not _describes(line, row):
                yield Fault(path.name, number, f"does not say what {split}.tsv says")
                break


def _lines(path: Path) -> Iterator[str]:
    with suppress(FileNotFoundError), path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        yield from file


def _describes(line: str, row: Mapping[str, str]) -> bool:
    try:
        said = json.loads(line)
    except ValueError:
        return False
    file_name = said.pop("file_name", "")
    return file_name == f"clips/{row['path']}" and {name: str(said.get(name)) for name in row} == row


def _leaks(folder: Path) -> Iterator[Fault]:
    """Check that no speaker and no sentence of dev and test is anywhere else."""
    seen: dict[tuple[str, str], str] = {}
    for split in ("test", "dev", "train_all", "train"):
        for number, row in enumerate(_read(folder, split), start=2):
            for column in ("client_id", "sentence_id"):
                key = (column, row.get(column, ""))
                held_out = split in ("test", "dev")
                owner = seen.setdefault(key, split) if held_out else seen.get(key, split)
                if owner != split:
                    yield Fault(f"{split}.tsv", number, f"{column} is in {owner}.tsv too")


def _sums(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 of each line of the checksums."""
    with (
        suppress(FileNotFoundError),
        (folder / "SHA256SUMS").open(encoding="utf-8", errors="replace") as file,
    ):
        for text in file:
            sha256, _blank, name = text.rstrip("\n").partition("  ")
            yield name, sha256


def _front_sums(folder: Path) -> Iterator[Fault]:
    listed = {name: sha256 for name, sha256 in _sums(folder) if not name.startswith("clips/")}
    there = {path.name for path in folder.iterdir() if path.is_file()} - {"SHA256SUMS"}
    for name in sorted(there ^ set(listed)):
        yield Fault(name, 0, "is not in SHA256SUMS" if name in there else "is in SHA256SUMS but missing")
    for name in sorted(there & set(listed)):
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != listed[name]:
                yield Fault(name, 0, "is not what SHA256SUMS says")


def _clips(folder: Path, clips: Iterable[Clip], decode: bool) -> Iterator[Fault]:
    """Check each clip beside its rows, which all stand in the same order."""
    sums = (
        (name.removeprefix("clips/"), sha256) for name, sha256 in _sums(folder) if name.startswith("clips/")
    )
    rows = zip_longest(_read(folder, "clip_durations"), sums, clips)
    for row, sum_of, clip in rows:
        if row is None or sum_of is None or clip is None or not row["clip"] == sum_of[0] == clip.name:
            first = min(filter(None, (row and row["clip"], sum_of and sum_of[0], clip and clip.name)))
            yield Fault(f"clips/{first}", 0, "is not in clip_durations.tsv, SHA256SUMS and clips/ alike")
            return
        if what := _wrong(clip.data, sum_of[1], row["duration[ms]"], decode):
            yield Fault(f"clips/{clip.name}", 0, what)


def _wrong(data: bytes, sha256: str, duration: str, decode: bool) -> str:
    if hashlib.sha256(data).hexdigest() != sha256:
        return "is not what SHA256SUMS says"
    if not duration.isdigit():
        return f"lasts {duration!r} ms as clip_durations.tsv says"
    return length_fault(data, int(duration), decode, "clip_durations.tsv says")


def length_fault(data: bytes, duration_ms: int, decode: bool, who_says: str) -> str:
    """Return what is wrong with a sound that should last so long, or ""."""
    try:
        milliseconds = _length(data, decode)
    except soundfile.LibsndfileError:
        return "cannot be decoded"
    if abs(milliseconds - duration_ms) > MAY_DIFFER_MS:
        return f"lasts {milliseconds:.0f} ms, not {duration_ms} as {who_says}"
    return ""


def _length(data: bytes, decode: bool) -> float:
    """Return how many milliseconds a file decodes to, or says that it does."""
    with soundfile.SoundFile(io.BytesIO(data)) as sound:
        frames = sum(map(len, sound.blocks(BLOCK, dtype="int16"))) if decode else sound.frames
        return 1000 * int(frames) / int(sound.samplerate)
