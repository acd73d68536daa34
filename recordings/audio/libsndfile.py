"""WAV, FLAC and MP3 by libsndfile: faster than FFmpeg, exact for float WAV, no protocols at all."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import soundfile

from recordings.audio import sniff
from recordings.audio.order import UnusableError

BLOCK_SECONDS = 0.5  # what is lost where a file is cut or damaged: a block is read whole or not
FORMATS = {sniff.WAV: ("WAV", "WAVEX", "RF64"), sniff.FLAC: ("FLAC",), sniff.MP3: ("MP3", "MPEG")}
CODECS = {
    "PCM_U8",
    "PCM_S8",
    "PCM_16",
    "PCM_24",
    "PCM_32",
    "FLOAT",
    "DOUBLE",
    "ULAW",
    "ALAW",
    "MPEG_LAYER_III",
}
UNTOLD = (0, 0x7FFFFFFF, 0xFFFFFFFF)  # sizes that recorders write who do not know yet


class _Sound:
    def __init__(self, file: Any, *, shortened: bool) -> None:
        self.codec = file.subtype.lower()
        self.rate = file.samplerate
        self.channels = file.channels
        self.truncated = shortened
        self._file = file

    def blocks(self) -> Iterator[Any]:
        read = 0
        try:
            while len(
                block := self._file.read(int(self.rate * BLOCK_SECONDS), dtype="float32", always_2d=True)
            ):
                read += len(block)
                yield block
        except soundfile.LibsndfileError as error:
            if not read:
                raise UnusableError("undecodable", str(error.error_string)) from None
            self.truncated = True
        self.truncated = self.truncated or read < self._file.frames


@contextmanager
def opened(file: BinaryIO, container: str) -> Iterator[_Sound]:
    """Open a file that sniffing called WAV, FLAC or MP3."""
    shortened = container == sniff.WAV and _wav_is_shortened(file)
    try:
        with soundfile.SoundFile(file) as sound:
            if sound.format not in FORMATS[container]:
                raise UnusableError("undecodable", f"{sound.format} in the clothes of {container}")
            if sound.subtype not in CODECS:
                raise UnusableError("unsupported-codec", sound.subtype)
            yield _Sound(sound, shortened=shortened)
    except soundfile.LibsndfileError as error:
        raise UnusableError("undecodable", str(error.error_string)) from None


def _wav_is_shortened(file: BinaryIO) -> bool:
    """libsndfile corrects a size that lies; whoever uploads must know that something is missing."""
    told = struct.unpack("<I", file.read(8)[4:8])[0]
    there = file.seek(0, 2) - 8
    file.seek(0)
    return told not in UNTOLD and told > there + 1  # some recorders count a pad byte that they don't write
