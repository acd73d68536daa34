"""The plots of a datasheet as SVG: the same figures give the same bytes, whatever machine draws them.

Text is drawn as outlines of the font that matplotlib brings; ids follow from a fixed salt; there is no date.
"""

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import matplotlib as mpl
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from export.metadata import Facts, hours

SIZE = (6.4, 3.2)  # inches
# left, bottom, width and height of the frame, with a legend above; laying out by itself takes twice as long
AXES = (0.11, 0.2, 0.87, 0.66)
ROOM = 5  # bars side by side at least, so that few don't fill the frame
MOST_RELEASES = 7  # whose names have room below each other's bars
COLOURS = ("#1b6b62", "#d08a2e", "#7a4f9a", "#4a7ab5", "#a63d40", "#8a8a86", "#3f3f3f")
LOOK = {
    "svg.hashsalt": "plots",
    "svg.fonttype": "path",
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#e3e1da",
    "axes.prop_cycle": f"cycler(color={list(COLOURS)})",
}
AGES = (
    "teens",
    "twenties",
    "thirties",
    "fourties",
    "fifties",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
    "",
)
VERDICTS = ("valid", "invalid", "open")

Draw = Callable[[Axes, Facts], None]


def plots(facts: Facts) -> dict[str, str]:
    """Return the SVG of each plot that `metadata.PLOTS` names."""
    with style.context("default"), mpl.rc_context(LOOK):  # type: ignore[arg-type]  # its keys are an enumeration there
        return {name: _svg(facts, draw) for name, draw in PLOTS.items()}


def _svg(facts: Facts, draw: Draw) -> str:
    figure = Figure(figsize=SIZE)
    FigureCanvasSVG(figure)
    draw(figure.add_axes(AXES), facts)
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()


def _durations(axes: Axes, facts: Facts) -> None:
    rows = facts["distributions"]["durations"]
    axes.bar([ms / 1000 for ms, _ in rows], [clips for _, clips in rows], width=0.45, align="edge")
    axes.set(xlabel="seconds", ylabel="clips", xlim=(0, None))
    _whole(axes.yaxis)


def _ages(axes: Axes, facts: Facts) -> None:
    rows = facts["distributions"]["ages"]
    columns = [age for age in AGES if any(row[0] == age for row in rows)]
    _stack(axes, [age or "not told" for age in columns], _layers(rows, columns))
    axes.set(ylabel="voices")
    _whole(axes.yaxis)


def _clips_per_speaker(axes: Axes, facts: Facts) -> None:
    rows = facts["distributions"]["clips_per_speaker"]
    limits = [least for least, _ in rows] + [0]
    names = [_range(least, below) for least, below in pairwise(limits)]
    axes.bar(_places(axes, names), [speakers for _, speakers in rows])
    axes.set(xlabel="clips of one voice", ylabel="voices")
    _whole(axes.yaxis)
    axes.tick_params(axis="x", labelrotation=30 if len(names) > 7 else 0)


def _range(least: int, below: int) -> str:
    if not below:
        return f"{least} or more"
    return str(least) if below == least + 1 else f"{least} to {below - 1}"


def _votes(axes: Axes, facts: Facts) -> None:
    rows = facts["distributions"]["votes"]
    columns = list(range(max((votes for votes, _, _ in rows), default=0) + 1))
    layers = _layers(rows, columns)
    ordered = {verdict: layers[verdict] for verdict in VERDICTS if verdict in layers}
    _stack(axes, ["6 or more" if votes == 6 else str(votes) for votes in columns], ordered)
    axes.set(xlabel="votes for and against", ylabel="clips")
    _whole(axes.yaxis)


def _domains(axes: Axes, facts: Facts) -> None:
    rows = sorted(facts["shares"]["sentence_domain"].items(), key=lambda row: (row[1], row[0]))
    axes.set_position((0.3, AXES[1], 0.68, AXES[3]))  # room for the names
    axes.barh([name.replace("_", " ") or "not told" for name, _ in rows], [clips for _, clips in rows])
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.set(xlabel="clips", ylim=(len(rows) - max(len(rows), ROOM) - 0.6, len(rows) - 0.4))
    _whole(axes.xaxis)


def _growth(axes: Axes, facts: Facts) -> None:
    now = [
        facts["number"], facts["cutoff"], facts["all"]["duration_ms"],
        facts["tables"]["validated"]["duration_ms"], facts["all"]["speakers"],
    ]  # fmt: skip
    rows = [*facts["distributions"]["growth"], now][-MOST_RELEASES:]
    names = [f"{number}\n{day}" for number, day, *_ in rows]
    places = _places(axes, names)
    axes.bar(places, [hours(row[2]) for row in rows], label="recorded", color=COLOURS[5])
    axes.bar(places, [hours(row[3]) for row in rows], label="checked and valid", color=COLOURS[0], width=0.5)
    axes.set(ylabel="hours")
    _legend(axes)


PLOTS: dict[str, Draw] = {
    "durations": _durations,
    "ages": _ages,
    "clips_per_speaker": _clips_per_speaker,
    "votes": _votes,
    "domains": _domains,
    "growth": _growth,
}


def _layers(rows: Iterable[Sequence[Any]], columns: Sequence[Any]) -> dict[str, list[int]]:
    """Return for each second value of the rows how many it has in each column."""
    found: dict[str, dict[Any, int]] = defaultdict(dict)
    for column, layer, count in rows:
        found[layer][column] = count
    return {
        layer: [found[layer].get(column, 0) for column in columns]
        for layer in sorted(found, key=lambda name: (not name, name))
    }


def _places(axes: Axes, names: Sequence[str]) -> Sequence[int]:
    """Name the places along the axis; return them."""
    axes.set_xticks(range(len(names)), names)
    axes.set_xlim(*_around(len(names)))
    return range(len(names))


def _stack(axes: Axes, names: Sequence[str], layers: dict[str, list[int]]) -> None:
    places, below = _places(axes, names), [0] * len(names)
    for layer, counts in layers.items():
        axes.bar(places, counts, bottom=below, label=layer.replace("_", " ") or "not told")
        below = [low + count for low, count in zip(below, counts, strict=True)]
    if layers:
        _legend(axes)


def _around(count: int) -> tuple[float, float]:
    """Return where the axis of so many bars begins and ends."""
    return -0.6, max(count, ROOM) - 0.4


def _whole(axis: XAxis | YAxis) -> None:
    """Count in whole numbers."""
    axis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))


def _legend(axes: Axes) -> None:
    """Tell the colours above the frame, where nothing is drawn."""
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0, ncols=3, fontsize=8)
