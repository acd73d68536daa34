"""The geometry of plots: where lines and ticks lie in a picture of a given size. Templates draw them and say the words.

Widths and heights are those of the SVG's viewBox; 0, 0 is the upper corner where a line of Latin text begins.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

TOP, BOTTOM, START, END = 12, 28, 46, 14  # room around the lines for labels
STEPS = (1, 2, 2.5, 5, 10)
MOST_POINTS = 120
T = TypeVar("T")


@dataclass(frozen=True)
class Tick:
    at: float
    label: float | date


@dataclass(frozen=True)
class Line:
    """A line as an SVG path, named by a class that gives it colour and dashes, and where it ends."""

    name: str
    path: str
    end_x: float
    end_y: float


@dataclass(frozen=True)
class Plot:
    width: int
    height: int
    lines: list[Line]
    across: list[Tick]  # days along the lower edge
    up: list[Tick]  # values along the side

    @property
    def floor(self) -> int:
        """Return where the value 0 lies."""
        return self.height - BOTTOM

    @property
    def start(self) -> int:
        return START

    @property
    def label_x(self) -> int:
        """Return where the labels of values end."""
        return START - 6

    @property
    def end(self) -> int:
        return self.width - END


def nice_ticks(most: float, count: int = 4) -> list[float]:
    """Return round values from 0 to the first one that isn't below `most`, about `count` steps."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / count
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(step * size for step in STEPS if step * size >= rough * (1 - 1e-9))
    return [round(step * number, 10) for number in range(math.ceil(most / step - 1e-9) + 1)]


def thinned(rows: Sequence[T], most: int = MOST_POINTS) -> list[T]:
    """Return at most `most` of the rows, evenly apart, the first and the last among them."""
    if len(rows) <= most:
        return list(rows)
    return [rows[round(number * (len(rows) - 1) / (most - 1))] for number in range(most)]


def line_plot(
    days: Sequence[date], series: Mapping[str, Sequence[float]], *, width: int, height: int, days_shown: int
) -> Plot:
    """Return a plot of values over days, in order; each series has a value for each day."""
    ticks = nice_ticks(max(value for values in series.values() for value in values))
    first, span = days[0], max(1, (days[-1] - days[0]).days)

    def x(day: date) -> float:
        return round(START + (width - START - END) * (day - first).days / span, 1)

    def y(value: float) -> float:
        return round(height - BOTTOM - (height - TOP - BOTTOM) * value / ticks[-1], 1)

    lines = [
        Line(name, _path([(x(day), y(value)) for day, value in zip(days, values, strict=True)]),
             x(days[-1]), y(values[-1]))
        for name, values in series.items()
    ]  # fmt: skip
    across = [Tick(x(day), day) for day in thinned(days, days_shown)]
    return Plot(width, height, lines, across, [Tick(y(value), value) for value in ticks])


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
