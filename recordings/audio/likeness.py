"""How alike two fingerprints are; apart from how they are made, which needs decoders that few processes should load."""

import numpy as np
import numpy.typing as npt

BITS = 16
MOST_SHIFT = 16  # hops: half a second of trimming
LEAST_OVERLAP = 0.75  # of the shorter print
SAME = 0.25  # a distance below this is the same sound; other sounds are near 0.5


def distance(one: bytes, two: bytes) -> float:
    """Return the least share of bits that differ over shifts up to half a second: 0 same, 0.5 unrelated."""
    a, b = np.frombuffer(one, "<u2"), np.frombuffer(two, "<u2")
    least = max(1, int(LEAST_OVERLAP * min(len(a), len(b))))
    found = [_differing(a, b, shift, least) for shift in range(-MOST_SHIFT, MOST_SHIFT + 1)]
    return min(found)


def _differing(a: npt.NDArray[np.uint16], b: npt.NDArray[np.uint16], shift: int, least: int) -> float:
    a, b = a[max(0, shift) :], b[max(0, -shift) :]
    overlap = min(len(a), len(b))
    if overlap < least:
        return 1.0
    return float(np.bitwise_count(a[:overlap] ^ b[:overlap]).sum()) / (BITS * overlap)
