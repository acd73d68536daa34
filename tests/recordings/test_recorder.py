"""What a browser tells of how it recorded."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings import recorder


@pytest.mark.parametrize(
    "told",
    [
        {"applied": {"echoCancellation": False, "sampleRate": 48000}, "lost_ms": 0.5},
        {"checks": ["quiet", "cut-end"], "format": "flac", "device": None},
        {},
    ],
)
def test_plain_settings_are_kept_as_they_are(told):
    assert recorder.read(json.dumps(told)) == told


@pytest.mark.parametrize(
    "told", ["", "{", "[]", "1", "null", "[" * 3000, '{"a":' * 600 + "1" + "}" * 600, "{}" * 3000]
)
def test_what_is_no_object_is_nothing(told):
    assert recorder.read(told) in ({}, {"a": {"a": {}}})


@pytest.mark.parametrize(
    "value", ["\x00", "\ud800", "x" * 201, "é", float("nan"), float("inf"), 10**300, {"a": {"b": {}}}]
)
def test_what_a_database_may_choke_on_is_left_out(value):
    assert recorder.read(json.dumps({"good": 1, "bad": value}))["good"] == 1
    assert "bad" not in recorder.read(json.dumps({"bad": [[[value]]]}))["bad"]


@given(st.text(max_size=300))
@settings(deadline=None)
def test_nothing_that_is_told_raises(told):
    recorder.read(told)
