"""Finds voice: WebRTC's detector and an energy gate, both of which must agree.

The detector alone takes babble for voice, the gate alone any bang. Together they cost 0.2 ms a second and
hold down to 5 dB of babble. Decisions are made for frames of 20 ms at 16 kHz.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import webrtcvad

from recordings.audio.decode import Samples, pcm16

RATE = 16_000
FRAME = 320  # samples: 20 ms
FRAMES_PER_SECOND = RATE / FRAME

STRICTEST = 3  # of WebRTC's modes
SMOOTHED_FRAMES = 8  # a frame counts as voiced if half of its neighbours within 160 ms do
FLOOR_DBFS = -65.0  # below it there is nothing to hear
LEAST_RANGE_DB = 3.0  # between noise and voice; a steady tone or noise has less
NOISE_PERCENTILE, VOICE_PERCENTILE = 8, 97
EDGE_FRAMES = 5  # 100 ms: how far below the gate a word may begin or end
LEAST_NOISE_FRAMES = 10
NOISE_WINDOW, NOISE_STEP = 3000, 500  # frames: noise is followed over a minute, in steps of ten seconds

Mask = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.float32]


class VoiceDetector:
    """Hears 16 kHz samples piece by piece and keeps one vote and one level for each frame."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(STRICTEST)
        self._votes: list[bool] = []
        self._levels: list[Levels] = []
        self._rest = np.zeros(0, np.float32)

    def hear(self, samples: Samples) -> None:
        samples = np.concatenate((self._rest, samples))
        whole = len(samples) // FRAME * FRAME
        frames, self._rest = samples[:whole].reshape(-1, FRAME), samples[whole:]
        self._levels.append(levels(frames))
        data = pcm16(frames).tobytes()
        step = 2 * FRAME
        self._votes += [self._vad.is_speech(data[at : at + step], RATE) for at in range(0, len(data), step)]

    def voiced(self) -> Mask:
        """Return for each frame heard whether it is voice; a rest of less than a frame is silence."""
        votes = np.array(self._votes, dtype=np.float32)
        if not len(votes):
            return np.zeros(0, np.bool_)
        level = np.concatenate(self._levels)
        smooth = np.convolve(votes, np.ones(SMOOTHED_FRAMES, np.float32) / SMOOTHED_FRAMES, "same")[
            : len(votes)
        ]
        sure = (smooth >= 0.5) & (level > np.maximum(_gate(level), FLOOR_DBFS))
        return _grown(sure, level > _edge(level, sure))

    def snr(self) -> float:
        """Return roughly by how many dB the voice is above the noise: the quietest tenth of what was heard."""
        power = (
            np.sort(10 ** (np.concatenate(self._levels).astype(np.float64) / 10))
            if self._votes
            else np.ones(1)
        )
        noise = float(power[: max(1, len(power) // 10)].mean())
        return 10 * math.log10(max(float(power.mean()) - noise, 1e-10) / noise)


def levels(frames: Samples) -> Levels:
    """Return dBFS of each row, without its mean: an offset is not sound."""
    found: Levels = (10 * np.log10(np.maximum(frames.var(axis=1), 1e-10))).astype(np.float32)
    return found


def runs(mask: Mask) -> list[tuple[int, int]]:
    """Return (start, end) of every run of true, ends excluded."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _gate(level: Levels) -> Levels:
    """Return for each frame the level above which it may be voice: over the noise around it."""
    voice = float(np.percentile(level, VOICE_PERCENTILE))

    def gate(around: slice) -> float:
        noise = float(np.percentile(level[around], NOISE_PERCENTILE))
        span = voice - noise
        return noise + max(min(5.0, 0.35 * span), 0.2 * span) if span >= LEAST_RANGE_DB else np.inf

    return _along(len(level), gate)


def _edge(level: Levels, sure: Mask) -> Levels:
    """Return for each frame the level that stands out of the noise around it: words begin and end below the gate."""

    def edge(around: slice) -> float:
        noise = level[around][~sure[around]]
        if len(noise) < LEAST_NOISE_FRAMES:
            return np.inf
        low, middle, high = np.percentile(noise, (16, 50, 84))
        return float(middle + max(1.0, high - low))  # two deviations of what is normal

    return _along(len(level), edge)


def _along(count: int, threshold: Callable[[slice], float]) -> Levels:
    """Return a threshold for each frame, found from the minute around it, in steps."""
    found = np.empty(count, np.float32)
    for start in range(0, count, NOISE_STEP):
        middle = start + NOISE_STEP // 2
        around = slice(max(0, middle - NOISE_WINDOW // 2), middle + NOISE_WINDOW // 2)
        found[start : start + NOISE_STEP] = threshold(around)
    return found


def _grown(sure: Mask, likely: Mask) -> Mask:
    """Grow runs into what is likely beside them, by a few frames."""
    grown = sure.copy()
    for _ in range(EDGE_FRAMES):
        before, after = grown[1:] & likely[:-1], grown[:-1] & likely[1:]
        grown[:-1] |= before
        grown[1:] |= after
    return grown
