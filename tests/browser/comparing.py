"""How like two sounds are: what a microphone played, and what was made of it."""

import math

import numpy as np

VOICED = 0.03  # full scale 1: how loud a voice is at least
LOOPS = 4  # of the microphone's file, in which a take is looked for


def aligned(heard: np.ndarray, played: np.ndarray) -> np.ndarray:
    """Return the stretch of the looped microphone file that was heard, by the best correlation."""
    looped = np.concatenate([played] * LOOPS)
    size = 1 << math.ceil(math.log2(len(looped) + len(heard)))
    spectrum = np.fft.rfft(looped, size) * np.conj(np.fft.rfft(heard, size))
    start = int(np.argmax(np.fft.irfft(spectrum, size)[: len(looped) - len(heard)]))
    return looped[start : start + len(heard)]


def correlation(heard: np.ndarray, source: np.ndarray) -> float:
    """Return the best correlation, at any part of a sample: the browser's clock starts between two."""
    parts = np.linspace(-0.5, 0.5, 41)
    edge = slice(100, -100)
    return max(float(np.corrcoef(_shifted(heard, part)[edge], source[edge])[0, 1]) for part in parts)


def likeness(heard: np.ndarray, played: np.ndarray, size: int) -> list[float]:
    """Return for each stretch of `size` samples with a voice how well it correlates with its own place in the file."""
    ring = 1 << math.ceil(math.log2(len(played) + size))
    spectrum, found = np.fft.rfft(played, ring), []
    for at in range(0, len(heard) - size, size):
        piece = heard[at : at + size]
        if np.std(piece) < VOICED:
            continue
        lags = np.fft.irfft(spectrum * np.conj(np.fft.rfft(piece, ring)), ring)
        start = int(np.argmax(lags[: len(played) - size]))
        found.append(correlation(piece, played[start : start + size]))
    return found


def gain_db(heard: np.ndarray, source: np.ndarray) -> float:
    """Return how much louder it became."""
    return 20 * math.log10(float(np.std(heard) / np.std(source)))


def lost_ms(heard: np.ndarray, source: np.ndarray, rate: int) -> float:
    """Return how far the last quarter lies from where it should, seen from the first: what went missing between."""
    quarter = len(heard) // 4
    first, last = (_lag(heard[part], source[part]) for part in (slice(quarter), slice(-quarter, None)))
    return 1000 * abs(last - first) / rate


def _lag(heard: np.ndarray, source: np.ndarray) -> int:
    size = 1 << math.ceil(math.log2(2 * len(heard)))
    spectrum = np.fft.rfft(source, size) * np.conj(np.fft.rfft(heard, size))
    best = int(np.argmax(np.fft.irfft(spectrum, size)))
    return best if best < size // 2 else best - size


def _shifted(samples: np.ndarray, part: float) -> np.ndarray:
    """Return the samples as they would be a part of a sample later."""
    spectrum = np.fft.rfft(samples)
    turn = np.exp(-2j * np.pi * part * np.arange(len(spectrum)) / len(samples))
    return np.fft.irfft(spectrum * turn, len(samples))
