"""Recovery codes: 95 random bits in five groups of four signs, of which the last finds typing errors.

The signs are Crockford's base32 (https://www.crockford.com/base32.html), without I, L, O and U. The check sign is a
weighted sum in the field of 32 elements; each place has another weight, so one wrong sign is always found, and so
are two that changed places.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from functools import reduce
from operator import xor

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # pragma: allowlist secret
LOOKALIKES = str.maketrans("ILO", "110")
LENGTH, GROUP = 20, 4
REDUCE = 0b100101  # x^5 + x^2 + 1, whose root x generates the field


def new() -> str:
    """Return a code that nobody has, in groups that can be read aloud and written down."""
    values = [secrets.randbelow(len(SIGNS)) for _ in range(LENGTH - 1)]
    signs = "".join(SIGNS[value] for value in [*values, _check(values)])
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read(typed: str) -> str | None:
    """Return what was typed in the one way of writing, without hyphens; None if a sign is missing, extra or wrong.

    Case, spaces, hyphens of any kind and look-alike letters don't matter; digits may be of any script.
    """
    signs = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", typed[:200]).upper())
    signs = signs.translate(LOOKALIKES)
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS):
        return None
    *values, check = map(SIGNS.index, signs)
    return signs if _check(values) == check else None


def digest(signs: str) -> str:
    """Return what is kept of a code: a hash, since 95 random bits can't be found by trying."""
    return hashlib.sha256(signs.encode()).hexdigest()


def _plain(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    return "" if unicodedata.category(sign) in {"Pd", "Zs", "Cc", "Cf"} else sign


def _check(values: Iterable[int]) -> int:
    return reduce(xor, (_times_x(value, place) for place, value in enumerate(values, start=1)))


def _times_x(value: int, times: int) -> int:
    """Multiply by x as often as said, in the field."""
    for _ in range(times):
        value <<= 1
        if value & 0b100000:
            value ^= REDUCE
    return value
