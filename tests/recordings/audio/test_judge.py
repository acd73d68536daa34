"""What makes a clip unusable, and what a speaker is told: one case for each side of every limit."""

import pytest

from languages.limits import Limits
from recordings.audio import judge, measure

FINE = {
    "duration": 4.0, "voice": 3.0, "voice-share": 0.75, "lead": 0.4, "tail": 0.4, "peak": -6.0, "level": -24.0,
    "clipped": 0.0, "dc": 0.0, "loudness": -24.0, "snr": 35.0, "bandwidth": 16_000.0, "hum": 3.0, "pace": 12.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("duration", 0.999, "too-short"),
        ("duration", 1.0, ""),
        ("duration", 15.0, ""),
        ("duration", 15.001, "too-long"),
    ],
)
def test_refusals(name, value, code):
    finding = judge.refusal(FINE | {name: value}, Limits())
    assert (finding.code if finding else "") == code


@pytest.mark.parametrize(
    ("name", "value", "codes"),
    [
        ("level", -45.0, ()),
        ("level", -45.1, ("quiet",)),
        ("clipped", 0.001, ()),
        ("clipped", 0.0011, ("clipped",)),
        ("snr", 12.0, ()),
        ("snr", 11.9, ("noisy",)),
        ("voice-share", 0.29, ("little-voice",)),
        ("lead", 0.02, ("cut-start",)),
        ("tail", 0.0, ("cut-end",)),
        ("bandwidth", 4000.0, ("narrow-band",)),
        ("hum", 20.0, ("hum",)),
        ("pace", 31.0, ("reads-too-fast",)),
        ("pace", 1.0, ("reads-too-slow",)),
    ],
)
def test_warnings(name, value, codes):
    assert judge.warnings(FINE | {name: value}, Limits()) == codes


def test_what_was_not_measured_is_not_judged():
    assert judge.warnings({}, Limits()) == ()
    assert judge.refusal({}, Limits()) is None


def test_a_language_may_have_limits_of_its_own():
    limits = Limits().with_overrides({"fastest_characters_per_second": 6, "max_seconds": 3.5})
    assert judge.warnings(FINE, limits) == ("reads-too-fast",)
    assert judge.refusal(FINE, limits).code == "too-long"


def test_rules_use_what_is_measured_and_say_what_is_in_the_table():
    for rule in judge.REFUSING + judge.WARNING:
        assert rule.measure in measure.MEASURES
    assert {rule.code for rule in judge.REFUSING} <= set(judge.REFUSALS)
    assert {rule.code for rule in judge.WARNING} <= set(judge.WARNINGS)
    assert not set(judge.REFUSALS) & set(judge.WARNINGS)
