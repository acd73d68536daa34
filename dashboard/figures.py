"""The figures of one language's page: hours over time, and who gave them."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from accounts.options import Age, Gender
from dashboard.models import Kind
from dashboard.plots import Plot, line_plot, thinned
from dashboard.smallness import Cell, shown
from languages.models import Language

HOUR_MS = 3_600_000
OPTIONS = {Kind.AGE: Age.choices, Kind.GENDER: Gender.choices}
WIDE, NARROW = (720, 260, 5), (340, 220, 3)  # width, height and days named


@dataclass(frozen=True)
class Row:
    """A day with all that was recorded and checked until then, in hours."""

    day: date
    recorded: float
    checked: float


@dataclass(frozen=True)
class OverTime:
    rows: list[Row]
    wide: Plot
    narrow: Plot
    recently: float  # hours recorded in the last thirty days


@dataclass(frozen=True)
class Bars:
    """People by one thing, each cell with its share of the largest one in percent."""

    kind: Kind
    cells: list[tuple[Cell, int]]


def over_time(language: Language) -> OverTime | None:
    """Return hours over time, or None while there is nothing to draw a line through."""
    rows = rows_over_time(language)
    if len(rows) < 2:
        return None
    days = [row.day for row in rows]
    series = {"recorded": [row.recorded for row in rows], "checked": [row.checked for row in rows]}
    wide, narrow = (
        line_plot(days, series, width=width, height=height, days_shown=named)
        for width, height, named in (WIDE, NARROW)
    )
    before = timezone.now().date() - timedelta(days=30)
    earlier = [row.recorded for row in rows if row.day <= before]
    return OverTime(rows, wide, narrow, rows[-1].recorded - (earlier[-1] if earlier else 0))


def rows_over_time(language: Language) -> list[Row]:
    """Return what was given until each day; of very many days as many as a plot can show."""
    days = list(language.days.values_list("day", "recorded_ms", "checked_ms"))
    recorded = accumulate(made for _day, made, _valid in days)
    checked = accumulate(valid for _day, _made, valid in days)
    totals = list(zip([day for day, *_lengths in days], recorded, checked, strict=True))
    return [Row(day, made / HOUR_MS, valid / HOUR_MS) for day, made, valid in thinned(totals)]


def bars(language: Language) -> list[Bars]:
    """Return people by age, gender and accent; groups of fewer than five are put together."""
    found = {kind: cells_of(language, kind) for kind in Kind}
    return [Bars(kind, _with_shares(cells)) for kind, cells in found.items() if cells]


def cells_of(language: Language, kind: Kind) -> list[Cell]:
    """Return the groups of one kind as they may be shown: in the order of the options, then those without a name."""
    rows = [row for row in language.groups.all() if row.kind == kind]  # prefetched for a page
    names = {value: str(words) for value, words in OPTIONS.get(kind, [])} | {"": _("not said")}
    cells = [Cell(names.get(row.value, row.value), row.people, row.recorded_ms) for row in rows]
    places = {name: place for place, name in enumerate(names.values())} | {_("not said"): 98, _("others"): 99}
    return sorted(shown(cells, _("others")), key=lambda cell: places.get(cell.name, 97))


def _with_shares(cells: list[Cell]) -> list[tuple[Cell, int]]:
    most = max(cell.people for cell in cells)
    return [(cell, round(100 * cell.people / most)) for cell in cells]


def table(language: Language, name: str) -> list[list[str]]:
    """Return one of the figures as a table with a header: `hours` or a kind of group."""
    if name == "hours":
        rows = [
            [f"{row.day}", f"{row.recorded:.3f}", f"{row.checked:.3f}"] for row in rows_over_time(language)
        ]
        return [["day", "recorded_hours", "checked_hours"], *rows]
    cells = cells_of(language, Kind(name))
    return [
        [name, "people", "hours"],
        *([c.name, str(c.people), f"{c.recorded_ms / HOUR_MS:.3f}"] for c in cells),
    ]


def finding(figure: OverTime) -> str:
    """Say what the line shows."""
    last = figure.rows[-1]
    said = {"recorded": last.recorded, "checked": last.checked, "recently": figure.recently}
    words = _(
        "Until %(day)s: %(recorded)s h recorded, %(checked)s h of them checked. "
        "In the last 30 days: %(recently)s h recorded."
    )
    written = {name: number_format(hours, 1) for name, hours in said.items()}
    return words % (written | {"day": date_format(last.day, "DATE_FORMAT")})
