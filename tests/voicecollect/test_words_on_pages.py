"""Whoever reads Arabic meets no English on any page, ours or a library's, and days in Arabic order."""

import re
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.utils import translation
from django.utils.formats import date_format

from tests.latin import latin_words
from tests.voicecollect import everybody
from tests.voicecollect.everybody import address, routes


def pages():
    """Return the routes of pages in Arabic, and of those that have one address for all languages."""
    found = [route for route, _view in routes() if not route.startswith(("api/", "private", "admin/"))]
    return [re.sub(r"^en/", "ar/", route) for route in found] + ["admin/operations/"]


@pytest.mark.django_db
def test_pages_in_arabic_hold_no_english():
    browsers = everybody.browsers()
    things = everybody.things(browsers)
    found, seen = {}, set()
    for route in pages():
        for role in ("anonymous", "admin") if route.startswith("admin/") else ("anonymous", "owner"):
            cache.clear()  # which counts requests
            answer = browsers[role].get(address(route, things), headers={"accept-language": "ar"})
            if "html" in answer.get("Content-Type", "") and not answer.streaming:
                seen.add(route)
                if words := latin_words(answer.content.decode()):
                    found[role, route] = sorted(words)
    assert not found
    assert len(seen) > 50


def test_english_on_a_page_is_found():
    page = '<p lang="en">one</p><p>صوت <bdi>two</bdi><br><img alt="three"> <code>four</code> five</p>'
    assert latin_words(page) == {"three", "five"}


def test_in_arabic_the_day_stands_before_the_month():
    at = datetime(2026, 11, 26, 13, 5, tzinfo=UTC)
    with translation.override("ar"):
        assert date_format(at, "DATETIME_FORMAT") == "26 نوفمبر، 2026، 13:05"
        assert date_format(at, "SHORT_DATETIME_FORMAT").replace("\u200f", "") == "26/11/2026 13:05"
