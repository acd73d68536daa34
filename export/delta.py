"""What a delta holds: everything that makes of an earlier release of a language this one.

`added/` has the files that are new or other than before, `removed.tsv` the clips that are gone and why, `changed.tsv`
what is told otherwise of a clip. Both releases are read side by side, so memory doesn't grow with them.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from export import content, keys, metadata
from export.content import Row
from export.keys import Kind
from export.models import Edition, FrozenClip
from export.tables import COLUMNS
from recordings.models import Withdrawal

REMOVED = ("path", "sha256", "reason")
CHANGED = ("path", "column", "before", "after")
WITHDRAWN, LEFT_OUT = (
    "withdrawn",
    "left-out",
)  # taken back by the speaker; for another reason no longer fit to publish


class _Clip(NamedTuple):
    row: Row
    sha256: str


def write_front(edition: Edition, since: str, folder: Path) -> list[Path]:
    """Write all files that stand before the new clips into the folder; return them in the order of the archive."""
    base = content.earlier(edition, since)
    (folder / "added").mkdir()
    about = folder / "delta.json"
    about.write_text(_about(edition, base), encoding="utf-8", newline="\n")
    files = [about, *_write_differences(edition, base, folder)]
    files += content.write_front(edition, Kind.MP3, folder / "added")
    return [*files, _write_sums(edition, since, files, folder)]


def _about(edition: Edition, base: Edition) -> str:
    told = {"locale": edition.locale, "from": base.release.stem, "to": edition.release.stem}
    return json.dumps(told, indent=2) + "\n"


def _write_differences(edition: Edition, base: Edition, folder: Path) -> list[Path]:
    gone = set(_withdrawn(base))
    paths = [folder / "removed.tsv", folder / "changed.tsv"]
    with (
        paths[0].open("w", encoding="utf-8", newline="\n") as removed,
        paths[1].open("w", encoding="utf-8", newline="\n") as changed,
    ):
        removed.write(_line(*REMOVED))
        changed.write(_line(*CHANGED))
        for before, after in _side_by_side(base, edition):
            if after is None:
                reason = WITHDRAWN if before.row.path in gone else LEFT_OUT
                removed.write(_line(before.row.path, before.sha256, reason))
            else:
                changed.writelines(_line(before.row.path, *each) for each in _differences(before, after))
    return paths


def _line(*fields: str) -> str:
    return "\t".join(fields) + "\n"


def _withdrawn(base: Edition) -> Iterator[str]:
    held = FrozenClip.objects.filter(edition=base).values("clip_id")
    for clip_id in Withdrawal.objects.filter(pk__in=held).values_list("pk", flat=True).iterator():
        yield keys.clip_name(base.release.corpus, base.locale, clip_id)


def _side_by_side(base: Edition, edition: Edition) -> Iterator[tuple[_Clip, _Clip | None]]:
    """Yield each clip of the earlier release with what it is now, or None if it is gone."""
    later = _clips(edition)
    after = next(later, None)
    for before in _clips(base):
        while after and after.row.path < before.row.path:
            after = next(later, None)
        yield before, after if after and after.row.path == before.row.path else None


def _clips(edition: Edition) -> Iterator[_Clip]:
    rows = content.clip_rows(edition, Kind.MP3, content.clips(edition))
    for row, (_name, sha256) in zip(rows, content.digests(edition, Kind.MP3), strict=True):
        yield _Clip(row, sha256)


def _differences(before: _Clip, after: _Clip) -> Iterator[tuple[str, str, str]]:
    """Yield column, value before and value now of whatever is told otherwise."""
    for column, then, now in chain(
        zip(COLUMNS["validated"], before.row.fields, after.row.fields, strict=True),
        [
            ("tables", "|".join(before.row.tables), "|".join(after.row.tables)),
            ("sha256", before.sha256, after.sha256),
        ],
    ):
        if then != now:
            yield column, then, now


def _write_sums(edition: Edition, since: str, files: list[Path], folder: Path) -> Path:
    path = folder / "SHA256SUMS"
    with path.open("w", encoding="ascii", newline="\n") as sums:
        for file in files:
            with file.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            sums.write(metadata.checksum(digest, file.relative_to(folder).as_posix()))
        for name, digest in content.digests(edition, Kind.MP3, since):
            sums.write(metadata.checksum(digest, f"added/clips/{name}"))
    return path
