"""Sound for the tests: real speech from Debian's packages, and what ffmpeg makes of it."""

import subprocess
from pathlib import Path

import numpy as np
import soundfile
import soxr

SPEECH = Path("/usr/share/pocketsphinx/test/data/librivox")
PHONE = Path("/usr/share/asterisk/sounds")
RATE = 48_000


def ffmpeg(*arguments: object) -> str:
    """Run ffmpeg; returns what it prints."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


def read_speech(number: int, rate: int = RATE) -> np.ndarray:
    """Return one of five sentences read aloud, 3 to 7 s, float32."""
    return read(sorted(SPEECH.glob("*.wav"))[number], rate)


def read(path: Path, rate: int = RATE) -> np.ndarray:
    samples, had = soundfile.read(path, dtype="float32")
    return soxr.resample(samples, had, rate)


def write(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    soundfile.write(path, samples, rate, "PCM_16")
    return path


def in_room(samples: np.ndarray, rate: int = RATE, seconds: float = 0.5, noise: float = 1e-4) -> np.ndarray:
    """Return speech with quiet room tone around it, such as 16 bits can hold."""
    pad = np.zeros(int(seconds * rate), np.float32)
    whole = np.concatenate((pad, samples, pad))
    whole += np.random.default_rng(1).normal(0, noise, len(whole)).astype(np.float32)
    return np.rint(np.clip(whole, -1, 1) * 32767).astype(np.float32) / 32768


def lag(one: np.ndarray, two: np.ndarray) -> int:
    """Return by how many samples the second is late."""
    size = 1 << (len(one) + len(two)).bit_length()
    across = np.fft.irfft(np.fft.rfft(two, size) * np.conj(np.fft.rfft(one, size)))
    best = int(across.argmax())
    return best - size if best > size // 2 else best


def correlation(one: np.ndarray, two: np.ndarray, late: int) -> float:
    """Return how alike two are once the second is moved back."""
    one, two = (one, two[late:]) if late >= 0 else (one[-late:], two)
    length = min(len(one), len(two))
    return float(np.corrcoef(one[:length], two[:length])[0, 1])
