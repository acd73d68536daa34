"""The one rule of when a clip is valid."""

import pytest

from validation.verdict import Verdict, verdict


@pytest.mark.parametrize(
    ("yes", "no", "expected"),
    [
        (0, 0, Verdict.OPEN),
        (1, 0, Verdict.OPEN),
        (2, 0, Verdict.VALID),
        (2, 1, Verdict.VALID),
        (0, 2, Verdict.INVALID),
        (1, 2, Verdict.INVALID),
        (2, 2, Verdict.OPEN),
        (3, 2, Verdict.VALID),
        (3, 4, Verdict.INVALID),
        (1, 1, Verdict.OPEN),
    ],
)
def test_a_side_wins_with_two_votes_and_a_lead(yes, no, expected):
    assert verdict(yes, no, quorum=2) is expected


def test_a_language_may_ask_for_more_votes():
    assert verdict(2, 0, quorum=3) is Verdict.OPEN
    assert verdict(3, 0, quorum=3) is Verdict.VALID
