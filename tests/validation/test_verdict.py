"""The one rule of when a clip is valid."""

import pytest

from validation.verdict import Verdict, doubted, most_votes, verdict


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


@pytest.mark.parametrize(
    ("yes", "no", "posterior", "expected"),
    [
        (2, 0, 0.97, Verdict.VALID),
        (2, 0, 0.96, Verdict.OPEN),
        (0, 2, 0.03, Verdict.INVALID),
        (0, 2, 0.04, Verdict.OPEN),
        (3, 2, 0.03, Verdict.INVALID),
        (1, 0, 0.99, Verdict.OPEN),
        (1, 2, 0.99, Verdict.OPEN),
        (3, 3, 0.98, Verdict.VALID),
        (0, 0, 0.5, Verdict.OPEN),
    ],
)
def test_where_votes_are_weighed_a_side_wins_with_two_votes_and_certainty(yes, no, posterior, expected):
    assert verdict(yes, no, quorum=2, posterior=posterior) is expected


@pytest.mark.parametrize(
    ("quorum", "weighed", "most"), [(2, False, 5), (3, False, 7), (2, True, 7), (4, True, 9)]
)
def test_nobody_is_asked_for_ever_what_people_do_not_agree_about(quorum, weighed, most):
    assert most_votes(quorum=quorum, weighed=weighed) == most


@pytest.mark.parametrize(
    ("posterior", "votes", "is_doubted"),
    [(0.5, 2, True), (0.96, 6, True), (0.04, 2, True), (0.97, 2, False), (0.03, 2, False), (0.5, 7, False)],
)
def test_what_is_sure_or_was_asked_seven_times_is_not_doubted(posterior, votes, is_doubted):
    assert doubted(posterior, votes) is is_doubted
