"""Restoring a backup into an empty instance; what was withdrawn, even after the backup, stays withdrawn."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import storages
from django.db import DatabaseError
from django.utils.translation import gettext as _

from accounts.models import Speaker, User
from common.errors import Refused
from operations import backup, dump, reading, wanted
from operations.wanted import Wanted
from recordings import erasing, withdrawal
from recordings.ids import clip_id_of
from recordings.models import Clip, Reading, Recording, Withdrawal


@dataclass
class Restored:
    """What a restore did; `lacking` are keys of objects that the backup should hold and doesn't, or holds damaged."""

    dump: str
    objects: int = 0
    withdrawn: int = 0
    lacking: list[str] = field(default_factory=list)


def restore(folder: Path, name: str = "") -> Restored:
    """Restore a dump, the newest by default. Cut off anywhere, the same call does it again.

    Raises Refused, and changes nothing, if the database isn't empty, or the backup is damaged or not for this one.
    """
    chosen = _choose(folder, name)
    manifest = _checked_manifest(chosen)
    _refuse_what_does_not_fit(manifest)
    restored = Restored(dump=chosen.name)
    _copy_objects(folder, chosen, restored)
    dump.load(chosen, [(app, migration) for app, migration in manifest["migrations"]])
    restored.withdrawn = _withdraw_again(folder)
    _erase_silent_readings()
    return restored


def _choose(folder: Path, name: str) -> Path:
    found = sorted((folder / "dumps").glob(name or "2*"))
    if not found:
        raise Refused(_("There is no such backup in %s.") % folder, code="no-backup", status=404)
    return found[-1]


def _checked_manifest(chosen: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((chosen / backup.MANIFEST).read_text())
    for name, sha256 in manifest["files"].items():
        with (chosen / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                words = _("%(file)s of the backup is damaged. Name an earlier one with --dump.")
                raise Refused(words % {"file": f"{chosen.name}/{name}"}, code="backup-damaged")
    return manifest


def _refuse_what_does_not_fit(manifest: dict[str, Any]) -> None:
    if manifest["vendor"] != dump.vendor():
        words = _("The backup is of %(one)s, and DATABASE_URL names %(other)s.")
        raise Refused(words % {"one": manifest["vendor"], "other": dump.vendor()}, code="other-database")
    if manifest["release_key"] != backup.fingerprint():
        words = _("RELEASE_KEY is not the one that this collection was published with. Set that one first.")
        raise Refused(words, code="other-release-key")
    if _holds_people():
        raise Refused(_("The database is not empty. Restore into an empty one."), code="not-empty")


def _holds_people() -> bool:
    try:
        return Speaker.objects.exists() or User.objects.exists()
    except DatabaseError:  # not even tables
        return False


def _copy_objects(folder: Path, chosen: Path, restored: Restored) -> None:
    taken_back = {each["clip_id"] for each in backup.withdrawals_in(folder)}
    with ThreadPoolExecutor(backup.AT_A_TIME) as pool:
        wants = backup.objects_in(chosen / backup.OBJECTS)
        for want, there in pool.map(lambda want: (want, _copy(folder, want)), wants):
            restored.objects += there
            if not there and not _was_taken_back(want, taken_back) and not _was_erased(folder, want):
                restored.lacking.append(want.key)


def _was_taken_back(want: Wanted, clip_ids: set[str]) -> bool:
    first = str(clip_id_of(UUID(want.row_id), 0)) if want.what == "original" else want.row_id
    return first in clip_ids


def _was_erased(folder: Path, want: Wanted) -> bool:
    """Tell whether it is a reading that was erased since: later backups keep no copy of it."""
    return want.what == "reading" and not Path(backup.copies(folder, "private").path(want.key)).exists()


def _erase_silent_readings() -> None:
    """Erase readings without a sound, so that no page offers them."""
    silent = [each.row_id for each in wanted.readings("") if not storages["private"].exists(each.key)]
    erasing.erase_readings(Reading.objects.filter(pk__in=silent))


def _copy(folder: Path, want: Wanted) -> bool:
    alias = reading.alias_of(want)
    path = Path(backup.copies(folder, alias).path(want.key))
    if not path.exists():
        return False
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != want.sha256:
            return False
        file.seek(0)
        storages[alias].save(want.key, File(file))
    return True


def _withdraw_again(folder: Path) -> int:
    """Take back what was withdrawn after the dump was made; workers then delete its files."""
    known = {str(each) for each in Withdrawal.objects.values_list("clip_id", flat=True)}
    later = [Withdrawal(**each) for each in backup.withdrawals_in(folder) if each["clip_id"] not in known]
    clip_ids = {UUID(str(each.clip_id)) for each in later}
    Withdrawal.objects.bulk_create(later)
    return sum(withdrawal.take_back(recording) for recording in _recordings_of(clip_ids))


def _recordings_of(clip_ids: set[UUID]) -> list[Recording]:
    """Return the recordings of the clips, and those without any that would have had one of them as their first."""
    owners = set(Clip.objects.filter(pk__in=clip_ids).values_list("recording_id", flat=True))
    clipless = Recording.objects.filter(clips__isnull=True).values_list("pk", flat=True)
    owners |= {each for each in clipless if clip_ids and clip_id_of(each, 0) in clip_ids}
    return list(Recording.objects.filter(pk__in=owners).select_related("language"))
