"""Shards: plain tars of clips, each beside what is known of it, as webdataset reads them; what is in one, and lint.

A sample is `KEY.mp3` and `KEY.json`, one after the other; samples stand in the order of their keys.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from export.lint import Clip, Fault, length_fault
from export.tables import CLIPS

# What stands beside a clip: the columns of the tables, and these
FURTHER = ("duration_ms", "tables", "sha256")


def description(path: str, row: dict[str, Any], *, tables: Sequence[str], sha256: str) -> tuple[str, bytes]:
    """Return name and content of what stands beside a clip."""
    known = row | {"tables": tables, "sha256": sha256}
    return str(PurePosixPath(path).with_suffix(".json")), json.dumps(known, ensure_ascii=False).encode()


def faults(members: Iterable[Clip], *, clips: int, decode: bool) -> Iterator[Fault]:
    """Yield what is wrong with the members of a shard that is said to have so many clips."""
    before, count = "", 0
    sound: Clip | None = None
    for member in members:
        if sound is None:
            if member.name <= before:
                yield Fault(member.name, 0, "stands twice or out of order")
            before, sound, count = member.name, member, count + 1
        else:
            yield from _of_sample(sound, member, decode)
            sound = None
    if sound is not None:
        yield Fault(sound.name, 0, "has no description")
    if count != clips:
        yield Fault("", 0, f"has {count} clips instead of {clips}")


def _of_sample(sound: Clip, beside: Clip, decode: bool) -> Iterator[Fault]:
    name, key = beside.name, PurePosixPath(sound.name).stem
    if (sound.name, name) != (f"{key}.mp3", f"{key}.json"):
        yield Fault(name, 0, f"stands where {key}.json belongs")
        return
    row = json.loads(beside.data)
    if tuple(row) != (*CLIPS, *FURTHER) or row["path"] != sound.name:
        yield Fault(name, 0, "does not describe its clip")
    elif hashlib.sha256(sound.data).hexdigest() != row["sha256"]:
        yield Fault(sound.name, 0, f"is not what {name} says")
    elif fault := length_fault(sound.data, row["duration_ms"], decode, f"{name} says"):
        yield Fault(sound.name, 0, fault)
