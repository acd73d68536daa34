"""Reading objects by stream, whichever store they lie in, and hashing them on the way."""

import hashlib
from collections.abc import Iterator
from typing import Any, cast

from botocore.exceptions import BotoCoreError
from django.core.files.base import File

from common.storage import DurableFiles
from export import storing
from operations.wanted import Wanted

TRIES = 3
LIES_IN = {"archive": "releases"}  # the rest is private


def alias_of(want: Wanted) -> str:
    """Return the name of the storage that an object lies in."""
    return LIES_IN.get(want.what, "private")


def sha256_of(want: Wanted) -> str:
    """Return the hash of an object as it lies there; empty if the store has none, or none that can be read."""
    for _ in range(TRIES):
        try:
            return _hashed(storing.stream(alias_of(want), want.key))
        except FileNotFoundError:
            return ""
        except BotoCoreError:  # damaged or cut off on its way, or in the store: then again and again
            continue
    return ""


def copy(want: Wanted, target: DurableFiles) -> bool:
    """Copy an object if it is what it must be; tell whether it is."""
    for _ in range(TRIES):
        try:
            target.save(want.key, cast("File[Any]", _Checked(want)))
        except FileNotFoundError:
            return False
        except (BotoCoreError, DamagedError):
            continue
        return True
    return False


class DamagedError(Exception):
    """The bytes are not those that the row knows."""


class _Checked:
    """An object on its way, for a storage to save; whoever reads it to the end knows that it is undamaged."""

    def __init__(self, want: Wanted) -> None:
        self.want = want

    def chunks(self, _size: int = 0) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for chunk in storing.stream(alias_of(self.want), self.want.key):
            digest.update(chunk)
            yield chunk
        if digest.hexdigest() != self.want.sha256:
            raise DamagedError(self.want.key)


def _hashed(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
