"""Taking withdrawn clips out of an unpacked edition: their files, their rows, and every count that named them.

Cut off, it is done again from the beginning: tables are replaced one by one, the checksums last.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from voicecollect_data import frontmatter, signatures, sums
from voicecollect_data.faults import Damaged, Unusable
from voicecollect_data.sums import NAME, Progress, Sum, digest_of

CLIPS = "clips/"
COLUMNS = ["path", "sha256", "since"]
ABSENT_IF_EMPTY = frozenset({"train.tsv", "dev.tsv", "test.tsv", "train_all.tsv"})
BUCKETS = frozenset({"validated.tsv", "invalidated.tsv", "other.tsv"})
SENTENCES = "validated_sentences.tsv"
SEEDS = 2  # clips that README.md names for each split
NOTE = "\n## Taken out since\n\nClips that were withdrawn were taken out of this copy; figures above count them.\n"


class Done(NamedTuple):
    """How many clips and rows were taken out."""

    clips: int
    rows: int


def read(path: Path, key: str | None) -> frozenset[str]:
    """Return the file names of `withdrawn.tsv`; its signature is checked if a key is given. Raises Damaged."""
    if key:
        signatures.check(path, signatures.public_key(key))
    with path.open(encoding="utf-8", newline="\n") as file:
        if file.readline().rstrip("\n").split("\t") != COLUMNS:
            raise Damaged(str(path), "is no list of withdrawn clips")
        return frozenset(line.split("\t")[0] for line in file)


def apply(folder: Path, withdrawn: frozenset[str], progress: Progress) -> Done:
    """Take the clips out of an edition and write its checksums anew. Raises Unusable if it has none."""
    if not (folder / NAME).is_file():
        raise Unusable(f"{folder} is no unpacked edition: it has no {NAME}.")
    fewer: Counter[str] = Counter()
    rows = sum(_thin(path, withdrawn, fewer) for path in sorted(folder.glob("*.tsv")))
    _count_less(folder / SENTENCES, fewer)
    for path in sorted(folder.glob("metadata-*.jsonl")):
        _thin_lines(path, withdrawn)
    clips = sum(_delete(folder / CLIPS / name) for name in withdrawn)
    if rows or clips:
        _mend_readme(folder)
    _write_sums(folder, withdrawn, progress)
    return Done(clips, rows)


def _thin(path: Path, withdrawn: frozenset[str], fewer: Counter[str]) -> int:
    """Leave rows of withdrawn clips out of a table; return how many. A split without rows goes as a whole."""
    with path.open(encoding="utf-8", newline="\n") as file:
        columns = file.readline().rstrip("\n").split("\t")
    name = next((each for each in ("path", "clip") if each in columns), None)
    if name is None:
        return 0
    at = columns.index(name)
    left = gone = 0
    part = path.with_suffix(".part")
    with (
        path.open(encoding="utf-8", newline="\n") as file,
        part.open("w", encoding="utf-8", newline="\n") as kept,
    ):
        kept.write(file.readline())
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if fields[at] not in withdrawn:
                left += 1
                kept.write(line)
                continue
            gone += 1
            if path.name in BUCKETS:
                fewer[fields[columns.index("sentence_id")]] += 1
    part.replace(path)
    if not left and path.name in ABSENT_IF_EMPTY:
        path.unlink()
    return gone


def _count_less(path: Path, fewer: Counter[str]) -> None:
    """Lower `clips_count`, the last column, of sentences whose clips went."""
    if not fewer:
        return
    part = path.with_suffix(".part")
    with (
        path.open(encoding="utf-8", newline="\n") as file,
        part.open("w", encoding="utf-8", newline="\n") as kept,
    ):
        kept.write(file.readline())
        for line in file:
            *fields, count = line.rstrip("\n").split("\t")
            kept.write("\t".join([*fields, str(int(count) - fewer[fields[0]])]) + "\n")
    part.replace(path)


def _thin_lines(path: Path, withdrawn: frozenset[str]) -> None:
    part = path.with_suffix(".part")
    with (
        path.open(encoding="utf-8", newline="\n") as file,
        part.open("w", encoding="utf-8", newline="\n") as kept,
    ):
        kept.writelines(line for line in file if json.loads(line)["path"] not in withdrawn)
    part.replace(path)
    if not path.stat().st_size:
        path.unlink()


def _delete(path: Path) -> bool:
    there = path.is_file()
    path.unlink(missing_ok=True)
    return there


def _mend_readme(folder: Path) -> None:
    """Name clips that are still there, and say that some are not."""
    path = folder / "README.md"
    before = path.read_text(encoding="utf-8")
    text = before if NOTE in before else before + NOTE
    if (folder / CLIPS).is_dir():
        text = frontmatter.replaced(text, {split: _seeds(folder, split) for split in frontmatter.SPLITS})
    path.write_text(text, encoding="utf-8", newline="\n")


def _seeds(folder: Path, split: str) -> list[str]:
    path = folder / f"metadata-{split}.jsonl"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line)["file_name"] for line, _number in zip(file, range(SEEDS), strict=False)]


def _write_sums(folder: Path, withdrawn: frozenset[str], progress: Progress) -> None:
    path = folder / NAME
    part = folder / f"{NAME}.part"
    with part.open("w", encoding="ascii", newline="\n") as kept:
        kept.writelines(said.line for said in _sums(folder, withdrawn, progress))
    part.replace(path)


def _sums(folder: Path, withdrawn: frozenset[str], progress: Progress) -> Iterator[Sum]:
    for said in sums.read(folder / NAME):
        if said.name.startswith(CLIPS):
            if said.name.removeprefix(CLIPS) not in withdrawn:
                yield said
        elif (folder / said.name).is_file():
            yield Sum(said.name, digest_of(folder / said.name, progress))
