"""A take from end to end: what is damaged is told, what cannot be data is refused."""

import subprocess
import sys

import numpy as np
import pytest

from languages.limits import Limits
from recordings import pipeline
from recordings.audio import judge
from recordings.audio.order import Cut, Order
from tests.recordings.audio import sounds

SENTENCE = "and mister john dashwood had then leisure to consider"


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return sounds.in_room(sounds.read_speech(0)[sounds.RATE // 2 : 4 * sounds.RATE] * np.float32(0.7))


def examined(samples, folder, text="", rate=sounds.RATE, **limits):
    path = sounds.write(folder / "take.wav", samples, rate)
    return pipeline.process(path, Order(Cut.WHOLE, Limits(**limits), text), folder)


def noise(like: np.ndarray, level: float) -> np.ndarray:
    return np.random.default_rng(1).normal(0, level, len(like)).astype(np.float32)


def telephone(samples: np.ndarray) -> np.ndarray:
    return sounds.soxr.resample(sounds.soxr.resample(samples, 48_000, 8_000), 8_000, 48_000)


DAMAGE = {
    "": lambda clip: clip,
    "quiet": lambda clip: clip * np.float32(0.06),
    "clipped": lambda clip: np.clip(clip * 20, -1, 1),
    "noisy": lambda clip: clip + noise(clip, 0.05),
    "cut-start": lambda clip: clip[40_000:],
    "cut-end": lambda clip: clip[:120_000],
    "narrow-band": telephone,
    "hum": lambda clip: clip + hum(clip),
    "little-voice": lambda clip: np.concatenate(
        (clip[:60_000], np.zeros(12 * 48_000, np.float32), clip[-60_000:])
    ),
}


def hum(clip: np.ndarray) -> np.ndarray:
    time = np.arange(len(clip)) / sounds.RATE
    return sum(0.003 * np.sin(2 * np.pi * 50 * k * time) for k in range(1, 7)).astype(np.float32)


@pytest.mark.parametrize("code", DAMAGE)
def test_damage_is_told(code, speech, tmp_path):
    outcome = examined(DAMAGE[code](speech), tmp_path)
    [clip] = outcome.clips
    assert code in (*clip.warnings, "")
    assert set(clip.warnings) <= set(judge.WARNINGS)
    if not code:
        assert clip.warnings == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [("", ()), (SENTENCE, ()), (SENTENCE * 4, ("reads-too-fast",)), ("a", ("reads-too-slow",))],
)
def test_pace_is_compared_with_the_prompt(text, codes, speech, tmp_path):
    [clip] = examined(speech, tmp_path, text).clips
    assert clip.warnings == codes


def test_a_file_cut_short_is_used_and_told(speech, tmp_path):
    path = sounds.write(tmp_path / "whole.wav", speech)
    (tmp_path / "cut.wav").write_bytes(path.read_bytes()[:-100_000])
    outcome = pipeline.process(tmp_path / "cut.wav", Order(Cut.WHOLE), tmp_path)
    assert outcome.truncated
    assert outcome.warnings == ("truncated",)
    assert "cut-end" in outcome.clips[0].warnings


@pytest.mark.parametrize(
    ("samples", "limits", "code"),
    [
        (np.zeros(48_000), {}, "no-speech"),
        (np.zeros(0), {}, "undecodable"),
        (np.zeros(48_000), {"whole_bytes": 1000}, "too-large"),
        (np.zeros(48_000 * 3), {"whole_decoded_seconds": 2.0}, "too-long"),
    ],
)
def test_refusals(samples, limits, code, tmp_path):
    outcome = examined(samples, tmp_path, **limits)
    assert outcome.refusal.code == code
    assert outcome.clips == ()


@pytest.mark.parametrize(
    ("limits", "code"), [({"min_seconds": 9.0}, "too-short"), ({"max_seconds": 2.0}, "too-long")]
)
def test_lengths_are_the_languages_own(limits, code, speech, tmp_path):
    outcome = examined(speech, tmp_path, **limits)
    assert outcome.refusal.code == code
    assert not list(tmp_path.glob("clip*"))


def test_the_hash_is_of_the_sound_not_of_the_file(speech, tmp_path):
    (tmp_path / "one").mkdir(), (tmp_path / "two").mkdir()
    one = examined(speech, tmp_path / "one")
    sounds.ffmpeg("-i", tmp_path / "one" / "take.wav", "-metadata", "title=x", tmp_path / "two" / "take.flac")
    two = pipeline.process(tmp_path / "two" / "take.flac", Order(Cut.WHOLE), tmp_path / "two")
    assert one.pcm_sha256 == two.pcm_sha256
    assert one.clips[0].pcm_sha256 == two.clips[0].pcm_sha256


def test_the_stages_are_in_order():
    names = [stage.__name__ for stage in pipeline.STAGES]
    assert names == ["weigh", "identify", "listen", "hear_again", "find_utterances", "cut_clips"]


def test_no_framework_is_loaded_by_it():
    check = "import sys, recordings.pipeline; print({'django', 'celery', 'boto3'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", check], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
