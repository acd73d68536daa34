"""Measures on spectra: how wide the band is, how much the mains hum. Both read samples of one clip."""

from functools import cache
from statistics import median

import numpy as np
import numpy.typing as npt
import soxr

from recordings.audio.decode import Samples

BAND_WINDOW = 2048
MOST_BAND_FRAMES = 64
DYNAMICS_DB = 55.0  # below the peak of the spectrum, speech at the top of its band is still above this
ABOVE_FLOOR_DB = 8.0

HUM_RATE, HUM_WINDOW = 2_000, 512  # 4 Hz per bin; no longer than pauses between words
MAINS = (50, 60)
HARMONICS = 6
NEIGHBOURS_HZ = (10, 22)  # where the sound around a harmonic is looked at, on both sides
STEADY_PERCENTILE = 5  # over time: hum stays between words, voices don't

Power = npt.NDArray[np.floating]


def frames(samples: Samples, size: int, hop: int) -> Samples:
    """Return a view of shape (count, size); what is left at the end is not in it."""
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    return np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]


def power(samples: Samples, size: int, hop: int) -> Power:
    """Return the power spectra of shape (frames, size // 2 + 1) under a Hann window."""
    spectrum = np.fft.rfft(frames(samples, size, hop) * _window(size), axis=1)
    return np.square(spectrum.real) + np.square(spectrum.imag)


@cache
def _window(size: int) -> npt.NDArray[np.float32]:
    return np.hanning(size).astype(np.float32)


def bandwidth(samples: Samples, rate: int) -> float:
    """Return the frequency (Hz) above which the loudest frames hold no more than their floor."""
    cut = frames(samples, BAND_WINDOW, BAND_WINDOW)
    loudest = np.sort(np.argsort(cut.var(axis=1))[-min(MOST_BAND_FRAMES, (len(cut) + 1) // 2) :])
    mean = power(cut[loudest].ravel(), BAND_WINDOW, BAND_WINDOW).mean(axis=0)
    level = 10 * np.log10(mean + 1e-12)
    floor = np.percentile(level, 2)
    present = np.flatnonzero(level > max(level.max() - DYNAMICS_DB, floor + ABOVE_FLOOR_DB))
    return float(present[-1] + 1) * rate / BAND_WINDOW if len(present) else 0.0


def hum(samples: Samples, rate: int) -> float:
    """Return by how many dB the harmonics of 50 or 60 Hz, whichever is more, stand out of what is around them."""
    low = soxr.resample(samples, rate, HUM_RATE)
    steady = np.percentile(power(low, HUM_WINDOW, HUM_WINDOW // 4), STEADY_PERCENTILE, axis=0)
    level = 10 * np.log10(steady + 1e-12)
    found = [[_above(level, mains * k) for k in range(1, HARMONICS + 1)] for mains in MAINS]
    return float(np.mean(found, axis=1).max())


def _above(level: npt.NDArray[np.floating], frequency: int) -> float:
    near, far = NEIGHBOURS_HZ
    below = level[_bin(frequency - far) : _bin(frequency - near)]
    above = level[_bin(frequency + near) : _bin(frequency + far)]
    here = level[_bin(frequency) - 1 : _bin(frequency) + 2].max()
    return float(here - median((*map(float, below), *map(float, above))))


def _bin(frequency: int) -> int:
    return round(frequency * HUM_WINDOW / HUM_RATE)
