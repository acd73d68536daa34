"""Keeping small groups of people out of sight: a number about fewer than five tells of somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 5


@dataclass(frozen=True)
class Cell:
    """A group as it may be shown: its name, its people, and what they gave in milliseconds."""

    name: str
    people: int
    recorded_ms: int


def shown(cells: Sequence[Cell], others: str) -> list[Cell]:
    """Return the cells, largest first, with all small ones put together under the name `others`.

    The rest must hold five people too, or it would tell what was hidden; so it takes in the smallest cells until it
    does. Fewer than five people in all show nothing.
    """
    ordered = sorted(cells, key=lambda cell: (-cell.people, cell.name))
    large = [cell for cell in ordered if cell.people >= FEWEST]
    rest = [cell for cell in ordered if cell.people < FEWEST]
    while rest and large and sum(cell.people for cell in rest) < FEWEST:
        rest.append(large.pop())
    people = sum(cell.people for cell in rest)
    if people < FEWEST:
        return large
    return [*large, Cell(others, people, sum(cell.recorded_ms for cell in rest))]
