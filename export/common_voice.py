"""The split of Common Voice (CorporaCreator's rule), for those who compare with it; pure rules, the rows are elsewhere.

It forgets: each release is split anew, so clips drift from one split to another. Ours, in `splits`, does not.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from export.splits import HELD_OUT, Split, held_out_size


class Reading(NamedTuple):
    """A valid clip of a sentence: how many valid clips its speaker has, who they are, and its id."""

    clips_of_speaker: int
    client_id: str
    clip_id: UUID


def chosen(readings: Iterable[Reading]) -> Reading:
    """Return the clip that stands for a sentence: that of the rarest speaker, so that many speakers come in."""
    return min(readings)


class Reader(NamedTuple):
    """A speaker: how many valid clips they have, who they are, and for how many sentences a clip of theirs stands."""

    clips: int
    client_id: str
    sentences: int


def assign(readers: Iterable[Reader]) -> dict[str, Split]:
    """Return the split of each speaker, all of whose clips go there; those with the fewest clips fill test, then dev.

    Test and dev have S(t) sentences at most, for the largest t with 2 S(t) + t within all.
    """
    ordered = sorted(readers)
    size = held_out_size(sum(reader.sentences for reader in ordered))
    room = dict.fromkeys(HELD_OUT, size)
    assigned: dict[str, Split] = {}
    for reader in ordered:
        split = next((split for split in HELD_OUT if reader.sentences <= room[split]), Split.TRAIN)
        assigned[reader.client_id] = split
        if split in room:
            room[split] -= reader.sentences
    return assigned
