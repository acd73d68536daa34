"""Working on one recording: claim the row, cut and measure in the sandbox, store the clips, record what was found.

Any step may be cut off at any moment and done again: keys and ids of clips follow from the recording, and the last step
writes only while this worker still holds the row.
"""

import hashlib
import logging
import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.core.files import File
from django.core.files.storage import storages
from django.utils import timezone
from s3transfer.exceptions import RetriesExceededError

from common.storage import STORE_FAULTS
from common.workroom import Workroom
from languages.limits import Limits
from recordings import deriving, erasing, keys
from recordings.audio.order import Cut, CutClip, Order
from recordings.audio.sandbox import KilledError, Sandbox
from recordings.deriving import Stored
from recordings.ids import clip_id_of
from recordings.models import Recording, StaleTransition
from recordings.states import RecordingState

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=5)
HOLD_EVERY = 20  # clips that are stored
CHUNK = 1 << 20


class DamagedOriginalError(OSError):
    """The stored bytes are not those that were received."""


# Faults that may come again each time: the original is gone or damaged, or whoever decodes it is killed.
COUNTED = (FileNotFoundError, DamagedOriginalError, RetriesExceededError, KilledError)


@cache
def sandbox() -> Sandbox:
    """Return this process's sandbox; when it starts, the log says what protects the system from it here."""
    one = Sandbox()
    found = one.protections()
    missing = [name for name, holds in found.items() if not holds]
    log.info("sandbox in_force=%s missing=%s", ",".join(found.keys() - missing), ",".join(missing) or "none")
    return one


def process(recording_id: uuid.UUID) -> bool:
    """Process one recording; twice, late, or beside another worker does no harm. Tell whether there was work to do."""
    recording = Recording.objects.claim(recording_id)
    if recording is None:
        return False
    try:
        with Workroom("recording-") as folder:
            _work(recording, folder)
    except STORE_FAULTS as fault:
        _put_back(recording, fault)
    except StaleTransition as late:
        log.warning("nothing written: %s", late)
        _leave_nothing_of_withdrawn(recording)
    return True


def _leave_nothing_of_withdrawn(recording: Recording) -> None:
    """Delete the files that this worker stored if the recording was taken back while it worked."""
    if not Recording.objects.filter(pk=recording.pk).exclude(state=RecordingState.WITHDRAWN).exists():
        erasing.erase_clips(recording)


def _work(recording: Recording, folder: Path) -> None:
    source = folder / "original"
    _fetch(recording, source)
    outcome = sandbox().examine(source, order_for(recording), folder, meanwhile=recording.hold)
    usable = [cut for cut in outcome.clips if cut.refusal is None]
    clips = [_store(recording, position, cut, outcome.version) for position, cut in enumerate(usable)]
    deriving.record(recording, outcome, clips)


def _fetch(recording: Recording, into: Path) -> None:
    """Copy the original, as it was received. Raises OSError if it is gone, damaged, or out of reach."""
    digest = hashlib.sha256()
    with storages["private"].open(recording.original_key) as stored, into.open("wb") as file:
        while chunk := stored.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != recording.sha256:
        raise DamagedOriginalError(recording.original_key)


def order_for(recording: Recording) -> Order:
    """Return what the pipeline is to do with the recording, with its language's own limits."""
    limits = Limits().with_overrides(recording.language.audio_limits)
    cut = Cut(recording.cut)
    return Order(cut=cut, limits=limits, text=recording.prompt.text if cut is Cut.WHOLE else "")


def _store(recording: Recording, position: int, cut: CutClip, version: int) -> Stored:
    if position % HOLD_EVERY == HOLD_EVERY - 1:
        recording.hold()
    clip_id = clip_id_of(recording.pk, position)
    master_sha256, master_size = save(keys.master(clip_id, version), cut.master)
    delivery_sha256, delivery_size = save(keys.delivery(clip_id, version), cut.delivery)
    return Stored(clip_id, cut, master_sha256, master_size, delivery_sha256, delivery_size)


def save(key: str, path: Path) -> tuple[str, int]:
    """Store a file that the sandbox made; return its SHA-256 and how many bytes it has."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        storages["private"].save(key, File(file))
    return digest, path.stat().st_size


def _put_back(recording: Recording, fault: Exception) -> None:
    """Let the job wait a little. An attempt that the storage or the system spoilt is not counted."""
    log.warning("put back recording=%s fault=%s", recording.pk, type(fault).__name__)
    counted = recording.attempts - (0 if isinstance(fault, COUNTED) else 1)
    try:
        recording.move_to(RecordingState.RECEIVED, attempts=counted, not_before=timezone.now() + RETRY_AFTER)
    except StaleTransition as late:
        log.warning("nothing written: %s", late)
