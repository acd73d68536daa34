"""What chance makes of a file, the same for the same seed."""

import random
from collections.abc import Callable

Mutation = Callable[[random.Random, bytes], bytes]


def mutated(data: bytes, seed: int) -> bytes:
    """Return the file with a few changes, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 8, 30))):
        data = chance.choice(MUTATIONS)(chance, data)
    return data


def _flip(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(max(1, len(data)))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :] if data else data


def _head(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(max(1, min(len(data), 300)))
    return data[:at] + bytes([chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))]) + data[at + 1 :]


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _drop(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.randrange(1, 500) :]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at : at + chance.randrange(1, 500)] * chance.randrange(2, 9) + data[at:]


def _number(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return (
        data[:at]
        + chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x80\0\0\0"))
        + data[at + 4 :]
    )


MUTATIONS: tuple[Mutation, ...] = (_flip, _head, _head, _cut, _drop, _repeat, _number)
