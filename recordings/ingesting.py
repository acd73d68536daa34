"""Long recordings: an archive's file, a free answer, or a list of sentences read in one go; cut at the pauses."""

import hashlib
import uuid
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import consent
from accounts.models import Speaker
from accounts.options import Method
from common.errors import Refused
from languages.models import Language
from prompts.cleaning import key
from prompts.models import Prompt
from prompts.options import Kind
from prompts.states import PromptState
from recordings import intake
from recordings.audio.order import Cut
from recordings.models import Recording

NAMESPACE = uuid.UUID("6f9c6a52-93c5-4c3b-9d5e-9a1c1d0b5f37")  # of takes that are made from files


@transaction.atomic
def speaker_for(speaker_id: uuid.UUID | None, *, agreed: bool, upload: uuid.UUID) -> Speaker:
    """Return the voice of a file: one we know, or this upload's new one, whose agreement the organiser holds.

    Raises Refused for an unknown voice, and for a new one without an agreement.
    """
    if speaker_id:
        known = Speaker.objects.filter(pk=speaker_id).first()
        if known is None:
            raise Refused(_("There is no such speaker."), code="unknown-speaker", status=404)
        return known
    if not agreed:
        words = _(
            "Name a speaker, or state that the speaker agreed to the consent text and that you hold the proof."
        )
        raise Refused(words, code="consent-needed", status=403)
    speaker, new = Speaker.objects.get_or_create(pk=uuid.uuid5(NAMESPACE, upload.hex))
    if new:
        consent.vouch(speaker, Method.ORGANISER)
    return speaker


@transaction.atomic
def topic_of(language: Language, text: str, source: str) -> Prompt:
    """Return the topic that long recordings are about, made on first use: volunteers are not asked about it."""
    if not text.strip():
        raise Refused(_("Say what the recording is about."), code="no-topic", status=400)
    values = {"kind": Kind.TOPIC, "text": text.strip(), "source": source, "state": PromptState.RETIRED}
    return Prompt.objects.current().get_or_create(language=language, text_key=key(text), defaults=values)[0]


def sentences_of(language: Language, texts: Sequence[str]) -> list[Prompt]:
    """Return the prompts that were read, in their order. Raises Refused with the first text that is none of ours."""
    if not texts:
        raise Refused(_("The list has no sentence."), code="no-sentences", status=400)
    found = {
        prompt.text_key: prompt
        for prompt in Prompt.objects.current().filter(language=language, text_key__in=map(key, texts))
    }
    missing = next((text for text in texts if key(text) not in found), None)
    if missing is not None:
        words = _("This sentence is not one of the language's: %s. Import the sentences first.") % missing
        raise Refused(words, code="unknown-sentence", status=400)
    return [found[key(text)] for text in texts]


def ingest_file(*, path: Path, speaker: Speaker, prompt: Prompt, session: Sequence[Prompt] = ()) -> Recording:
    """Keep a long file as a recording that is cut at its pauses; the same file again is the same recording."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        file.seek(0)
        take = intake.Take(
            take_id=uuid.uuid5(NAMESPACE, f"{prompt.pk} {digest.hexdigest()}"),
            read=file.read,
            digest=digest.digest(),
            cut=Cut.PAUSES,
            session=tuple(session),
        )
        receipt = intake.accept_take(take=take, speaker=speaker, prompt=prompt)
    return Recording.objects.get(speaker=speaker, take_id=receipt.id)
