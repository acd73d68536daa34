"""Cuts at pauses, never inside a word. Works on runs of voiced frames; knows nothing of samples or files."""

from itertools import pairwise

from languages.limits import Limits
from recordings.audio.order import Cut
from recordings.audio.voice import FRAME, FRAMES_PER_SECOND, RATE, Mask, runs

SHORTEST_VOICE = 10  # frames: 0.2 s; what is shorter is a click or a breath
SHORTEST_GAP = 5  # frames: 0.1 s; between words of one breath there is often less, inside a word never more

Run = tuple[int, int]  # frames, the end excluded


def utterances(voiced: Mask, cut: Cut, limits: Limits) -> tuple[list[Run], list[Run]]:
    """Return the utterances, and what must be left out for want of a pause; both without pads."""
    voice = runs(voiced)
    spoken = _spoken(voice, _frames(limits.shortest_pause_seconds))
    if cut is Cut.WHOLE:
        return ([(spoken[0][0], spoken[-1][1])] if spoken else []), []
    longest = _frames(limits.max_seconds - 2 * limits.pad_seconds)
    shortest = _frames(limits.min_seconds - 2 * limits.pad_seconds)
    pieces = [piece for run in spoken for piece in _split(run, voice, longest)]
    fitting = [run for run in pieces if _length(run) <= longest]
    joined = _join_short(fitting, shortest, longest, _frames(limits.join_seconds))
    return joined, [run for run in pieces if _length(run) > longest]


def spans(found: list[Run], total: int, rate: int, limits: Limits) -> list[tuple[int, int]]:
    """Return (start, end) in samples at `rate` of each utterance with its pads.

    Pads end half-way to the neighbour and at the ends of the recording, which has `total` samples.
    """
    pad = limits.pad_seconds * FRAMES_PER_SECOND
    ends = [0.0, *((one[1] + two[0]) / 2 for one, two in pairwise(found)), float("inf")]
    padded = [
        (max(start - pad, before), min(end + pad, after))
        for (start, end), before, after in zip(found, ends, ends[1:], strict=False)
    ]
    scale = FRAME * rate / RATE
    return [(int(max(start, 0) * scale), min(int(end * scale), total)) for start, end in padded]


def _spoken(voice: list[Run], pause: int) -> list[Run]:
    """Merge runs over what is no pause, then drop what is too short to be voice."""
    merged: list[Run] = []
    for run in voice:
        if merged and run[0] - merged[-1][1] < pause:
            merged[-1] = (merged[-1][0], run[1])
        else:
            merged.append(run)
    return [run for run in merged if _length(run) >= SHORTEST_VOICE]


def _split(run: Run, voice: list[Run], longest: int) -> list[Run]:
    """Split at the widest gap until every piece fits, or has no gap left."""
    pieces, waiting = [], [run]
    while waiting:
        piece = waiting.pop()
        halves = _halves(piece, voice) if _length(piece) > longest else None
        if halves:
            waiting += reversed(halves)
        else:
            pieces.append(piece)
    return pieces


def _halves(run: Run, voice: list[Run]) -> tuple[Run, Run] | None:
    """Return what lies before and after the widest gap, the most central of several; None without a gap."""
    inside = [each for each in voice if run[0] <= each[0] and each[1] <= run[1]]
    gaps = [(one[1], two[0]) for one, two in pairwise(inside) if two[0] - one[1] >= SHORTEST_GAP]
    if not gaps:
        return None
    before, after = max(gaps, key=lambda gap: (_length(gap), -abs(sum(gap) - sum(run))))
    return (run[0], before), (after, run[1])


def _join_short(found: list[Run], shortest: int, longest: int, reach: int) -> list[Run]:
    """Join what is too short for a clip to its nearer neighbour, if that is within reach."""
    joined = list(found)
    at = 0
    while at < len(joined):
        partner = _partner(joined, at, longest, reach) if _length(joined[at]) < shortest else None
        if partner is None:
            at += 1
            continue
        first = min(at, partner)
        joined[first : first + 2] = [(joined[first][0], joined[first + 1][1])]
        at = first
    return joined


def _partner(found: list[Run], at: int, longest: int, reach: int) -> int | None:
    choices = []
    for other in (at - 1, at + 1):
        if 0 <= other < len(found):
            first, second = found[min(at, other)], found[max(at, other)]
            if second[1] - first[0] <= longest and second[0] - first[1] <= reach:
                choices.append((second[0] - first[1], other))
    return min(choices)[1] if choices else None


def _length(run: Run) -> int:
    return run[1] - run[0]


def _frames(seconds: float) -> int:
    return round(seconds * FRAMES_PER_SECOND)
