"""Taking in a take: first the bytes are durable, then the row, then comes the receipt."""

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts import consent as consents
from accounts import portrait
from accounts.models import Speaker
from accounts.options import Method
from common.bell import ring
from common.errors import Refused
from common.statements import New, Select, Update, given_uuid, itself, one_of, whole
from languages.limits import Limits
from prompts import reservations
from prompts.models import Prompt
from recordings import keys
from recordings.audio.order import Cut
from recordings.ids import clip_id_of, recording_id_of
from recordings.models import Recording, SessionLine, Withdrawal
from recordings.states import RecordingState
from recordings.tasks import process_recording

CHUNK = 1 << 16
MAX_TAKE_BYTES = Limits().whole_bytes
MAX_ANSWER_BYTES = Limits().answer_bytes
MAX_BYTES = {Cut.WHOLE: MAX_TAKE_BYTES, Cut.PAUSES: Limits().pauses_bytes}
IN_MEMORY = 1 << 20


@dataclass(frozen=True)
class Take:
    """What is sent: its own id, the bytes to read, and what the sender says of them.

    `session` are the sentences that were read in one go, if a long recording is of such a list. `at_most` is a cap in
    bytes below that of its cut.
    """

    take_id: uuid.UUID
    read: Callable[[int], bytes]
    digest: bytes | None = None  # SHA-256 that the client computed
    recorder: dict[str, Any] = field(default_factory=dict)
    cut: Cut = Cut.WHOLE
    session: tuple[Prompt, ...] = ()
    at_most: int | None = None


@dataclass(frozen=True)
class Receipt:
    """Proof that bytes and row are durable; `new` tells whether this upload made them."""

    id: uuid.UUID
    sha256: str
    received_at: datetime
    new: bool


def accept_take(*, take: Take, speaker: Speaker, prompt: Prompt, knows_consent: bool = True) -> Receipt:
    """Keep a take and queue its processing; the same again gives the same receipt.

    Raises Refused without a trace if the take is empty, too large, damaged on the way, or lacks consent. An app
    that knows no consent (`knows_consent=False`) isn't refused for that: its takes wait, or are accepted by setting.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
        size, digest = _receive(take, body)
        recording_id = recording_id_of(speaker.pk, take.take_id)
        if earlier := _recording.first(recording=recording_id):
            return _same_receipt(earlier, digest)
        if _withdrawn.first(clip=clip_id_of(recording_id, 0)):
            raise Refused(_("You took this recording back, so it isn't kept."), code="withdrawn", status=410)
        row = Recording(
            id=recording_id, take_id=take.take_id, speaker=speaker, prompt=prompt, language_id=prompt.language_id,
            sha256=digest, size=size, recorder=take.recorder, cut=take.cut,
            **_consent_and_state(speaker, knows_consent), **portrait.of(speaker, prompt.language_id),
        )  # fmt: skip
        body.seek(0)
        storages["private"].save(keys.original(recording_id, digest), File(body))
    return _write_row(row, take.session)


_recording = Select(lambda: Recording.objects.filter(pk=given_uuid("recording")), whole(Recording))
_withdrawn = Select(lambda: Withdrawal.objects.filter(pk=given_uuid("clip")).values_list("pk"), itself)


def _receive(take: Take, body: IO[bytes]) -> tuple[int, str]:
    """Copy the bytes under a cap, hashing on the way; return their number and SHA-256."""
    size, digest = 0, hashlib.sha256()
    most = take.at_most or MAX_BYTES[take.cut]
    for chunk in _chunks(take.read):
        size += len(chunk)
        if size > most:
            raise Refused(
                _("This recording is too large. Please record a shorter one."), code="too-large", status=413
            )
        digest.update(chunk)
        body.write(chunk)
    if not size:
        raise Refused(_("Nothing arrived. Please send the recording again."), code="empty", status=400)
    if take.digest not in (None, digest.digest()):
        raise Refused(
            _("The recording was damaged on its way. Please send it again."), code="digest", status=400
        )
    return size, digest.hexdigest()


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    try:
        while chunk := read(CHUNK):
            yield chunk
    except OSError as fault:
        words = _("The connection broke off. Please send the recording again.")
        raise Refused(words, code="cut-off", status=400) from fault


def _consent_and_state(speaker: Speaker, knows_consent: bool) -> dict[str, Any]:
    consent = consents.newest(speaker)
    if consent and consent.collect:
        return {"consent": consent, "state": RecordingState.RECEIVED}
    if knows_consent:
        raise Refused(
            _("Please read and accept how your voice is used first."), code="consent-needed", status=403
        )
    if settings.CLIENT_CONSENT == "accept":
        return {"consent": consents.vouch(speaker, Method.CLIENT), "state": RecordingState.RECEIVED}
    return {"consent": None, "state": RecordingState.QUARANTINED}


def _write_row(row: Recording, session: tuple[Prompt, ...]) -> Receipt:
    try:
        with transaction.atomic():
            _new.put(row)
            lines = [
                SessionLine(recording=row, position=n, prompt=prompt) for n, prompt in enumerate(session)
            ]
            SessionLine.objects.bulk_create(lines)
            read = {row.prompt_id, *(prompt.pk for prompt in session)}
            _count.run(prompts=read)
            reservations.end(speaker=row.speaker, prompts=read)
            ring(process_recording, recording_id=str(row.pk))
    except IntegrityError:  # the same take came twice at once, and the other was faster
        return _same_receipt(Recording.objects.get(pk=row.pk), row.sha256)
    return Receipt(row.take_id, row.sha256, row.received_at, new=True)


_new = New(Recording)
_count = Update(
    lambda: Prompt.objects.filter(one_of("pk", given_uuid("prompts"))),
    {"clips_count": models.F("clips_count") + 1},
)


def _same_receipt(row: Recording, digest: str) -> Receipt:
    if row.sha256 != digest:
        words = _("Another recording was sent under this number already. Please record again.")
        raise Refused(words, code="take-id-taken", status=409)
    return Receipt(row.take_id, row.sha256, row.received_at, new=False)
