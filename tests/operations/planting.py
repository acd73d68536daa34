"""A collection with files, and damage of every kind to plant in it."""

import hashlib
import os
import uuid
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import storages
from django.utils import timezone

from accounts import aloud
from operations.damage import Kind
from prompts.models import Prompt
from recordings.ids import clip_id_of
from recordings.models import Clip, Recording, Withdrawal
from recordings.states import ClipState, RecordingState
from tests import make
from validation.models import Vote
from validation.options import Choice

SOME = 20  # things damaged in each way
OLD = 7 * 24 * 3600  # seconds


def collection(count):
    """Make recordings with one clip each, all with their files, which are a week old."""
    prompt, speaker = make.prompt(), make.speaker()
    recordings, clips = [], []
    for _ in range(count):
        body = uuid.uuid4().bytes * 4
        digest = hashlib.sha256(body).hexdigest()
        about = {"speaker": speaker, "prompt": prompt, "language": prompt.language}
        recording = Recording(
            id=uuid.uuid4(), take_id=uuid.uuid4(), sha256=digest, size=len(body), state=RecordingState.PROCESSED,
            pcm_sha256=digest, consent=speaker.consents.get(), **about,
        )  # fmt: skip
        clip = Clip(
            id=clip_id_of(recording.pk, 0), recording=recording, start=0, end=100, duration_ms=100, pcm_sha256=digest,
            master_sha256=digest, master_size=len(body), delivery_sha256=digest, delivery_size=len(body), **about,
        )  # fmt: skip
        recordings.append(recording)
        clips.append(clip)
        for key in (recording.original_key, clip.master_key, clip.delivery_key):
            put(key, body)
    Recording.objects.bulk_create(recordings)
    Clip.objects.bulk_create(clips)
    Prompt.objects.filter(pk=prompt.pk).update(clips_count=count)
    return recordings, clips


def put(key, body=b"something"):
    """Put an old object, without waiting for the disk as the storage does."""
    path = Path(storages["private"].path(key))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    then = timezone.now().timestamp() - OLD
    os.utime(path, (then, then))


def lose(key):
    Path(storages["private"].path(key)).unlink()


def spoil(key, number):
    """Cut a file, or turn a bit of it over: every second one keeps its length."""
    body = Path(storages["private"].path(key)).read_bytes()
    put(key, body[:-1] if number % 2 else bytes([body[0] ^ 1]) + body[1:])


def plant(recordings, clips):
    """Plant SOME of each kind, each in a row or object of its own; return what has to be found."""
    pairs = iter(zip(recordings, clips, strict=True))
    planted = set()
    for kind, do in PLANTS.items():
        for number in range(SOME):
            planted.add((kind, str(do(number, *next(pairs)))))
    return planted


def _original_missing(number, recording, clip):
    lose(recording.original_key)
    return recording.pk


def _original_damaged(number, recording, clip):
    spoil(recording.original_key, number)
    return recording.pk


def _master_missing(number, recording, clip):
    lose(clip.master_key)
    return clip.pk


def _master_damaged(number, recording, clip):
    spoil(clip.master_key, number)
    return clip.pk


def _delivery_missing(number, recording, clip):
    lose(clip.delivery_key)
    return clip.pk


def _delivery_damaged(number, recording, clip):
    spoil(clip.delivery_key, number)
    return clip.pk


def _original_orphaned(number, recording, clip):
    """Half belong to no recording, half are of one that kept other bytes."""
    row_id = recording.pk if number % 2 else uuid.uuid4()
    key = f"originals/{row_id.hex[:2]}/{row_id}/{'0' * 64}"
    put(key)
    return key


def _clip_orphaned(number, recording, clip):
    row_id = uuid.uuid4()
    key = f"clips/{row_id.hex[:2]}/{row_id}/1/master.flac"
    put(key)
    return key


def _reading_missing(number, recording, clip):
    reading = make.reading()
    lose(aloud.key(reading.pk))
    return reading.pk


def _reading_damaged(number, recording, clip):
    reading = make.reading()
    spoil(aloud.key(reading.pk), number)
    return reading.pk


def _reading_orphaned(number, recording, clip):
    """Half belong to no reading, half are what was sent of one that is played."""
    key = aloud.upload_key(make.reading().pk) if number % 2 else aloud.key(uuid.uuid4())
    put(key)
    return key


def _leftover(number, recording, clip):
    key = f"{recording.original_key.rpartition('/')[0]}/.aside-{number}"
    put(key)
    return key


def _lease_stuck(number, recording, clip):
    long_ago = timezone.now() - timedelta(hours=2)
    rows = Recording.objects.filter(pk=recording.pk)
    rows.update(
        state=RecordingState.PROCESSING, token=uuid.uuid4(), lease_until=long_ago, attempts=number % 4
    )
    return recording.pk


def _clipless(number, recording, clip):
    lose(clip.master_key)
    lose(clip.delivery_key)
    Clip.objects.filter(pk=clip.pk).delete()
    return recording.pk


def _votes_apart(number, recording, clip):
    """Half have a count that no vote made, half a verdict that the votes don't give."""
    rows = Clip.objects.filter(pk=clip.pk)
    if number % 2:
        rows.update(yes_count=1)
    else:
        Vote.objects.create(clip=clip, choice=Choice.YES, speaker=make.speaker(consenting=False))
        rows.update(yes_count=1, state=ClipState.VALID)
    return clip.pk


def _prompt_apart(number, recording, clip):
    """They claim one or two recordings that nobody made."""
    return make.prompt(clips_count=1 + number % 2).pk


def _withdrawn_kept(number, recording, clip):
    Withdrawal.objects.create(clip_id=clip.pk, locale="en")
    return clip.pk


PLANTS = {
    Kind.ORIGINAL_MISSING: _original_missing,
    Kind.ORIGINAL_DAMAGED: _original_damaged,
    Kind.MASTER_MISSING: _master_missing,
    Kind.MASTER_DAMAGED: _master_damaged,
    Kind.DELIVERY_MISSING: _delivery_missing,
    Kind.DELIVERY_DAMAGED: _delivery_damaged,
    Kind.ORIGINAL_ORPHANED: _original_orphaned,
    Kind.CLIP_ORPHANED: _clip_orphaned,
    Kind.READING_MISSING: _reading_missing,
    Kind.READING_DAMAGED: _reading_damaged,
    Kind.READING_ORPHANED: _reading_orphaned,
    Kind.LEFTOVER: _leftover,
    Kind.LEASE_STUCK: _lease_stuck,
    Kind.CLIPLESS: _clipless,
    Kind.VOTES_APART: _votes_apart,
    Kind.PROMPT_APART: _prompt_apart,
    Kind.WITHDRAWN_KEPT: _withdrawn_kept,
}
