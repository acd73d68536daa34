"""docs/configuration.md and the settings tell the same, in both directions."""

import re
from pathlib import Path

import pytest

from voicecollect.env import DECLARED

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
ROW = re.compile(r"^\| `(?P<name>[A-Z0-9_]+)` \| (?P<default>.*?) ?\| (?P<meaning>.*) \|$", re.MULTILINE)
DOCUMENTED = {row["name"]: row for row in ROW.finditer(PAGE.read_text())}
# Their defaults depend on the machine or on another variable; the page says so in words.
COMPUTED = {
    "SITE_URL",
    "DATABASE_URL",
    "WORKERS",
    "STATIC_ROOT",
    "SECRET_KEY",
    "RELEASE_KEY",
    "SIGNING_KEY",
    "S3_BROWSER_URL",
    "ORGANISER",
    "EMAIL_FROM",
}


def test_every_variable_is_documented_and_no_other():
    assert set(DOCUMENTED) == set(DECLARED)


def test_no_variable_is_documented_twice():
    assert len(DOCUMENTED) == len(ROW.findall(PAGE.read_text()))


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_the_page_says_what_the_settings_say(name):
    assert DOCUMENTED[name]["meaning"] == DECLARED[name].meaning


@pytest.mark.parametrize("name", sorted(set(DECLARED) - COMPUTED))
def test_the_page_names_the_default(name):
    default = DECLARED[name].default
    assert DOCUMENTED[name]["default"] == (f"`{default}`" if default else "")
