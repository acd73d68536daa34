"""Writing down what was spoken freely: one person writes, another reviews, and the clip is judged like any other.

An accepted text becomes a sentence of its own, which is handed to no reader, in the place of the topic.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from accounts.persons import voices_of
from common.errors import Refused
from common.statements import given_number
from languages.models import Language
from prompts.cleaning import clean, faults, key, load_rules
from prompts.models import Prompt
from prompts.states import PromptState
from prompts.walking import BETWEEN
from prompts.wording import FAULTS
from recordings.models import Clip
from recordings.states import ClipState
from validation.models import ClipSkip, Transcription
from validation.options import Opinion
from validation.selection import around, new_clips, with_prompts

LONGEST = 5000  # characters
LOOK_AT = 50  # clips, or texts, that one request looks at
SOURCE = "transcription"
# Of all that is asked of sentences, what readers of released tables need
BROKEN = {"empty", "control-character", "opening-quote", "missing-word"}


def next_to_write(*, language: Language, listener: Speaker) -> Clip | None:
    """Return a clip that nobody has written down, and the listener neither spoke nor skipped; None if there is none."""
    found = around(_new, language=language, voices=voices_of(listener), count=LOOK_AT)
    return next(iter(with_prompts(found[:1])), None)


def _some(most: int) -> QuerySet[Clip, Any]:
    written = Transcription.objects.filter(clip=OuterRef("pk")).exclude(opinion=Opinion.REJECTED)
    clips = Clip.objects.filter(
        ~Exists(written), language=given_number("language"), state=ClipState.UNTRANSCRIBED, **BETWEEN
    )
    return clips.order_by("place").values("pk")[:most]


_new = new_clips(_some)


def next_to_review(*, language: Language, listener: Speaker) -> Transcription | None:
    """Return the oldest text that waits for another person, neither of the listener's voice nor of their hand."""
    voices = voices_of(listener)
    skipped = ClipSkip.objects.filter(clip=OuterRef("clip"), speaker__in=voices)
    waiting = _waiting().filter(~Exists(skipped), clip__language=language).exclude(clip__speaker__in=voices)
    return waiting.exclude(author__in=voices).select_related("clip__prompt").order_by("pk").first()


def _waiting() -> QuerySet[Transcription]:
    return Transcription.objects.filter(opinion="", clip__state=ClipState.UNTRANSCRIBED)


@transaction.atomic
def write(*, clip_id: UUID, author: Speaker, text: str) -> Transcription:
    """Keep what somebody heard in a clip, to be looked at by another person.

    Raises Refused, with what is wrong with the text, or if somebody was faster.
    """
    rows = Clip.objects.select_for_update(of=("self",)).select_related("language")
    clip = rows.filter(pk=clip_id, state=ClipState.UNTRANSCRIBED).first()
    if clip is None:
        raise Refused(_("This recording needs no text any more."), code="clip-gone", status=404)
    if clip.speaker_id in voices_of(author):
        raise Refused(_("Somebody else writes down what you said."), code="own-clip", status=403)
    if clip.transcriptions.exclude(opinion=Opinion.REJECTED).exists():
        raise Refused(_("Somebody else was faster. Thank you all the same!"), code="written")
    return Transcription.objects.create(clip=clip, author=author, text=_cleaned(text, clip.language))


@transaction.atomic
def review(*, transcription_id: int, reviewer: Speaker, accept: bool, text: str = "") -> None:
    """Accept a text as it is, or as the reviewer changed it, or reject it, so that the clip is written down anew.

    Raises Refused for one's own, and if somebody reviewed it already.
    """
    row = _waiting().select_for_update(of=("self",)).filter(pk=transcription_id).first()
    if row is None:
        raise Refused(_("Somebody reviewed this already."), code="reviewed")
    voices = voices_of(reviewer)
    if row.author_id in voices or row.clip.speaker_id in voices:
        raise Refused(_("Somebody else reviews what you said or wrote."), code="own-text", status=403)
    row.opinion = Opinion.REJECTED
    if accept:
        kept = _cleaned(text, row.clip.language) if text else row.text
        row.opinion = Opinion.ACCEPTED if kept == row.text else Opinion.EDITED
        row.text = kept
        _open_to_votes(row.clip, kept)
    row.reviewer, row.reviewed_at = reviewer, timezone.now()
    row.save()


def _cleaned(text: str, language: Language) -> str:
    rules = load_rules(language.tag)
    cleaned = clean(text, rules)
    if len(cleaned) > LONGEST:
        raise Refused(_("This is too long for one recording."), code="too-long", status=400)
    for fault in faults(cleaned, rules):
        if fault.code in BROKEN:
            raise Refused(FAULTS[fault.code], code=fault.code, status=400)
    return cleaned


def _open_to_votes(clip: Clip, text: str) -> None:
    values: dict[str, Any] = {"text": text, "source": SOURCE, "state": PromptState.RETIRED}
    sentences = Prompt.objects.current()
    prompt, _new = sentences.get_or_create(language=clip.language, text_key=key(text), defaults=values)
    waiting = Clip.objects.filter(pk=clip.pk, state=ClipState.UNTRANSCRIBED)
    waiting.update(state=ClipState.OPEN, prompt=prompt)
