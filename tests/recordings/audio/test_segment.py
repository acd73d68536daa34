"""Where clips begin and end, on runs of voiced frames of 20 ms."""

import numpy as np
import pytest

from languages.limits import Limits
from recordings.audio import segment, voice
from recordings.audio.order import Cut

LIMITS = Limits()


def voiced(text: str) -> np.ndarray:
    """Return frames from a drawing: "#3" is 3 s of voice, ".5" half a second of none."""
    parts = []
    for word in text.split():
        seconds = (
            float(word.lstrip("#")) if word.startswith("#") else float(f"0{word}" if word[0] == "." else word)
        )
        parts.append(np.full(round(seconds * 50), word.startswith("#")))
    return np.concatenate(parts)


def seconds(runs: list[tuple[int, int]]) -> list[tuple[float, float]]:
    return [(round(start / 50, 2), round(end / 50, 2)) for start, end in runs]


@pytest.mark.parametrize(
    ("drawn", "clips", "left_out"),
    [
        ("2", [], []),
        ("1 #3 1", [(1, 4)], []),
        ("#3", [(0, 3)], []),
        ("1 #3 1 #2 1", [(1, 4), (5, 7)], []),
        ("1 #3 .34 #2 1", [(1, 6.34)], []),  # what is no pause stays inside
        ("1 #3 .36 #2 1", [(1, 4), (4.36, 6.36)], []),
        ("1 #.18 1", [], []),  # a click
        ("1 #.18 1 #3 1", [(2.18, 5.18)], []),
        ("1 #.5 .8 #3 1", [(1, 5.3)], []),  # too short alone, joined over a pause
        ("1 #3 .8 #.5 .6 #3 1", [(1, 4), (4.8, 8.9)], []),  # to the nearer one
        ("1 #3 1.5 #.5 1.5 #3 1", [(1, 4), (5.5, 6), (7.5, 10.5)], []),  # too far from all: judged alone
        ("1 #.4 .5 #.4 1", [(1, 2.3)], []),
        ("1 #14.5 .8 #.5 2", [(1, 15.5), (16.3, 16.8)], []),  # together they would be too long
        ("1 #8 .2 #8 1", [(1, 9), (9.2, 17.2)], []),  # too long: cut at the widest gap
        ("1 #6 .12 #6 .2 #6 1", [(1, 13.12), (13.32, 19.32)], []),
        ("1 #9 .14 #9 .2 #9 1", [(1, 10), (10.14, 19.14), (19.34, 28.34)], []),
        ("1 #8 .08 #8 1 #3 1", [(18.08, 21.08)], [(1, 17.08)]),  # no gap that is not inside a word
    ],
)
def test_long_recordings_are_cut_at_pauses(drawn, clips, left_out):
    found, without = segment.utterances(voiced(drawn), Cut.PAUSES, LIMITS)
    assert seconds(found) == clips
    assert seconds(without) == left_out


@pytest.mark.parametrize(
    ("drawn", "clips"),
    [
        ("2", []),
        ("1 #.1 1", []),
        ("1 #2 1", [(1, 3)]),
        ("1 #2 3 #2 1", [(1, 8)]),
        ("1 #.1 3 #2 1", [(4.1, 6.1)]),
        ("#50", [(0, 50)]),
    ],
)
def test_one_take_is_one_clip(drawn, clips):
    assert seconds(segment.utterances(voiced(drawn), Cut.WHOLE, LIMITS)[0]) == clips


def test_pads_end_half_way_to_the_neighbour_and_at_the_ends():
    found = [(5, 100), (110, 200), (300, 395)]
    assert segment.spans(found, 8 * 48_000, 48_000, LIMITS) == [
        (0, 100_800),
        (100_800, 199_200),
        (280_800, 384_000),
    ]


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 48_000, 192_000])
@pytest.mark.parametrize("seed", range(20))
def test_clips_never_overlap_nor_leave_the_recording(rate, seed):
    random = np.random.default_rng(seed)
    mask = np.repeat(random.random(400) < 0.6, random.integers(1, 40, 400))
    total = int(len(mask) * 0.02 * rate) - 7
    found, _ = segment.utterances(mask, Cut.PAUSES, LIMITS)
    places = [place for span in segment.spans(found, total, rate, LIMITS) for place in span]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] <= total
    for start, end in segment.spans(found, total, rate, LIMITS):
        assert 0 < (end - start) / rate <= LIMITS.max_seconds


def test_cuts_never_fall_into_voice():
    random = np.random.default_rng(1)
    mask = np.repeat(random.random(3000) < 0.8, random.integers(1, 30, 3000))
    found, left_out = segment.utterances(mask, Cut.PAUSES, LIMITS)
    assert len(found) > 20
    for start, end in found:
        assert mask[start] and mask[end - 1]
        assert not mask[max(0, start - segment.SHORTEST_GAP) : start].any()
        assert not mask[end : end + segment.SHORTEST_GAP].any()
    kept = np.zeros(len(mask), bool)
    for start, end in [*found, *left_out]:
        kept[start:end] = True
    lost = [end - start for start, end in voice.runs(mask & ~kept)]
    assert max(lost, default=0) < segment.SHORTEST_VOICE


def test_an_hour_without_a_breath_is_split():
    """Some five hundred times, each at the widest gap that is left, however these lie."""
    for gaps in (np.full(2500, 6), np.arange(2500) % 11 + 6, np.sort(np.arange(2500) % 11) + 6):
        mask = np.concatenate([np.repeat([True, False], [60, gap]) for gap in gaps])
        found, left_out = segment.utterances(mask, Cut.PAUSES, LIMITS)
        assert left_out == []
        assert all(end - start <= LIMITS.max_seconds * 50 for start, end in found)
        assert sum(mask[start:end].sum() for start, end in found) == mask.sum()
