"""Backups: the database at one moment, the objects that it wants, and what was withdrawn, in a folder.

    dumps/2026-12-31T23-59-59/    a database, its manifest and the list of its objects; whole, or not there
    objects/private, releases/    the objects of all dumps, as they lie in the storages
    withdrawals.jsonl             what was ever taken back: a restore takes it out again

Objects never change under their keys, so that only new ones are copied, and a backup that was cut off goes on. What was
withdrawn goes from the folder's objects with the next backup.
"""

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Refused
from common.storage import DurableFiles
from operations import dump, reading, wanted
from operations.wanted import Wanted
from recordings.models import Clip, Reading, Recording, Withdrawal
from recordings.states import RecordingState

FORMAT = 1
AT_A_TIME = 8
MANIFEST, OBJECTS, WITHDRAWALS = "manifest.json", "objects.jsonl.gz", "withdrawals.jsonl"
MOST_SHARE = 0.01  # of the copied objects that one backup may delete


@dataclass
class Made:
    """What a backup did; `lacking` are keys of objects that a row wants and the storage doesn't give."""

    dump: str = ""
    objects: int = 0
    copied: int = 0
    deleted: int = 0
    withdrawals: int = 0
    lacking: list[str] = field(default_factory=list)


def make(folder: Path, *, keep: int = 7, most_share: float = MOST_SHARE) -> Made:
    """Make a backup in the folder, beside earlier ones; instances go on working meanwhile."""
    made = Made(dump=f"{timezone.now():%Y-%m-%dT%H-%M-%S}")
    aside = folder / "dumps" / f".aside-{made.dump}"
    aside.mkdir(parents=True)
    with dump.at_one_moment(aside) as alias:
        _list_objects(aside / OBJECTS, alias)
        migrations = dump.applied(alias)
    _copy_objects(folder, aside / OBJECTS, made)
    made.withdrawals = note_withdrawals(folder)
    made.deleted = _delete_withdrawn(folder, most_share)
    _write_manifest(aside, migrations)
    aside.replace(aside.with_name(made.dump))
    _drop_old(folder / "dumps", keep)
    return made


def note_withdrawals(folder: Path) -> int:
    """Add what was withdrawn since to the folder's list; return how many are on it."""
    path = folder / WITHDRAWALS
    known = {each["clip_id"]: each for each in withdrawals_in(folder)}
    for row in Withdrawal.objects.values().iterator():
        known[str(row["clip_id"])] = row | {
            "clip_id": str(row["clip_id"]),
            "withdrawn_at": row["withdrawn_at"].isoformat(),
        }
    folder.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".aside")
    with aside.open("w") as file:
        file.writelines(json.dumps(each) + "\n" for each in known.values())
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return len(known)


def withdrawals_in(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what the folder knows to be withdrawn."""
    path = folder / WITHDRAWALS
    if path.exists():
        with path.open() as file:
            yield from map(json.loads, file)


def objects_in(path: Path) -> Iterator[Wanted]:
    """Yield the objects that a dump lists."""
    with gzip.open(path, "rt") as file:
        yield from (Wanted(*json.loads(line)) for line in file)


def copies(folder: Path, alias: str) -> DurableFiles:
    """Return where the folder keeps the objects of a storage."""
    return DurableFiles(location=folder / "objects" / alias)


def fingerprint() -> str:
    """Return what tells whether the release key is the same one, and nothing else of it."""
    return hashlib.sha256(b"release-key:" + settings.RELEASE_KEY.encode()).hexdigest()[:16]


def _list_objects(path: Path, alias: str) -> None:
    with gzip.open(path, "wt", compresslevel=3) as file:
        for part in wanted.parts():
            for rows in (wanted.originals, wanted.clips, wanted.readings):
                file.writelines(json.dumps(each) + "\n" for each in rows(part, alias))
        file.writelines(json.dumps(each) + "\n" for each in wanted.archives(alias))


def _copy_objects(folder: Path, listed: Path, made: Made) -> None:
    targets = {alias: copies(folder, alias) for alias in ("private", "releases")}
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for want, done in pool.map(lambda want: (want, _copy(want, targets)), objects_in(listed)):
            made.objects += 1
            made.copied += done == "copied"
            if done == "lacking":
                made.lacking.append(want.key)


def _copy(want: Wanted, targets: dict[str, DurableFiles]) -> str:
    target = targets[reading.alias_of(want)]
    path = Path(target.path(want.key))
    if path.exists() and path.stat().st_size == want.size:
        return "there"
    return "copied" if reading.copy(want, target) else "lacking"


def _delete_withdrawn(folder: Path, most_share: float) -> int:
    """Delete the copies of what no row wants any more. Raises Refused, and deletes nothing, if that is too much."""
    kept = copies(folder, "private")
    total, gone = 0, []
    for part in wanted.parts():
        ids = _ids(part)
        for top in ("originals", "clips", "readings"):
            for each in kept.objects(f"{top}/{part}"):
                total += 1
                gone += [each.key] if each.key.split("/")[2] not in ids else []
    if len(gone) > max(most_share * total, 1):
        words = _(
            "%(gone)s of %(total)s copied objects belong to nothing any more. If that many were withdrawn, say "
            "--most with a higher percentage. The backup was not finished."
        )
        raise Refused(words % {"gone": len(gone), "total": total}, code="too-many-gone")
    for key in gone:
        kept.delete(key)
    return len(gone)


def _ids(part: str) -> set[str]:
    rows = Recording.objects.filter(wanted.of_part("id", part)).exclude(state=RecordingState.WITHDRAWN)
    clips, readings = (each.objects.filter(wanted.of_part("id", part)) for each in (Clip, Reading))
    return {str(row_id) for each in (rows, clips, readings) for row_id in each.values_list("id", flat=True)}


def _write_manifest(folder: Path, migrations: Iterable[tuple[str, str]]) -> None:
    """Write what the dump is of, and the hashes of its files; everything is on disk afterwards."""
    files = {path.name: _synced_sha256(path) for path in sorted(folder.iterdir())}
    told = {
        "format": FORMAT,
        "release_key": fingerprint(),
        "vendor": dump.vendor(),
        "migrations": list(migrations),
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(told, indent=1) + "\n")
    _synced_sha256(folder / MANIFEST)


def _synced_sha256(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _drop_old(dumps: Path, keep: int) -> None:
    """Delete what was cut off earlier, and all dumps but the newest ones."""
    for each in [*dumps.glob(".aside-*"), *sorted(dumps.glob("2*"))[:-keep]]:
        shutil.rmtree(each)
