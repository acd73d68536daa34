"""Plots as SVG that a template draws: bars in the colours of the page; each number stands beside them as text, too."""

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH, HEIGHT = 600.0, 160.0  # units of the drawing
GAP = 0.25  # of a bar's place


@dataclass(frozen=True)
class Bar:
    """One bar: its label and value, and where it stands in the drawing."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float


def columns(values: Mapping[str, int]) -> list[Bar]:
    """Return standing bars in the order of the values, the highest as high as the drawing."""
    most = max(values.values(), default=0) or 1
    place = WIDTH / max(len(values), 1)
    return [
        Bar(
            label,
            value,
            x=round((number + GAP / 2) * place, 2),
            y=round(HEIGHT * (1 - value / most), 2),
            width=round(place * (1 - GAP), 2),
            height=round(HEIGHT * value / most, 2),
        )
        for number, (label, value) in enumerate(values.items())
    ]


def lines(values: Mapping[str, int]) -> list[Bar]:
    """Return lying bars, one a line, the longest as long as the drawing is wide."""
    most = max(values.values(), default=0) or 1
    return [
        Bar(label, value, x=0, y=0, width=round(WIDTH * value / most, 2), height=HEIGHT)
        for label, value in values.items()
    ]
