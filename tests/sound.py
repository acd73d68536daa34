"""Sound to send: real speech from Debian's pocketsphinx-testdata, another part of it each time."""

import itertools
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
import soxr

FOLDER = Path("/usr/share/pocketsphinx/test/data/librivox")
RATE = 48_000
_offsets = itertools.count(0, 480)


@cache
def reading() -> np.ndarray:
    """Return some half a minute of one voice reading, mono float32 at 48 kHz."""
    parts = [soundfile.read(path, dtype="float32") for path in sorted(FOLDER.glob("*.wav"))]
    return np.concatenate([soxr.resample(samples, rate, RATE) for samples, rate in parts])


def speech(seconds: float, around: float = 0.5) -> np.ndarray:
    """Return speech with seconds of room tone before and after it, other samples at each call."""
    start = next(_offsets) % (len(reading()) // 2)
    voice = reading()[start : start + int(seconds * RATE)]
    tone = (
        np.random.default_rng(start).normal(0, 1e-4, len(voice) + 2 * int(around * RATE)).astype(np.float32)
    )
    tone[int(around * RATE) :][: len(voice)] += voice
    return tone


def flac(samples: np.ndarray) -> bytes:
    """Return the samples as a FLAC file."""
    return _encoded(samples, "FLAC")


def wav(samples: np.ndarray) -> bytes:
    """Return the samples as a WAV file."""
    return _encoded(samples, "WAV")


def _encoded(samples: np.ndarray, kind: str) -> bytes:
    file = BytesIO()
    # libsndfile rounds floats otherwise for each format: whole numbers are the same samples in all
    soundfile.write(file, np.rint(samples * 32767).astype(np.int16), RATE, "PCM_16", format=kind)
    return file.getvalue()
