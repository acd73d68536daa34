"""Measures on spectra: how wide the band is, how much the mains hum. Both read samples of one clip."""

from functools import cache

import numpy as np
import numpy.typing as npt

from recordings.audio.decode import Samples

BAND_WINDOW = 2048
DYNAMICS_DB = 65.0  # below the peak of the spectrum, speech at the top of its band is still above this
ABOVE_FLOOR_DB = 8.0

HUM_WINDOW = 8192  # at 16 kHz: 2 Hz per bin
MAINS = (50, 60)
HARMONICS = 6
NEIGHBOURS_HZ = (7, 21)  # where the sound around a harmonic is looked at, on both sides
STEADY_PERCENTILE = 25  # over time: hum stays between words, voices don't

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
    """Return the frequency (Hz) above which the louder half of the clip holds no more than its floor."""
    spectra = power(samples, BAND_WINDOW, BAND_WINDOW)
    energy = spectra.sum(axis=1)
    mean = spectra[energy >= np.median(energy)].mean(axis=0)
    level = 10 * np.log10(mean + 1e-12)
    floor = np.percentile(level, 2)
    present = np.flatnonzero(level > max(level.max() - DYNAMICS_DB, floor + ABOVE_FLOOR_DB))
    return float(present[-1] + 1) * rate / BAND_WINDOW if len(present) else 0.0


def hum(samples: Samples, rate: int) -> float:
    """Return by how many dB the harmonics of 50 or 60 Hz, whichever is more, stand out of what is around them."""
    steady = np.percentile(power(samples, HUM_WINDOW, HUM_WINDOW // 2), STEADY_PERCENTILE, axis=0)
    level = 10 * np.log10(steady + 1e-12)
    return max(
        float(np.mean([_above(level, rate, mains * k) for k in range(1, HARMONICS + 1)])) for mains in MAINS
    )


def _above(level: npt.NDArray[np.float64], rate: int, frequency: int) -> float:
    def at(hertz: float) -> int:
        return round(hertz * HUM_WINDOW / rate)

    near, far = NEIGHBOURS_HZ
    around = np.concatenate(
        (
            level[max(1, at(frequency - far)) : at(frequency - near)],
            level[at(frequency + near) : at(frequency + far)],
        )
    )
    return float(level[at(frequency) - 1 : at(frequency) + 2].max() - np.median(around))
