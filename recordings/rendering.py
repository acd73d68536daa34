"""Working on one reading aloud: claim the row, decode what was sent in the sandbox, keep the MP3 and nothing else."""

import logging
import shutil
import uuid
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts import aloud
from accounts.models import ConsentText
from common.storage import STORE_FAULTS
from common.workroom import Workroom
from languages.limits import Limits
from prompts.models import Prompt
from recordings import erasing
from recordings.audio.order import Cut, CutClip, Order, Outcome
from recordings.models import Reading
from recordings.processing import sandbox, save
from recordings.states import ReadingState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than the sandbox lets any file take
RETRY_AFTER = timedelta(seconds=5)
MAX_ATTEMPTS = 3
LONGEST_SECONDS = 360.0  # at 48 kHz; the memory of the cage holds some eight minutes
ORDER = Order(
    Cut.WHOLE,
    Limits(
        min_seconds=0.3,
        max_seconds=LONGEST_SECONDS,
        whole_decoded_seconds=LONGEST_SECONDS + 30,
        whole_bytes=100_000_000,
    ),
)


class LostHold(Exception):  # noqa: N818 -- it says what happened
    """The reading was erased, or another worker holds it now."""


def due() -> QuerySet[Reading]:
    """Return the readings that a worker may claim, the oldest first."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return Reading.objects.filter(free, state=ReadingState.WAITING).order_by("added_at")


def process_next() -> bool:
    """Work on the reading that waits longest; tell whether there was one."""
    set_aside_hopeless()
    reading_id = due().values_list("pk", flat=True).first()
    return reading_id is not None and process(reading_id)


def set_aside_hopeless() -> None:
    """Refuse what was tried too often."""
    for reading in due().filter(attempts__gte=MAX_ATTEMPTS):
        with suppress(LostHold):
            _finish(reading, state=ReadingState.REFUSED, refusal="failed")


def process(reading_id: uuid.UUID) -> bool:
    """Make the MP3 of one reading; twice, late, or beside another worker does no harm. Tell whether it was due."""
    reading = _claim(reading_id)
    if reading is None:
        return False
    try:
        with Workroom("reading-") as folder:
            _work(reading, folder)
    except STORE_FAULTS as fault:
        log.warning("put back reading=%s fault=%s", reading.pk, type(fault).__name__)
        _held(reading).update(lease_until=timezone.now() + RETRY_AFTER)
    except LostHold:
        log.warning("nothing written reading=%s", reading.pk)
        if not Reading.objects.filter(pk=reading.pk).exists():
            erasing.delete_sounds([reading.pk])
    return True


def _claim(reading_id: uuid.UUID) -> Reading | None:
    rows = due().filter(pk=reading_id, attempts__lt=MAX_ATTEMPTS)
    held = {"token": uuid.uuid4(), "lease_until": timezone.now() + LEASE, "attempts": F("attempts") + 1}
    return Reading.objects.get(pk=reading_id) if rows.update(**held) else None


def _held(reading: Reading) -> QuerySet[Reading]:
    return Reading.objects.filter(pk=reading.pk, token=reading.token, state=ReadingState.WAITING)


def _work(reading: Reading, folder: Path) -> None:
    source = folder / "upload"
    with storages["private"].open(aloud.upload_key(reading.pk)) as stored, source.open("wb") as file:
        shutil.copyfileobj(stored, file)
    outcome = sandbox().examine(source, ORDER, folder)
    if refusal := _refusal(outcome):
        _finish(reading, state=ReadingState.REFUSED, refusal=refusal)
        return
    clip: CutClip = outcome.clips[0]
    sha256, size = save(aloud.key(reading.pk), clip.delivery)
    _finish(reading, state=ReadingState.READY, duration_ms=clip.duration_ms, sha256=sha256, size=size)


def _refusal(outcome: Outcome) -> str:
    found = outcome.refusal or outcome.clips[0].refusal
    return found.code if found else ""


@transaction.atomic
def _finish(reading: Reading, *, state: ReadingState, **found: object) -> None:
    """Write what became of a held reading, which takes the place of an earlier one. Raises LostHold."""
    same = Reading.objects.filter(prompt=reading.prompt_id, text=reading.text_id, state=state)
    erasing.erase_readings(same)
    if not _held(reading).update(state=state, token=None, lease_until=None, **found):
        raise LostHold
    if state is ReadingState.READY:
        Prompt.objects.filter(readings=reading).update(spoken=reading.pk)
        ConsentText.objects.filter(readings=reading).update(spoken=reading.pk)
    transaction.on_commit(lambda: storages["private"].delete(aloud.upload_key(reading.pk)))
