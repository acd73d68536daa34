"""The table of docs/asvs.md: all of level 1 is there, and every test that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "asvs.md").read_text()
LEVEL_1 = {  # section: how many of its requirements are of level 1, in the standard's own list
    "1.2": 5, "1.3": 2, "1.5": 1, "2.1": 1, "2.2": 2, "2.3": 1, "3.2": 2, "3.3": 1, "3.4": 2, "3.5": 3, "4.1": 1,
    "4.4": 1, "5.2": 2, "5.3": 2, "6.1": 1, "6.2": 8, "6.3": 2, "6.4": 2, "7.2": 4, "7.4": 2, "8.1": 1, "8.2": 2,
    "8.3": 1, "9.1": 3, "9.2": 1, "10.4": 5, "11.3": 2, "11.4": 1, "12.1": 1, "12.2": 2, "13.4": 1, "14.2": 1,
    "14.3": 1, "15.1": 1, "15.2": 1, "15.3": 1,
}  # fmt: skip


def rows(section):
    """Return the cells of each row of a section."""
    body = TEXT.split(f"## {section}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in body.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def numbers(cell):
    """Return the requirements that a first cell names: `10.4.1–5` are five."""
    section, first, last = re.fullmatch(r"(\d+\.\d+)\.(\d+)(?:–(\d+))?", cell).groups()
    return [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]


def test_every_requirement_of_level_1_has_a_row():
    named = [number for row in rows("Level 1") for number in numbers(row[0])]
    assert len(named) == len(set(named)) == sum(LEVEL_1.values()) == 70
    found = {}
    for number in named:
        section = number.rpartition(".")[0]
        found[section] = found.get(section, 0) + 1
    assert found == LEVEL_1


def test_every_row_says_how():
    for row in rows("Level 1") + rows("Level 2"):
        assert len(row) == 4, row
        assert all(row), row


def test_every_test_that_is_named_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    assert len(named) > 60
    for path, name in named:
        assert not name or f"def {name}(" in (ROOT / path).read_text(), f"{path}::{name}"
        assert (ROOT / path).is_file(), path
