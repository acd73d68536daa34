"""Two thousand bad files: each fault below in each container, none by chance."""

import struct
from collections.abc import Callable, Iterator

Fault = Callable[[bytes], bytes]

HEAD = 40  # bytes of a file that are each changed alone
PLACES = 20
NUMBERS = (0, 1, 0x7FFFFFFF, 0xFFFFFFFF)
STRIDES = (2, 3, 7, 16, 100, 1000, 10_000)
BEFORE = {
    "a tag": b"ID3\x04\0\0\0\0\0\0",
    "a playlist": b"#EXTM3U\n",
    "a mark": b"\xef\xbb\xbf",
    "zeros": bytes(512),
}
BEHIND = {"text": b"and so on" * 99, "zeros": bytes(5000), "magics": b"OggSRIFFfLaC\x1aE\xdf\xa3ftyp" * 99}


def crafted(good: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield every combination of a well-formed file and a fault, with what it is called."""
    for container, data in good.items():
        for fault, break_it in _faults(container, good):
            yield f"{container}: {fault}", break_it(data)


def _faults(container: str, good: dict[str, bytes]) -> Iterator[tuple[str, Fault]]:
    yield from _missing()
    yield from _overwritten()
    yield from _in_the_head()
    yield from _around()
    for name, other in good.items():
        if name != container:
            yield f"the head of {name}", lambda data, other=other: other[:400] + data[400:]
            yield (
                f"the end of {name}",
                lambda data, other=other: data[: len(data) // 2] + other[len(other) // 2 :],
            )


def _missing() -> Iterator[tuple[str, Fault]]:
    for part in range(1, 2 * PLACES):
        yield f"cut at {part}/40", lambda data, part=part: data[: len(data) * part // (2 * PLACES)]
    for part in range(PLACES):
        yield f"a hole at {part}/20", lambda data, part=part: _without(data, len(data) * part // PLACES, 333)
        yield f"no start before {part}/20", lambda data, part=part: data[len(data) * part // PLACES + 1 :]


def _overwritten() -> Iterator[tuple[str, Fault]]:
    for part in range(PLACES):
        for byte in (b"\0", b"\xff"):
            yield (
                f"{byte.hex()} at {part}/20",
                lambda data, part=part, byte=byte: _patched(data, len(data) * part // PLACES, byte * 200),
            )
    for stride in STRIDES:
        yield f"every {stride}th byte turned", lambda data, stride=stride: _turned(data, stride)


def _in_the_head() -> Iterator[tuple[str, Fault]]:
    for at in range(HEAD):
        yield f"byte {at} turned", lambda data, at=at: _patched(data, at, bytes([data[at] ^ 0xFF]))
    for at in range(0, HEAD, 4):
        for value in NUMBERS:
            yield (
                f"{value} at {at}",
                lambda data, at=at, value=value: _patched(data, at, struct.pack("<I", value)),
            )


def _around() -> Iterator[tuple[str, Fault]]:
    for name, bytes_before in BEFORE.items():
        yield f"behind {name}", lambda data, before=bytes_before: before + data
    for name, bytes_behind in BEHIND.items():
        yield f"before {name}", lambda data, behind=bytes_behind: data + behind
    yield "a stretch for ever", lambda data: data[:1000] + data[1000:1500] * 2000 + data[1500:]
    yield "backwards", lambda data: data[::-1]
    yield "in pairs", lambda data: b"".join(data[at : at + 2][::-1] for at in range(0, len(data), 2))


def _without(data: bytes, at: int, count: int) -> bytes:
    return data[:at] + data[at + count :]


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _turned(data: bytes, stride: int) -> bytes:
    turned = bytearray(data)
    turned[::stride] = bytes(byte ^ 0xFF for byte in turned[::stride])
    return bytes(turned)
