"""Tells the same sound again after another codec, level or cut; not the same sentence read again.

Sixteen bits for each 32 ms: whether the difference of neighbouring mel bands rises (after Haitsma and Kalker,
"A highly robust audio fingerprinting system", ISMIR 2002).
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import soxr

from recordings.audio import voice
from recordings.audio.decode import Samples
from recordings.audio.likeness import BITS
from recordings.audio.spectrum import power

RATE = 8_000
WINDOW, HOP = 1024, 256  # windows overlap, so that a shift by half a hop changes little
LOWEST_HZ, HIGHEST_HZ = 250.0, 3600.0


def fingerprint(analysis: Samples) -> bytes:
    """Return two bytes for each 32 ms of a clip at 16 kHz."""
    low = soxr.resample(analysis, voice.RATE, RATE)
    bands = np.log(power(low, WINDOW, HOP) @ _filters() + 1e-9)
    rises = np.diff(np.diff(bands, axis=1), axis=0) > 0
    return np.packbits(rises, axis=1).tobytes()


@cache
def _filters() -> npt.NDArray[np.float32]:
    """Return triangular mel bands of shape (bins, BITS + 1)."""
    mel = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BITS + 3)
    edges = 700 * (10 ** (mel / 2595) - 1)
    hertz = np.fft.rfftfreq(WINDOW, 1 / RATE)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    triangles = np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle))
    return np.maximum(triangles, 0).astype(np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))
