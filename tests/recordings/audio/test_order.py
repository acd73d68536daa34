"""What is asked and answered, and how it travels between processes."""

import json
import os
from pathlib import Path

import pytest

from languages.limits import Limits
from recordings.audio import wire
from recordings.audio.order import Cut, CutClip, Finding, Measure, Order, Outcome


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"quietness": 1}, "no limit named 'quietness'"),
        ({"min_seconds": "1"}, "min_seconds must be a number"),
        ({"min_seconds": None}, "min_seconds must be a number"),
        ({"min_seconds": True}, "min_seconds must be a number"),
        ({"min_seconds": float("nan")}, "min_seconds must be a number"),
        ({"min_seconds": -1}, "min_seconds must not be negative"),
        ({"whole_bytes": 1.5}, "whole_bytes must be a whole number"),
        ({"min_seconds": 20}, "min_seconds must not be above max_seconds"),
    ],
)
def test_wrong_limits_are_refused_in_words(overrides, words):
    with pytest.raises(ValueError, match=words):
        Limits().with_overrides(overrides)


def test_limits_change_by_name():
    changed = Limits().with_overrides({"max_seconds": 30, "quiet_dbfs": -60, "whole_bytes": 5})
    assert (changed.max_seconds, changed.quiet_dbfs, changed.whole_bytes) == (30, -60, 5)
    assert changed.min_seconds == Limits().min_seconds
    assert Limits().with_overrides({}) == Limits()


def test_an_order_knows_what_its_cut_allows():
    whole, pauses = Order(Cut.WHOLE), Order(Cut.PAUSES)
    assert (whole.most_bytes, whole.longest_seconds) == (10_000_000, 60)
    assert (pauses.most_bytes, pauses.longest_seconds) == (500_000_000, 3660)


def test_orders_travel():
    order = Order(Cut.PAUSES, Limits(max_seconds=9), "नमस्ते")
    assert wire.order_in(json.loads(json.dumps(wire.order_out(order)))) == order


@pytest.fixture
def outcome(tmp_path) -> Outcome:
    for name in ("a.flac", "a.mp3"):
        (tmp_path / name).touch()
    clip = CutClip(
        1, 2, 48_000, 3, tmp_path / "a.flac", tmp_path / "a.mp3", (Measure("snr", 1.5, "dB", 1),), ("quiet",),
        Finding("too-short", "x"), "ab" * 32, b"\x00\xff",
    )  # fmt: skip
    return Outcome(None, 1, "webm", "opus", 48_000, 2, False, "cd" * 32, ("truncated",), (clip,))


def received(text: str, folder: Path) -> Outcome:
    (folder / wire.OUTCOME).write_text(text)
    return wire.outcome_in(folder)


def test_outcomes_travel(outcome, tmp_path):
    assert received(wire.outcome_out(outcome), tmp_path) == outcome
    refused = Outcome(Finding("empty"), 1)
    assert received(wire.outcome_out(refused), tmp_path) == refused


@pytest.mark.parametrize(
    "name", ["../b.flac", "/etc/passwd", "link.flac", "pipe.flac", "missing.flac", "", ".", ".."]
)
def test_files_elsewhere_are_not_taken(name, outcome, tmp_path):
    (tmp_path / "link.flac").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.flac")
    (tmp_path.parent / "b.flac").touch()
    data = json.loads(wire.outcome_out(outcome))
    data["clips"][0]["master"] = name
    with pytest.raises(ValueError, match="not in its folder"):
        received(json.dumps(data), tmp_path)


@pytest.mark.parametrize(
    "lie",
    [
        {"frames": "1; DROP TABLE"},
        {"frames": True},
        {"truncated": 1},
        {"refusal": {"code": "because"}},
        {"refusal": "empty"},
        {"warnings": ["<b>"]},
        {"warnings": None},
        {"clips": [{}]},
        {"more": 1},
        {"version": None},
    ],
)
def test_lies_are_not_taken(lie, outcome, tmp_path):
    data = json.loads(wire.outcome_out(outcome)) | lie
    with pytest.raises(wire.NONSENSE):
        received(json.dumps(data), tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "7", "\0", '"x"', "[" * 9999])
def test_nonsense_is_not_taken(text, tmp_path):
    with pytest.raises(wire.NONSENSE):
        received(text, tmp_path)


def test_an_outcome_that_is_a_pipe_blocks_nobody(tmp_path):
    os.mkfifo(tmp_path / wire.OUTCOME)
    with pytest.raises(ValueError, match="not in its folder"):
        wire.outcome_in(tmp_path)
