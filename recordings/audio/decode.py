"""Decodes a file to mono samples, block by block, so that an hour takes no more memory than a second."""

import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

import numpy as np
import numpy.typing as npt

from recordings.audio import ffmpeg, libsndfile, sniff
from recordings.audio.order import UnusableError

Samples = npt.NDArray[np.float32]  # mono, full scale is 1.0

RATES = range(8_000, 192_001)
MOST_CHANNELS = 2
ABSURD = 8.0  # times full scale; a browser's float samples go a little over 1.0


class Sound(Protocol):
    """An opened file. Blocks are float32 of shape (samples, channels); `truncated` counts once they ended."""

    codec: str
    rate: int
    channels: int
    truncated: bool

    def blocks(self) -> Iterator[Samples]: ...


def opened(file: BinaryIO, container: str) -> AbstractContextManager[Sound]:
    """Open a file whose container is known; raises UnusableError for what is not accepted."""
    if container in (sniff.WEBM, sniff.MP4, sniff.OGG):
        return ffmpeg.opened(file, container)
    return libsndfile.opened(file, container)


def check(sound: Sound) -> None:
    """Raise UnusableError for channels or rates that are not accepted."""
    if sound.channels > MOST_CHANNELS:
        raise UnusableError("too-many-channels", f"{sound.channels} channels")
    if sound.channels < 1:
        raise UnusableError("undecodable", "no channel")
    if sound.rate not in RATES:
        raise UnusableError("undecodable", f"sample rate {sound.rate}")


def mono(sound: Sound, longest_seconds: float) -> Iterator[Samples]:
    """Yield the average of the channels; raises UnusableError for absurd samples, and for too many."""
    left = longest_seconds * sound.rate
    for block in sound.blocks():
        peak = max(abs(float(block.max(initial=0))), abs(float(block.min(initial=0))))
        if not peak <= ABSURD:  # also true for NaN
            raise UnusableError("bad-samples", f"peak {peak}")
        left -= len(block)
        if left < 0:
            raise UnusableError("too-long", f"more than {longest_seconds:g} s")
        yield block[:, 0] if block.shape[1] == 1 else (block[:, 0] + block[:, 1]) * np.float32(0.5)


def cut(file: BinaryIO, container: str, spans: Sequence[tuple[int, int]]) -> Iterator[Samples]:
    """Decode again and yield the samples of each (start, end); spans are in order and do not overlap."""
    file.seek(0)
    with opened(file, container) as sound:
        blocks = mono(sound, math.inf)
        held, first = (
            np.zeros(0, np.float32),
            0,
        )  # what may still be needed, and the place of its first sample
        for start, end in spans:
            while first + len(held) < end:
                if (block := next(blocks, None)) is None:
                    raise UnusableError("undecodable", "shorter when read again")
                done = min(max(start - first, 0), len(held))
                held, first = np.concatenate((held[done:], block)), first + done
            yield held[start - first : end - first]


def pcm16(samples: Samples) -> npt.NDArray[np.int16]:
    """Return 16 bit samples, little endian; what came from 16 bits comes back exactly."""
    scaled = np.rint(samples * np.float32(32768))
    pcm: npt.NDArray[np.int16] = np.clip(scaled, -32768, 32767, out=scaled).astype("<i2")
    return pcm
