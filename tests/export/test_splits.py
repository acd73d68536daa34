"""Speakers, sentences and clips keep their split, and none is ever in two."""

import random
from uuid import UUID

import pytest

from export.splits import Candidate, Newcomer, Split, assign, held_out_size, hold_out, place, wanted

TRAIN, DEV, TEST = Split.TRAIN, Split.DEV, Split.TEST


@pytest.mark.parametrize(
    ("sentences", "train", "held_out"), [(1000, 338, 331), (10_000, 3806, 3097), (0, 0, 0), (1, 1, 0)]
)
def test_sizes_follow_the_published_ones(sentences, train, held_out):
    assert (sentences - 2 * held_out_size(sentences), held_out_size(sentences)) == (train, held_out)


@pytest.mark.parametrize("sentences", range(1, 2000, 37))
def test_splits_are_as_large_as_there_is_room(sentences):
    size = held_out_size(sentences)
    assert 0 <= 2 * size < sentences


@pytest.mark.parametrize(
    ("sentences", "test", "dev"), [(0, 0, 0), (1, 0, 0), (2, 1, 0), (3, 1, 1), (1000, 331, 331)]
)
def test_train_keeps_the_first_sentence(sentences, test, dev):
    assert wanted(sentences) == {TEST: test, DEV: dev}


def _newcomers(*sentences):
    return [Newcomer(chr(ord("a") + n), count, f"{n:03}") for n, count in enumerate(sentences)]


@pytest.mark.parametrize(
    ("sentences", "splits"),
    [
        ([], ""),
        ([9], "train"),  # one speaker: nobody to test on
        ([9, 5], "train test"),
        ([5, 9], "test train"),
        ([1, 1], "test train"),
        ([9, 5, 7], "train test dev"),
        ([1, 1, 1], "test dev train"),
        ([9, 9, 9, 9], "test dev train train"),
    ],
)
def test_few_speakers_get_what_is_honest(sentences, splits):
    newcomers = _newcomers(*sentences)
    assert " ".join(assign(newcomers, {}, wanted(sum(sentences))).values()) == splits


def test_the_order_in_which_speakers_come_changes_nothing():
    newcomers = _newcomers(*[random.Random(2).randrange(1, 40) for _ in range(200)])
    shuffled = random.Random(3).sample(newcomers, len(newcomers))
    assert assign(newcomers, {}, wanted(4000)) == assign(shuffled, {}, wanted(4000))


def test_speakers_fill_test_and_dev_up_to_what_is_wanted():
    newcomers = _newcomers(*[5] * 200)
    splits = assign(newcomers, {}, wanted(1000))
    read = {split: 5 * list(splits.values()).count(split) for split in Split}
    assert read == {TEST: 330, DEV: 330, TRAIN: 340}


def test_full_splits_take_no_newcomer():
    assert set(assign(_newcomers(1, 1), {TRAIN: 1, DEV: 1, TEST: 1}, {TEST: 0, DEV: -3}).values()) == {TRAIN}


def test_what_train_never_read_is_held_out_first():
    homeless = [("both", {TRAIN, TEST}), ("alone", {TEST}), ("dev", {DEV}), ("train", {TRAIN})]
    assert hold_out(homeless, {TEST: 1, DEV: 1}) == {"alone": TEST, "dev": DEV}
    assert hold_out(homeless, {TEST: 2, DEV: 1}) == {"alone": TEST, "dev": DEV, "both": TEST}


def test_nothing_is_held_out_without_room():
    assert hold_out([("a", {TEST}), ("b", {DEV, TRAIN})], {TEST: 0, DEV: -1}) == {}


def _clips(*splits):
    return [Candidate(UUID(int=n), split) for n, split in enumerate(splits)]


@pytest.mark.parametrize(
    ("split", "standing", "first", "further"),
    [
        (TRAIN, None, 1, [3]),
        (TRAIN, 3, 3, [1]),  # the clip that stood before stays
        (TRAIN, 9, 1, [3]),  # unless it was withdrawn
        (TEST, None, 0, []),  # a second clip of a test sentence is in no split
        (DEV, None, None, []),
    ],
)
def test_one_clip_stands_for_a_sentence(split, standing, first, further):
    clips = _clips(TEST, TRAIN, TEST, TRAIN)
    placed = place(split, clips, None if standing is None else UUID(int=standing))
    assert placed == (None if first is None else UUID(int=first), [UUID(int=n) for n in further])
