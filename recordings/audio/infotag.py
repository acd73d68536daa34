"""The first frame of an MP3, which says how long the sound is.

An encoder puts 1105 samples before the sound and fills the last frame. Players that read this frame take both
away; without it every clip starts 35 ms late and ends too late. Layout: the Xing/Info header and LAME's
extension, as in http://gabriel.mp3-tech.org/mp3infotag.html.
"""

import struct

FRAME_SAMPLES = 1152  # of MPEG-1 layer III
DELAY = 1105 - 529  # of LAME's encoder; the decoder's own 529 are not counted in the tag
SIDE_INFO_BYTES = 17  # of mono
FLAGS = 0b1111  # frames, bytes, table of contents and quality follow
QUALITY = 50
METHOD_CBR = 0x01  # tag revision 0, constant bit rate
LOWPASS_UNKNOWN = 0


def frame(sound: bytes, samples: int) -> bytes:
    """Return the frame to put before `sound`, a constant bit rate MP3 of that many samples, mono, 32 kHz."""
    header = sound[:4]
    size = frame_bytes(header)
    frames = len(sound) // size
    padding = frames * FRAME_SAMPLES - DELAY - samples
    if len(sound) % size or not 529 <= padding < 4096:
        raise ValueError(f"{len(sound)} bytes are no MP3 of {samples} samples")
    tag = (
        header
        + bytes(SIDE_INFO_BYTES)
        + _xing(frames, len(sound) + size)
        + _lame(header, len(sound) + size, padding)
    )
    return (tag + struct.pack(">H", crc16(tag))).ljust(size, b"\0")


def frame_bytes(header: bytes) -> int:
    """Return a frame's length; raises ValueError for what is not MPEG-1 layer III at 32 kHz."""
    bit_rates = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    if header[:2] not in (b"\xff\xfb", b"\xff\xfa") or header[2] & 0x0F not in (8, 9) or header[2] >> 4 == 15:
        raise ValueError(f"no frame of this encoder: {header.hex()}")
    return 144 * 1000 * bit_rates[header[2] >> 4] // 32_000


def _xing(frames: int, size: int) -> bytes:
    contents = bytes(percent * 256 // 100 for percent in range(100))
    return b"Info" + struct.pack(">III", FLAGS, frames, size) + contents + struct.pack(">I", QUALITY)


def _lame(header: bytes, size: int, padding: int) -> bytes:
    bit_rate = frame_bytes(header) * 32 // 144
    return (
        b"LAME3.100"
        + bytes((METHOD_CBR, LOWPASS_UNKNOWN))
        + bytes(8)  # peak and replay gain: not told
        + bytes((0, bit_rate))
        + (DELAY << 12 | padding).to_bytes(3, "big")
        + bytes(4)  # no noise shaping told, no gain, no preset
        + struct.pack(">I", size)
        + bytes(2)  # checksum of the music: not told, as no player reads it
    )


def crc16(data: bytes) -> int:
    """Return CRC-16/ARC."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
