"""Processing a recording: real sound, the real sandbox, real files."""

import uuid
from datetime import timedelta
from io import BytesIO

import av
import numpy as np
import pytest
import soundfile
from django.core.files.storage import storages
from django.utils import timezone

from recordings import intake, processing
from recordings.audio.judge import REFUSALS as AUDIO_REFUSALS
from recordings.audio.judge import WARNINGS as AUDIO_WARNINGS
from recordings.audio.order import Cut
from recordings.audio.sandbox import KilledError
from recordings.models import MAX_ATTEMPTS, Clip, Recording, StaleTransition
from recordings.states import ClipState, RecordingState
from recordings.wording import REFUSALS, WARNINGS
from tests import make, sound

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    yield
    processing.sandbox().close()
    processing.sandbox.cache_clear()


def sent(body, **who):
    """Send a take and return its row."""
    speaker = who.pop("speaker", None) or make.speaker()
    take = intake.Take(take_id=uuid.uuid4(), read=BytesIO(body).read)
    intake.accept_take(take=take, speaker=speaker, prompt=who.pop("prompt", None) or make.prompt(), **who)
    return Recording.objects.get(take_id=take.take_id)


def processed(row):
    assert processing.process(row.pk)
    row.refresh_from_db()
    return row


def test_a_take_becomes_an_open_clip_with_its_files_and_signals():
    row = processed(sent(sound.flac(sound.speech(seconds=3))))
    assert (row.state, row.container, row.sample_rate) == (RecordingState.PROCESSED, "flac", 48_000)
    clip = row.clips.get()
    assert clip.state == ClipState.OPEN
    assert clip.prompt == row.prompt
    with storages["private"].open(clip.master_key) as file:
        master, rate = soundfile.read(file)
    assert len(master) == clip.end - clip.start
    assert rate == 48_000
    with storages["private"].open(clip.delivery_key) as file, av.open(file) as mp3:
        frames = sum(frame.samples for frame in mp3.decode(audio=0))
    assert frames == pytest.approx(clip.duration_ms * 32, abs=32)
    assert {"snr", "duration", "loudness"} <= set(clip.signals.values_list("name", flat=True))


def test_silence_is_refused_with_words_and_leaves_the_prompt_to_others():
    row = processed(sent(sound.flac(np.zeros(96_000, dtype=np.float32))))
    assert (row.state, row.refusal) == (RecordingState.REFUSED, "no-speech")
    assert str(REFUSALS[row.refusal])
    row.prompt.refresh_from_db()
    assert row.prompt.clips_count == 0


@pytest.mark.parametrize(
    "body", [b"x", b"#EXTM3U\nhttp://127.0.0.1:9/a.ts\n", b"%PDF-1.7 " * 99, b"OggS" + bytes(400)]
)
def test_what_is_no_sound_is_refused_and_kept(body):
    row = processed(sent(body))
    assert row.state == RecordingState.REFUSED
    with storages["private"].open(row.original_key) as kept:
        assert kept.read() == body


def test_the_same_samples_are_taken_once_even_in_another_container():
    voice = sound.speech(seconds=2)
    assert processed(sent(sound.flac(voice))).state == RecordingState.PROCESSED
    again = processed(sent(sound.wav(voice)))
    assert (again.state, again.refusal) == (RecordingState.REFUSED, "duplicate")
    assert Clip.objects.count() == 1


def test_processing_twice_does_nothing():
    row = processed(sent(sound.flac(sound.speech(seconds=2))))
    assert not processing.process(row.pk)
    assert Clip.objects.count() == 1


def test_a_worker_that_comes_back_after_its_lease_writes_nothing():
    row = sent(sound.flac(sound.speech(seconds=2)))
    slow = Recording.objects.claim(row.pk)
    Recording.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    processed(row)
    with pytest.raises(StaleTransition):
        slow.move_to(RecordingState.REFUSED, refusal="no-speech")
    row.refresh_from_db()
    assert row.state == RecordingState.PROCESSED


