"""Typed builders: each makes one valid row, and what it needs, with sensible values for what a test doesn't name."""

import hashlib
import io
import itertools
import uuid
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import soundfile
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from accounts import aloud
from accounts import consent as consents
from accounts.models import Consent, Speaker
from accounts.options import Method, Purpose
from languages.models import Language
from prompts.cleaning import key
from prompts.models import Prompt
from prompts.states import PromptState
from recordings.audio.encode import RATE, mp3
from recordings.models import Clip, Reading, Recording
from recordings.states import ClipState, ReadingState, RecordingState
from validation.models import Assignment, Gold, Vote
from validation.options import Choice

_count = itertools.count(1)


def language(tag: str = "en", **fields: Any) -> Language:
    """Return the open language of this tag, made if it isn't there."""
    return Language.objects.get_or_create(tag=tag, defaults={"state": Language.State.OPEN} | fields)[0]


def speaker(*, consenting: bool = True, **fields: Any) -> Speaker:
    """Return a voice, by default one that agreed to everything; voices of one account are one person."""
    if (user := fields.get("user")) and (earlier := user.speakers.first()):
        fields["person"] = earlier.person
    made = Speaker.objects.create(**fields)
    if consenting:
        consent(made)
    return made


def consent(of: Speaker, purposes: frozenset[Purpose] = frozenset(Purpose)) -> Consent:
    """Return a new answer of the speaker to the current text."""
    return consents.give(speaker=of, text=consents.current_text("en"), purposes=purposes, method=Method.WEB)


def prompt(text: str = "", **fields: Any) -> Prompt:
    """Return a sentence in use."""
    text = text or f"The baker counted loaf after loaf, {next(_count)} in all."
    values = {
        "language": None,
        "state": PromptState.IN_USE,
        "source": "tests",
        "text": text,
        "text_key": key(text),
    } | fields
    return Prompt.objects.create(**values | {"language": values["language"] or language()})


def recording(**fields: Any) -> Recording:
    """Return a processed recording; its files are not made."""
    number = next(_count)
    by = fields.pop("speaker", None) or speaker()
    read = fields.pop("prompt", None) or prompt()
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    values = {
        "id": uuid.uuid4(),
        "take_id": uuid.uuid4(),
        "speaker": by,
        "consent": consents.newest(by),
        "prompt": read,
        "language": read.language,
        "sha256": digest,
        "size": 1000,
        "state": RecordingState.PROCESSED,
        "pcm_sha256": digest,
    }
    return Recording.objects.create(**values | fields)


def clip(*, votes: str = "", **fields: Any) -> Clip:
    """Return a clip with votes of as many listeners as `votes` has letters: y, n or u; its files are not made."""
    cut_from = fields.pop("recording", None) or recording(
        **{name: fields.pop(name) for name in ("speaker", "prompt") if name in fields}
    )
    values = {
        "id": uuid.uuid4(),
        "recording": cut_from,
        "speaker": cut_from.speaker,
        "language": cut_from.language,
        "prompt": cut_from.prompt,
        "start": 0,
        "end": 96_000,
        "duration_ms": 2000,
        "pcm_sha256": cut_from.pcm_sha256,
        "delivery_sha256": "0" * 64,
        "delivery_size": 1,
        "master_sha256": "0" * 64,
        "master_size": 1,
        "state": ClipState.OPEN,
        "yes_count": votes.count("y"),
        "no_count": votes.count("n"),
    }
    made = Clip.objects.create(**values | fields)
    for letter in votes:
        vote(made, {"y": Choice.YES, "n": Choice.NO, "u": Choice.UNSURE}[letter])
    return made


def vote(on: Clip, choice: Choice, by: Speaker | None = None) -> Vote:
    """Return a vote as a row, without what casting it would change."""
    return Vote.objects.create(clip=on, choice=choice, speaker=by or speaker(consenting=False))


def gold(*, is_good: bool, **fields: Any) -> Clip:
    """Return a clip that two people decided and an organiser marked as gold."""
    state = ClipState.VALID if is_good else ClipState.INVALID
    made = clip(**{"state": state, "votes": "yy" if is_good else "nn"} | fields)
    Gold.objects.create(clip=made, language=made.language, is_good=is_good)
    return made


def served(clip: Clip, to: Speaker, ago: timedelta = timedelta(minutes=5)) -> Assignment:
    """Return that the clip was handed to a listener, by default so long ago that they may have heard it."""
    return Assignment.objects.create(clip=clip, speaker=to, served_at=timezone.now() - ago)


def stored_clip(**fields: Any) -> Clip:
    """Return a clip whose MP3 and FLAC lie in the storage: a tone of a tenth of a second that its id chooses."""
    made_id = fields.pop("id", None) or uuid.uuid4()
    delivery, master = _tone(200 + made_id.int % 100)
    made = clip(
        id=made_id,
        delivery_sha256=hashlib.sha256(delivery).hexdigest(),
        delivery_size=len(delivery),
        master_sha256=hashlib.sha256(master).hexdigest(),
        master_size=len(master),
        **{"duration_ms": 100} | fields,
    )
    storages["private"].save(made.delivery_key, ContentFile(delivery))
    storages["private"].save(made.master_key, ContentFile(master))
    return made


def reading(**fields: Any) -> Reading:
    """Return a text read aloud that can be heard, with its MP3 in the storage."""
    sound, _flac = _tone(440)
    of = {} if "text" in fields or "prompt" in fields else {"prompt": prompt()}
    values = {
        "state": ReadingState.READY,
        "duration_ms": 100,
        "size": len(sound),
        "sha256": hashlib.sha256(sound).hexdigest(),
    }
    made = Reading.objects.create(**values | of | fields)
    storages["private"].save(aloud.key(made.pk), ContentFile(sound))
    type(made.prompt or made.text).objects.filter(readings=made).update(spoken=made.pk)
    return made


@cache
def _tone(hertz: int) -> tuple[bytes, bytes]:
    """Return an MP3 and a FLAC of a tenth of a second."""
    samples = (8000 * np.sin(2 * np.pi * hertz * np.arange(RATE // 10) / RATE)).astype(np.int16)
    flac = io.BytesIO()
    soundfile.write(flac, samples, RATE, format="FLAC")
    return mp3(samples), flac.getvalue()
