"""Voice is found in every language, and nothing else is taken for it."""

import subprocess

import numpy as np
import pytest

from languages.limits import Limits
from recordings.audio import segment, voice
from recordings.audio.order import Cut
from tests.recordings.audio import sounds

LANGUAGES = ["en", "fr", "de", "es", "it", "pt", "ru", "ar", "hi", "cmn", "tr", "fi", "sw", "vi", "ka"]
VOICES = ["en_US_f_Allison", "es_MX_f_Allison", "fr_CA_f_June", "it_IT_m_Carlo", "ru_RU_f_IvrvoiceRU"]


def spoken(samples: np.ndarray) -> list[tuple[float, float]]:
    """Return where the one clip of a take lies, in seconds, without pads."""
    ears = voice.VoiceDetector()
    ears.hear(samples.astype(np.float32))
    found, _ = segment.utterances(ears.voiced(), Cut.WHOLE, Limits())
    return [(start / 50, end / 50) for start, end in found]


def true_span(samples: np.ndarray, below: float = 35) -> tuple[float, float]:
    level = voice.levels(samples[: len(samples) // 160 * 160].reshape(-1, 160))
    loud = np.flatnonzero(level > level.max() - below)
    return loud[0] / 100, (loud[-1] + 1) / 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_synthetic_speech_is_found_to_a_tenth_of_a_second(language, tmp_path):
    path = tmp_path / "a.wav"
    subprocess.run(["espeak-ng", "-v", language, "-w", path, "1984, 2026, 17, 365"], check=True)
    samples = sounds.in_room(sounds.read(path, voice.RATE) * np.float32(0.3), voice.RATE)
    [(start, end)] = spoken(samples)
    truth = true_span(samples)
    assert abs(start - truth[0]) <= 0.1
    assert abs(end - truth[1]) <= 0.15


@pytest.mark.parametrize("speaker", VOICES)
def test_real_speech_is_found(speaker):
    paths = [path for path in (sounds.PHONE / speaker).rglob("*.wav") if path.parent.name != "silence"]
    paths = sorted(paths, key=lambda path: (-path.stat().st_size, path.name))[:40:4]
    for path in paths:
        samples = sounds.in_room(sounds.read(path, voice.RATE), voice.RATE, noise=1e-3)
        [(start, end)] = spoken(samples)
        truth = true_span(samples, below=25)
        assert start - truth[0] <= 0.15, path  # so much is kept before and after
        assert truth[1] - end <= 0.15, path


def noises() -> dict[str, np.ndarray]:
    random, time = np.random.default_rng(2), np.arange(6 * voice.RATE) / voice.RATE
    click = np.zeros(len(time))
    click[48_000:48_200] = 0.5
    return {
        "zeros": np.zeros(len(time)),
        "dither": random.normal(0, 2e-5, len(time)),
        "white noise": random.normal(0, 0.05, len(time)),
        "brown noise": np.cumsum(random.normal(0, 1e-3, len(time))) * 0.1,
        "a tone": 0.3 * np.sin(2 * np.pi * 440 * time),
        "hum": sum(0.05 * np.sin(2 * np.pi * 50 * k * time) for k in range(1, 9)),
        "an offset": np.full(len(time), 0.3),
        "a click": click + random.normal(0, 1e-4, len(time)),
        "very soft speech": sounds.read_speech(0, voice.RATE)[: len(time)] * 1e-3,
    }


@pytest.mark.parametrize("name", noises())
def test_what_is_not_voice_is_silence(name):
    assert spoken(noises()[name]) == []


@pytest.mark.parametrize("piece", [1, 7, 160, 319, 320, 321, 5000, 1_000_000])
def test_pieces_do_not_matter(piece):
    samples = sounds.in_room(sounds.read_speech(1, voice.RATE), voice.RATE)[: 30 * piece]
    whole, parts = voice.VoiceDetector(), voice.VoiceDetector()
    whole.hear(samples)
    for at in range(0, len(samples), piece):
        parts.hear(samples[at : at + piece])
    np.testing.assert_array_equal(whole.voiced(), parts.voiced())


def test_runs_of_a_mask():
    assert voice.runs(np.array([1, 1, 0, 0, 1], bool)) == [(0, 2), (4, 5)]
    assert voice.runs(np.zeros(3, bool)) == []
    assert voice.runs(np.zeros(0, bool)) == []
