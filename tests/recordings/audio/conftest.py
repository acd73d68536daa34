"""Sound for the tests: real speech from Debian's packages, and what ffmpeg makes of it."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from recordings.audio.sandbox import Sandbox

SPEECH = Path("/usr/share/pocketsphinx/test/data/librivox")
RATE = 48_000


def ffmpeg(*arguments: object) -> None:
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL
    )


def read_speech(number: int, rate: int = RATE) -> np.ndarray:
    """Return one of five sentences read aloud, 3 to 7 s, float32."""
    samples, had = soundfile.read(sorted(SPEECH.glob("*.wav"))[number], dtype="float32")
    return soxr.resample(samples, had, rate)


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox() as one:
        yield one


@pytest.fixture(scope="session")
def sentence() -> np.ndarray:
    """5 s at 48 kHz, a little room tone before and after."""
    samples = read_speech(0)[: 4 * RATE]
    tone = np.random.default_rng(1).normal(0, 1e-4, 5 * RATE).astype(np.float32)
    tone[RATE // 2 : RATE // 2 + len(samples)] += samples
    return np.rint(tone * 32767).astype(np.float32) / 32768


@pytest.fixture(scope="session")
def wav(sentence, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sentence") / "sentence.wav"
    soundfile.write(path, sentence, RATE, "PCM_16")
    return path
