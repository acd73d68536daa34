"""The rule about submitted sentences."""

import pytest

from prompts.acceptance import outcome
from prompts.states import NEXT, PromptState


@pytest.mark.parametrize(
    ("approvals", "rejections", "state"),
    [
        (0, 0, "submitted"),
        (1, 0, "submitted"),
        (0, 1, "submitted"),
        (1, 1, "submitted"),
        (2, 0, "in_use"),
        (2, 1, "in_use"),
        (0, 2, "rejected"),
        (1, 2, "rejected"),
        (2, 2, "submitted"),
        (3, 2, "in_use"),
    ],
)
def test_two_approvals_before_two_rejections(approvals, rejections, state):
    assert outcome(approvals, rejections) == state


def test_every_state_can_be_left_and_reached():
    assert set(NEXT) == set(PromptState) == set().union(*NEXT.values())