def test_a_worker_that_works_long_keeps_its_lease():
    row = sent(b"x")
    held = Recording.objects.claim(row.pk)
    Recording.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    held.hold()
    assert Recording.objects.claim(row.pk) is None


def test_a_worker_that_lost_its_lease_cannot_take_it_back():
    row = sent(b"x")
    slow = Recording.objects.claim(row.pk)
    Recording.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Recording.objects.claim(row.pk)
    with pytest.raises(StaleTransition):
        slow.hold()


def test_work_that_takes_long_is_held_all_the_time(monkeypatch):
    row = sent(sound.flac(sound.speech(seconds=2)))
    monkeypatch.setattr("recordings.audio.sandbox.TURN_SECONDS", 0.01)
    monkeypatch.setattr("recordings.models.LEASES", dict.fromkeys(Cut, timedelta(seconds=5)))
    others, hold = [], Recording.hold

    def hold_and_try_others(held):
        hold(held)
        others.append(Recording.objects.claim(held.pk))

    monkeypatch.setattr(Recording, "hold", hold_and_try_others)
    assert processed(row).state == RecordingState.PROCESSED
    assert set(others) == {None}


def test_what_the_sandbox_protects_from_is_in_the_log(caplog):
    processing.sandbox().close()
    processing.sandbox.cache_clear()
    with caplog.at_level("INFO"):
        processing.sandbox()
    assert "in_force=" in caplog.text


def test_a_recording_that_is_held_cannot_be_claimed():
    row = sent(b"x")
    assert Recording.objects.claim(row.pk)
    assert Recording.objects.claim(row.pk) is None


def test_a_recording_that_kills_its_worker_three_times_is_set_aside_and_kept():
    row = sent(b"poison")
    for _ in range(MAX_ATTEMPTS):
        assert Recording.objects.claim(row.pk)
        Recording.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Recording.objects.claim(row.pk) is None
    assert Recording.objects.set_aside_hopeless() == 1
    row.refresh_from_db()
    assert (row.state, row.refusal) == (RecordingState.QUARANTINED, "failed")
    assert storages["private"].exists(row.original_key)


def test_storage_that_fails_costs_the_recording_no_attempt(monkeypatch):
    row = sent(sound.flac(sound.speech(seconds=2)))

    def fail(*_):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(storages["private"], "open", fail)
        processing.process(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (RecordingState.RECEIVED, 0)
    assert row.not_before > timezone.now()


def test_an_original_that_is_gone_is_not_looked_for_for_ever():
    row = sent(b"x")
    storages["private"].delete(row.original_key)
    for _ in range(MAX_ATTEMPTS):
        processing.process(row.pk)
        Recording.objects.update(not_before=timezone.now())
    assert Recording.objects.set_aside_hopeless() == 1


def test_a_recording_whose_decoder_is_killed_each_time_is_set_aside_and_kept(monkeypatch):
    def be_killed(*_, **__):
        raise KilledError

    monkeypatch.setattr(processing.sandbox(), "examine", be_killed)
    row = sent(sound.flac(sound.speech(seconds=2)))
    for _ in range(MAX_ATTEMPTS):
        processing.process(row.pk)
        Recording.objects.update(not_before=timezone.now())
    assert Recording.objects.set_aside_hopeless() == 1
    assert storages["private"].exists(row.original_key)


def test_a_language_has_limits_of_its_own():
    language = make.language("br", audio_limits={"max_seconds": 2})
    row = processed(sent(sound.flac(sound.speech(seconds=4)), prompt=make.prompt(language=language)))
    assert row.refusal == "too-long"


def test_every_code_that_a_machine_gives_has_words():
    assert set(REFUSALS) == set(AUDIO_REFUSALS) | {"duplicate", "failed"}
    assert set(WARNINGS) == set(AUDIO_WARNINGS) | {"near-duplicate"}
