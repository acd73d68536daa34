"""The first frame of an MP3, which says how long the sound is.

An encoder puts 1105 samples before the sound and fills the last frame. Players that read this frame take both
away; without it every clip starts 35 ms late and ends too late. Layout: the Xing header and LAME's extension, as
in http://gabriel.mp3-tech.org/mp3infotag.html.
"""

import struct
from itertools import accumulate

FRAME_SAMPLES = 1152  # of MPEG-1 layer III
DELAY = 1105 - 529  # of LAME's encoder; the decoder's own 529 are not counted in the tag
LEAST_PADDING = 529  # what the decoder's delay pushes out at the end
RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s, by the header's index
HEADER = bytes((0xFF, 0xFB, 5 << 4 | 2 << 2, 0xC4))  # of the tag: MPEG-1 layer III, 64 kbit/s, 32 kHz, mono
SIDE_INFO_BYTES = 17  # of mono
FLAGS = 0b1111  # frames, bytes, table of contents and quality follow
QUALITY = 80
VARIABLE_RATE = 4  # LAME's second method, tag revision 0
LEAST_RATE = 32


def frame(sound: bytes, samples: int) -> bytes:
    """Return the frame to put before `sound`, LAME's MP3 of that many samples, mono at 32 kHz."""
    sizes = frame_sizes(sound)
    padding = len(sizes) * FRAME_SAMPLES - DELAY - samples
    if not LEAST_PADDING <= padding < 4096:
        raise ValueError(f"{len(sizes)} frames are no MP3 of {samples} samples")
    size = _size(HEADER)
    tag = HEADER + bytes(SIDE_INFO_BYTES) + _xing([size, *sizes]) + _lame(size + len(sound), padding)
    return (tag + struct.pack(">H", crc16(tag))).ljust(size, b"\0")


def frame_sizes(sound: bytes) -> list[int]:
    """Return the bytes of each frame; raises ValueError for what is not an MP3 at 32 kHz."""
    sizes, at = [], 0
    while at < len(sound):
        sizes.append(_size(sound[at : at + 4]))
        at += sizes[-1]
    if at != len(sound):
        raise ValueError("the last frame is cut")
    return sizes


def _size(header: bytes) -> int:
    if len(header) < 4 or header[:2] != HEADER[:2] or header[2] & 0x0C != 2 << 2 or header[2] >> 4 in (0, 15):
        raise ValueError(f"no frame of this encoder: {header.hex()}")
    return 144 * RATES[header[2] >> 4] // 32 + (header[2] >> 1 & 1)


def _xing(sizes: list[int]) -> bytes:
    starts, total = [0, *accumulate(sizes)], sum(sizes)
    contents = bytes(256 * starts[percent * len(sizes) // 100] // total for percent in range(100))
    return b"Xing" + struct.pack(">III", FLAGS, len(sizes) - 1, total) + contents + struct.pack(">I", QUALITY)


def _lame(size: int, padding: int) -> bytes:
    return (
        b"LAME3.100"
        + bytes((VARIABLE_RATE, 0))  # low pass: not told
        + bytes(8)  # peak and replay gain: not told
        + bytes((0, LEAST_RATE))
        + (DELAY << 12 | padding).to_bytes(3, "big")
        + bytes(4)  # noise shaping, gain, preset: not told
        + struct.pack(">I", size)
        + bytes(2)  # checksum of the music: not told, no player reads it
    )


def crc16(data: bytes) -> int:
    """Return CRC-16/ARC."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
