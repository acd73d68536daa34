"""Texts read aloud for people who don't read: handing in a recording of one, and taking it away again."""

import hashlib
import uuid

from django.core.files import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import aloud
from accounts.models import ConsentText, Speaker
from common.bell import ring
from common.errors import Refused
from prompts.models import Prompt
from prompts.states import PromptState
from recordings import erasing
from recordings.models import Reading
from recordings.rendering import ORDER
from recordings.states import ReadingState
from recordings.tasks import render_reading


def add(
    *,
    file: "File[bytes]",
    prompt: Prompt | None = None,
    text: ConsentText | None = None,
    reader: Speaker | None = None,
    agreed: bool,
) -> Reading:
    """Keep a recording of somebody reading a sentence or a consent text, for a worker to make an MP3 of.

    An earlier one is played until then. Raises Refused unless whoever reads has agreed to it, if the file is empty or
    too large, or if it isn't of exactly one text that is in use.
    """
    _check(file, prompt, text, agreed)
    reading_id, digest = uuid.uuid4(), hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    storages["private"].save(aloud.upload_key(reading_id), file)
    try:
        return _write_row(
            Reading(
                id=reading_id,
                prompt=prompt,
                text=text,
                reader=reader,
                size=file.size,
                sha256=digest.hexdigest(),
            )
        )
    except IntegrityError:
        storages["private"].delete(aloud.upload_key(reading_id))
        raise Refused(_("Somebody else sent one at the same moment."), code="decided") from None


def played(reading_id: uuid.UUID) -> Reading:
    """Return a reading that people may hear. Raises Refused if it was erased, or its sentence is out of use."""
    of_text_in_use = Q(text__isnull=False) | Q(prompt__state=PromptState.IN_USE)
    reading = Reading.objects.filter(of_text_in_use, pk=reading_id, state=ReadingState.READY).first()
    if reading is None:
        raise Refused(_("Nobody reads this text aloud any more."), code="no-reading", status=404)
    return reading


@transaction.atomic
def _write_row(reading: Reading) -> Reading:
    same = Reading.objects.filter(prompt=reading.prompt_id, text=reading.text_id)
    erasing.erase_readings(same.exclude(state=ReadingState.READY))
    reading.save(force_insert=True)
    ring(render_reading, reading_id=str(reading.pk))
    return reading


def _check(file: "File[bytes]", prompt: Prompt | None, text: ConsentText | None, agreed: bool) -> None:
    if not agreed:
        words = _("Whoever reads has to agree that others hear it here; state that you hold the proof.")
        raise Refused(words, code="consent-needed", status=403)
    if (prompt is None) == (text is None):
        raise Refused(_("Choose one sentence or one consent text."), code="one-text", status=400)
    if prompt and prompt.state not in (PromptState.SUBMITTED, PromptState.IN_USE):
        raise Refused(_("This sentence is no longer used."), code="prompt-gone", status=404)
    if not 0 < file.size <= ORDER.most_bytes:
        raise Refused(_("The file is empty, or larger than 100 MB."), code="size", status=400)
