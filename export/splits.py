"""Which speaker, sentence and clip belongs to train, dev and test; pure rules, the rows are in `snapshot`.

A speaker and a sentence are assigned once and keep their split in all later releases. A clip is in a split if its
speaker and its sentence are; so no speaker and no sentence is ever in two, within a release and between releases.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from enum import StrEnum
from math import floor
from typing import NamedTuple
from uuid import UUID

# Cochran's sample size for 99 % confidence and a margin of 1 %: what CorporaCreator sizes dev and test by.
LARGEST_SAMPLE = 2.58**2 * 0.25 / 0.01**2


class Split(StrEnum):
    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


class Splitting(StrEnum):
    """By which rule an edition is split."""

    STABLE = "stable"  # the one of this module
    COMMON_VOICE = "common-voice"  # the one of `common_voice`


HELD_OUT = (Split.TEST, Split.DEV)  # in the order in which they are filled


def sample_size(train: int) -> int:
    """Return how many sentences dev and test need each beside a train split of this size: S(t) of CorporaCreator."""
    return floor(LARGEST_SAMPLE / (1 + LARGEST_SAMPLE / train)) if train else 0


def held_out_size(sentences: int) -> int:
    """Return how many of so many sentences dev gets, and test too: S(t) for the largest t that leaves room for both."""
    low, high = 0, sentences
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if 2 * sample_size(middle) + middle <= sentences else (low, middle - 1)
    return sample_size(low)


def wanted(sentences: int) -> dict[Split, int]:
    """Return how many of so many sentences test and dev want: S(t), but one each as soon as train keeps one too."""
    size = held_out_size(sentences)
    return {Split.TEST: max(size, int(sentences >= 2)), Split.DEV: max(size, int(sentences >= 3))}


class Newcomer(NamedTuple):
    """A speaker without a split: their name, the number of sentences they read, their place in the keyed order."""

    client_id: str
    sentences: int
    place: str


def assign(
    newcomers: Iterable[Newcomer], voices: Mapping[Split, int], room: Mapping[Split, int]
) -> dict[str, Split]:
    """Return the split of each newcomer; `voices` are the known speakers of each, `room` the sentences it still wants.

    In keyed order a speaker goes to test, or else dev, if all they read fits into its room, and else to train. Where
    speakers are few, train must have one first, then test, then dev: nobody should be tested on a voice of training.
    """
    ordered = sorted(newcomers, key=lambda one: one.place)
    left = dict(room)
    assigned: dict[str, Split] = {}
    for one in ordered:
        split = next((split for split in HELD_OUT if one.sentences <= left.get(split, 0)), Split.TRAIN)
        assigned[one.client_id] = split
        left[split] = left.get(split, 0) - one.sentences
    for wanting in (Split.TRAIN, *HELD_OUT):
        _give_one(wanting, ordered, assigned, voices)
    return assigned


def _give_one(
    wanting: Split, newcomers: Sequence[Newcomer], assigned: dict[str, Split], voices: Mapping[Split, int]
) -> None:
    """Move a newcomer into a split without speakers: the largest into train, the smallest into what is held out."""
    count = Counter(assigned.values()) + Counter(voices)
    if count[wanting]:
        return
    sign = -1 if wanting == Split.TRAIN else 1
    spare = [one for one in newcomers if wanting == Split.TRAIN or count[assigned[one.client_id]] > 1]
    if spare:
        moved = min(spare, key=lambda one: (sign * one.sentences, one.place))
        assigned[moved.client_id] = wanting


def hold_out(homeless: Iterable[tuple[str, Set[Split]]], room: Mapping[Split, int]) -> dict[str, Split]:
    """Return which sentences without a split go to test and dev, as long as there is room.

    Each comes with the splits of the speakers who read it. What no speaker of train read is taken first, since it is of
    no use to train; the rest is filled up in the order of what comes. Memory grows with the room alone.
    """
    left, taken = dict(room), dict[str, Split]()
    reserve: dict[Split, list[str]] = {split: [] for split in HELD_OUT}
    for text_key, splits in homeless:
        held = [split for split in HELD_OUT if split in splits and left.get(split, 0) > 0]
        if held and Split.TRAIN not in splits:
            taken[text_key] = held[0]
            left[held[0]] -= 1
        elif held and len(reserve[held[0]]) < left[held[0]]:
            reserve[held[0]].append(text_key)
    for split in HELD_OUT:
        taken |= dict.fromkeys(reserve[split][: max(0, left.get(split, 0))], split)
    return taken


class Candidate(NamedTuple):
    """A valid clip of a sentence, with its speaker's split."""

    clip_id: UUID
    speaker_split: Split


def place(split: Split, clips: Sequence[Candidate], standing: UUID | None) -> tuple[UUID | None, list[UUID]]:
    """Return which clip stands for a sentence of this split, and which more of its clips `train_all` takes.

    `clips` come oldest first. `standing` is the clip that stood for it in the release before: it stays if it can.
    """
    own = [clip.clip_id for clip in clips if clip.speaker_split == split]
    if not own:
        return None, []
    first = standing if standing in own else own[0]
    return first, [clip for clip in own if clip != first] if split == Split.TRAIN else []
