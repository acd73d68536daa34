"""Where lines and ticks lie."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.plots import line_plot, nice_ticks, thinned


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 0.25, 0.5, 0.75, 1]),
        (0.03, [0, 0.01, 0.02, 0.03]),
        (37, [0, 10, 20, 30, 40]),
        (812, [0, 250, 500, 750, 1000]),
    ],
)
def test_ticks_are_round(most, ticks):
    assert nice_ticks(most) == ticks


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_ticks_reach_over_every_value_and_are_few(most):
    ticks = nice_ticks(most)
    assert ticks[0] == 0
    assert most <= ticks[-1] * (1 + 1e-9)
    assert 3 <= len(ticks) <= 7


@given(st.lists(st.integers(), min_size=1, max_size=300), st.integers(min_value=2, max_value=50))
def test_thinned_rows_keep_their_ends_and_their_order(rows, most):
    few = thinned(rows, most)
    assert len(few) == min(most, len(rows))
    assert (few[0], few[-1]) == (rows[0], rows[-1])


def test_a_line_runs_from_edge_to_edge_and_up_to_its_value():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(11)]
    plot = line_plot(days, {"recorded": [float(n) for n in range(11)], "checked": [0.0] * 11},
                     width=640, height=260, days_shown=3)  # fmt: skip
    recorded, checked = plot.lines
    assert recorded.path.startswith(f"M{plot.start} {plot.floor}L")
    assert (recorded.end_x, recorded.end_y) == (plot.end, plot.up[-1].at)
    assert checked.end_y == plot.floor
    assert [tick.label for tick in plot.across] == [days[0], days[5], days[10]]
    assert [tick.label for tick in plot.up] == [0, 2.5, 5, 7.5, 10]
