"""Facts about a clip, without a model. Each has a name, a unit, and a version that rises with its formula."""

import math
import unicodedata
from dataclasses import dataclass

import numpy as np
import pyebur128

from recordings.audio import spectrum
from recordings.audio.decode import Samples
from recordings.audio.order import Measure
from recordings.audio.voice import RATE as ANALYSIS_RATE
from recordings.audio.voice import levels

# name: unit, version of the measure
MEASURES = {
    "duration": ("s", 1),  # of the clip
    "voice": ("s", 1),  # frames with voice
    "voice-share": ("1", 1),  # of the clip
    "lead": ("s", 1),  # from the start of the recording to the first voice of the clip
    "tail": ("s", 1),  # from the last voice of the clip to the end of the recording
    "peak": ("dBFS", 1),
    "level": ("dBFS", 1),  # RMS of the clip
    "clipped": ("1", 1),  # share of samples at full scale
    "dc": ("1", 1),  # mean, of full scale
    "loudness": ("LUFS", 1),  # ITU-R BS.1770, integrated
    "snr": ("dB", 1),
    "bandwidth": ("Hz", 1),
    "hum": ("dB", 1),
    "pace": ("1/s", 1),  # letters and digits of the prompt in a second of the clip
}
FULL_SCALE = 0.96  # after Opus a clipped top is no longer flat: this tells its share best
SNR_FRAME, SNR_HOP = 320, 160  # 20 ms, every 10 ms
QUIETEST_SHARE = 0.1  # of frames: the noise
BEST_SNR_DB = 100.0


@dataclass(frozen=True)
class Place:
    """Where a clip lies among the voice of its recording, all in seconds."""

    voice: float
    lead: float
    tail: float


def measures(samples: Samples, rate: int, analysis: Samples, place: Place, text: str) -> tuple[Measure, ...]:
    """Measure a clip: its mono samples, the same at 16 kHz, its place, and the text that was read.

    A measure that has no finite value, as the loudness of too short a clip, is not in the result.
    """
    duration = len(samples) / rate
    values = {
        "duration": duration,
        "voice": place.voice,
        "voice-share": place.voice / duration,
        "lead": place.lead,
        "tail": place.tail,
        "peak": decibels(float(np.abs(samples).max())),
        "level": decibels(rms(samples)),
        "clipped": clipped(samples),
        "dc": float(samples.mean(dtype=np.float64)),
        "loudness": loudness(samples, rate),
        "snr": snr(analysis),
        "bandwidth": spectrum.bandwidth(samples, rate),
        "hum": spectrum.hum(analysis, ANALYSIS_RATE),
    }
    if text and (letters := characters(text)):
        values["pace"] = letters / duration
    return tuple(
        Measure(name, value, *MEASURES[name]) for name, value in values.items() if math.isfinite(value)
    )


def decibels(amplitude: float) -> float:
    return 20 * math.log10(max(amplitude, 1e-7))


def rms(samples: Samples) -> float:
    return math.sqrt(float(np.dot(samples, samples)) / len(samples))


def clipped(samples: Samples) -> float:
    return float(np.count_nonzero(np.abs(samples) >= FULL_SCALE)) / len(samples)


def loudness(samples: Samples, rate: int) -> float:
    """Return LUFS; minus infinity below 0.4 s and for silence."""
    state = pyebur128.R128State(1, rate, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(samples), len(samples))
    return float(pyebur128.get_loudness_global(state))


def snr(analysis: Samples) -> float:
    """Return dB of all power over noise, which is the power of the quietest tenth of frames."""
    energy = 10 ** (levels(spectrum.frames(analysis, SNR_FRAME, SNR_HOP)) / 10)
    quietest = np.sort(energy)[: max(1, round(len(energy) * QUIETEST_SHARE))]
    noise = float(quietest.mean())
    signal = float(energy.mean()) - noise
    return min(BEST_SNR_DB, 10 * math.log10(max(signal, 1e-10) / noise))


def characters(text: str) -> int:
    """Return how many letters and digits a text has; marks and punctuation are not read apart."""
    return sum(unicodedata.category(each)[0] in "LN" for each in text)
