"""Pages of decisions are numbered without gaps, and links to pages of the docs lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *DECISIONS]


def test_decisions_are_numbered_one_after_the_other():
    assert [page.name[:4] for page in DECISIONS] == [
        f"{number:04}" for number in range(1, len(DECISIONS) + 1)
    ]
    for number, page in enumerate(DECISIONS, 1):
        assert page.read_text().startswith(f"# {number}. "), page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    linked = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    assert [link for link in linked if not (page.parent / link).exists()] == []
