"""Small groups stay out of sight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.smallness import FEWEST, Cell, shown


def cells(*people):
    return [Cell(f"group {number}", each, 1000 * each) for number, each in enumerate(people)]


@pytest.mark.parametrize(
    ("people", "visible"),
    [
        ([], []),
        ([4], []),
        ([5], [5]),
        ([20, 10, 3, 2], [20, 10, 5]),
        ([20, 10, 3], [20, 13]),  # 3 alone could be worked out from the sum
        ([6, 1], [7]),
        ([2, 2], []),
    ],
)
def test_groups_of_fewer_than_five_are_put_together(people, visible):
    assert [cell.people for cell in shown(cells(*people), "others")] == visible


@given(st.lists(st.integers(min_value=1, max_value=30), max_size=12))
def test_nothing_about_fewer_than_five_people_is_ever_told(people):
    told = shown(cells(*people), "others")
    assert all(cell.people >= FEWEST for cell in told)
    left_out = sum(people) - sum(cell.people for cell in told)
    assert left_out == 0 or not told


def test_what_is_put_together_has_its_own_name_and_the_sum_of_what_was_given():
    [_large, rest] = shown(cells(20, 3, 4), "others")
    assert (rest.name, rest.people, rest.recorded_ms) == ("others", 7, 7000)
