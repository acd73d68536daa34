"""Long recordings, through the sandbox: clips in order, each a piece of the original, in bounded memory."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from languages.limits import Limits
from recordings.audio import decode, sniff
from recordings.audio.order import Cut, Order
from recordings.audio.sandbox import Sandbox
from tests.recordings.audio import sounds

SESSION = Order(Cut.PAUSES)
RATE = 16_000


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> Path:
    """Five sentences, three times, with pauses of 1 s."""
    sentences = [sounds.read_speech(number, RATE) for number in range(5)] * 3
    parts = [part for each in sentences for part in (each, np.zeros(RATE, np.float32))]
    return sounds.write(
        tmp_path_factory.mktemp("session") / "session.wav", sounds.in_room(np.concatenate(parts), RATE), RATE
    )


def test_clips_come_in_order_and_are_pieces_of_the_original(sandbox, session, tmp_path):
    outcome = sandbox.examine(session, SESSION, tmp_path)
    whole = soundfile.read(session, dtype="float32")[0]

    assert outcome.refusal is None
    assert len(outcome.clips) >= 15
    for clip in outcome.clips:
        assert clip.refusal is None
        assert Limits().min_seconds <= (clip.end - clip.start) / RATE <= Limits().max_seconds
        np.testing.assert_array_equal(
            soundfile.read(clip.master, dtype="float32")[0], whole[clip.start : clip.end]
        )
    places = [place for clip in outcome.clips for place in (clip.start, clip.end)]
    assert places == sorted(places)
    assert not {"cut-start", "cut-end"} & {code for clip in outcome.clips for code in clip.warnings}


@pytest.mark.parametrize("name", ["session.webm", "session.ogg", "session.mp4", "session.flac"])
def test_original_and_offsets_give_the_clip_again(sandbox, session, name, tmp_path):
    path = tmp_path / name
    sounds.ffmpeg("-i", session, path)
    outcome = sandbox.examine(path, SESSION, tmp_path)
    assert len(outcome.clips) >= 15
    with path.open("rb") as file:
        again = decode.cut(file, sniff.container_of(file), [(clip.start, clip.end) for clip in outcome.clips])
        for clip, samples in zip(outcome.clips, again, strict=True):
            pcm = soundfile.read(clip.master, dtype="int16")[0]
            np.testing.assert_array_equal(pcm, decode.pcm16(samples))


@pytest.mark.slow
def test_memory_does_not_grow_with_length(session, tmp_path):
    used = []
    for times in (1, 6):
        path = tmp_path / f"{times}.flac"
        sounds.ffmpeg("-stream_loop", times - 1, "-i", session, "-ar", 48_000, path)
        with Sandbox() as sandbox:
            assert sandbox.examine(path, SESSION, tmp_path).refusal is None
            used.append(sandbox.last.memory_bytes)
    assert used[1] < 300e6
    assert used[1] - used[0] < 30e6  # six minutes more are 69 MB of samples


def test_speech_without_a_pause_is_left_out(sandbox, session, tmp_path):
    limits = Limits(min_seconds=0.4, max_seconds=4.5)
    outcome = sandbox.examine(session, Order(Cut.PAUSES, limits), tmp_path)
    assert "left-out" in outcome.warnings
    assert all(clip.duration_ms <= 4500 for clip in outcome.clips)


def test_an_utterance_that_is_too_short_is_refused_alone(sandbox, tmp_path):
    word, silence = sounds.read_speech(0, RATE)[: 3 * RATE], np.zeros(2 * RATE, np.float32)
    short = word[int(1.0 * RATE) : int(1.4 * RATE)]
    path = sounds.write(
        tmp_path / "a.wav", sounds.in_room(np.concatenate((word, silence, short)), RATE), RATE
    )
    clips = sandbox.examine(path, SESSION, tmp_path).clips
    assert [clip.refusal.code if clip.refusal else "" for clip in clips] == ["", "too-short"]


def test_a_session_of_silence_is_refused(sandbox, tmp_path):
    path = sounds.write(tmp_path / "a.flac", np.zeros(60 * RATE), RATE)
    assert sandbox.examine(path, SESSION, tmp_path).refusal.code == "no-speech"
