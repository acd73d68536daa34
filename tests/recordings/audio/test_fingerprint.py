"""The same sound is known again; another reading is another sound."""

import itertools

import numpy as np
import pytest

from recordings.audio import fingerprint, voice
from recordings.audio.likeness import SAME, distance
from tests.recordings.audio import sounds


@pytest.fixture(scope="module")
def clip() -> np.ndarray:
    return sounds.in_room(sounds.read_speech(0)[: 4 * sounds.RATE], seconds=0.3)


def printed(samples: np.ndarray, rate: int = sounds.RATE) -> bytes:
    return fingerprint.fingerprint(sounds.soxr.resample(samples, rate, voice.RATE))


def coded(samples: np.ndarray, name: str, folder, *options: str) -> np.ndarray:
    wav = sounds.write(folder / "a.wav", samples)
    sounds.ffmpeg("-i", wav, *options, folder / name)
    sounds.ffmpeg("-i", folder / name, "-ar", sounds.RATE, folder / "b.wav")
    return sounds.read(folder / "b.wav")


def noisy(samples: np.ndarray, snr: float) -> np.ndarray:
    level = float(samples.std()) * 10 ** (-snr / 20)
    return samples + np.random.default_rng(1).normal(0, level, len(samples)).astype(np.float32)


CHANGES = {
    "nothing": lambda clip, folder: clip,
    "softer": lambda clip, folder: clip * np.float32(0.1),
    "upside down": lambda clip, folder: -clip,
    "cut at the start": lambda clip, folder: clip[9_777:],
    "cut at both ends": lambda clip, folder: clip[13_000:-13_000],
    "with more silence": lambda clip, folder: np.concatenate((np.zeros(15_500, np.float32), clip)),
    "a little noise": lambda clip, folder: noisy(clip, 20),
    "Opus at 24 kbit/s": lambda clip, folder: coded(clip, "a.ogg", folder, "-c:a", "libopus", "-b:a", "24k"),
    "MP3 at 32 kbit/s": lambda clip, folder: coded(clip, "a.mp3", folder, "-b:a", "32k"),
    "through a telephone": lambda clip, folder: coded(
        clip, "c.wav", folder, "-ar", "8000", "-c:a", "pcm_mulaw"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_sound_is_known_again(change, clip, tmp_path):
    assert distance(printed(clip), printed(CHANGES[change](clip, tmp_path))) < SAME


def test_other_sounds_are_far_apart():
    prints = [printed(sounds.read_speech(number)[:150_000]) for number in range(5)]
    paths = [
        path
        for path in sorted((sounds.PHONE / "en_US_f_Allison").glob("*.wav"))
        if path.stat().st_size > 30_000
    ]
    prints += [printed(sounds.read(path)) for path in paths[:40]]
    assert min(distance(one, two) for one, two in itertools.combinations(prints, 2)) > SAME + 0.05


def test_the_same_words_by_the_same_voice_are_another_sound():
    """Phrases that the same speaker recorded twice for two packages of prompts, in other takes."""
    folder = sounds.PHONE / "en_US_f_Allison" / "digits"
    one, two = (printed(sounds.read(folder / name)) for name in ("20.wav", "h-20.wav"))
    assert distance(one, two) > SAME


@pytest.mark.parametrize(("one", "two"), [(b"", b""), (b"", b"ab"), (b"ab", b"ab" * 400)])
def test_prints_too_short_to_compare(one, two):
    assert 0 <= distance(one, two) <= 1
