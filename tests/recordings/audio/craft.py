"""Writes containers by hand, right and wrong: what no encoder would write is what attackers send."""

import struct
import zlib

OPUS_2_5_MS, CODE_3 = 28 << 3, 3


def wav(
    *,
    data: bytes = b"",
    kind: int = 1,
    channels: int = 1,
    rate: int = 16_000,
    bits: int = 16,
    riff: bytes = b"RIFF",
    riff_size: int | None = None,
    data_size: int | None = None,
    extra: bytes = b"",
) -> bytes:
    width = max(1, bits // 8 * channels)
    form = struct.pack(
        "<HHIIHH", kind, channels, rate & 0xFFFFFFFF, rate * width & 0xFFFFFFFF, width & 0xFFFF, bits
    )
    body = b"WAVE" + chunk(b"fmt ", form) + extra
    body += b"data" + struct.pack("<I", len(data) if data_size is None else data_size) + data
    return riff + struct.pack("<I", len(body) if riff_size is None else riff_size) + body


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _ogg_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return table


OGG_TABLE = _ogg_table()


def ogg_page(packets: list[bytes], granule: int, number: int, *, flags: int = 0, serial: int = 1) -> bytes:
    lacing = b"".join(b"\xff" * (len(each) // 255) + bytes([len(each) % 255]) for each in packets)
    head = (
        b"OggS\0"
        + bytes([flags])
        + struct.pack("<qIII", granule, serial, number, 0)
        + bytes([len(lacing)])
        + lacing
    )
    page = head + b"".join(packets)
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ OGG_TABLE[crc >> 24 ^ byte]
    return page[:22] + struct.pack("<I", crc) + page[26:]


def opus_head(
    channels: int = 1, skip: int = 312, rate: int = 48_000, version: int = 1, family: bytes = b"\0"
) -> bytes:
    return b"OpusHead" + struct.pack("<BBHIh", version, channels, skip, rate, 0) + family


OPUS_TAGS = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)


def ogg_opus(packets: list[bytes], samples: int, head: bytes | None = None, tags: bytes = OPUS_TAGS) -> bytes:
    """One packet stands for `samples` at 48 kHz; five packets in a page."""
    pages = [ogg_page([head or opus_head()], 0, 0, flags=2), ogg_page([tags], 0, 1)]
    groups = [packets[at : at + 5] for at in range(0, len(packets), 5)]
    done = 0
    for number, group in enumerate(groups):
        done += len(group) * samples
        pages.append(ogg_page(group, done, number + 2, flags=4 if number == len(groups) - 1 else 0))
    return b"".join(pages)


def empty_opus_packet(frames: int = 48) -> bytes:
    """120 ms that say nothing, in 49 bytes."""
    return bytes([OPUS_2_5_MS | CODE_3, 0x80 | frames]) + bytes(frames - 1)


def element(name: str, *parts: bytes) -> bytes:
    """An EBML element; its id in hexadecimal."""
    data = b"".join(parts)
    return bytes.fromhex(name) + struct.pack(">Q", len(data) | 1 << 56) + data


def number(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def webm(*tracks: bytes, blocks: bytes = b"", kind: bytes = b"webm", info: bytes = b"") -> bytes:
    head = element("1a45dfa3", element("4282", kind), element("4287", number(2)), element("4285", number(2)))
    segment = (
        element("1549a966", element("2ad7b1", number(1_000_000)), info),
        element("1654ae6b", *tracks),
        element("1f43b675", element("e7", number(0)), blocks),
    )
    return head + element("18538067", *segment)


def sound_track(
    codec: bytes = b"A_PCM/INT/LIT",
    *,
    rate: float = 48_000.0,
    channels: int = 1,
    extra: bytes = b"",
    track: int = 1,
) -> bytes:
    sound = element(
        "e1",
        element("b5", struct.pack(">d", rate)),
        element("9f", number(channels)),
        element("6264", b"\x10"),
    )
    return element(
        "ae", element("d7", number(track)), element("73c5", number(track)), element("83", b"\x02"),
        element("86", codec), sound, extra,
    )  # fmt: skip


def block(data: bytes, *, at_ms: int = 0, track: int = 1) -> bytes:
    return element("a3", bytes([0x80 | track]), struct.pack(">hB", at_ms, 0x80), data)


def zlib_compressed() -> bytes:
    """What a track says whose blocks are deflated."""
    return element(
        "6d80",
        element(
            "6240", element("5031", b"\0"), element("5033", b"\0"), element("5034", element("4254", b"\0"))
        ),
    )


def deflated(data: bytes) -> bytes:
    return zlib.compress(data, 9)


def box(name: bytes, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I", len(data) + 8) + name + data


def with_box_replaced(data: bytes, path: list[bytes], new: bytes) -> bytes:
    """Return an MP4 with the box at a path replaced, sizes around it mended; offsets into media stay as they are."""
    at, end = 0, len(data)
    while at + 8 <= end:
        size = struct.unpack(">I", data[at : at + 4])[0] or end - at
        if data[at + 4 : at + 8] == path[0]:
            inner = new if len(path) == 1 else _inside(data[at : at + size], path[1:], new)
            return data[:at] + inner + data[at + size :]
        at += size
    raise KeyError(path)


def _inside(whole: bytes, path: list[bytes], new: bytes) -> bytes:
    skip = {b"dref": 16, b"stsd": 16}.get(whole[4:8], 8)
    body = whole[8:skip] + with_box_replaced(whole[skip:], path, new)
    return struct.pack(">I", len(body) + 8) + whole[4:8] + body
