"""Whoever reads Arabic meets no English on any page, be it ours or a library's.

Arabic shows best what was forgotten: no word in Latin letters can pass for it by chance. Names, codes and what people
wrote may be in Latin letters: they stand in elements that say so (lang, dir, bdi, code), or below.
"""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from babel import Locale
from django.core.cache import cache
from django.utils import translation
from django.utils.formats import date_format

from tests.voicecollect import everybody
from tests.voicecollect.everybody import address, routes

LATIN = re.compile(r"[A-Za-z][A-Za-z.]*[A-Za-z]")
UNSPOKEN = {"script", "style", "template", "code", "pre", "kbd", "textarea", "bdi", "title"}
EMPTY = {"meta", "link", "input", "img", "br", "hr", "source"}
SPOKEN = {"alt", "title", "placeholder", "aria-label"}
NAMES = {
    "VoiceCollect",
    "CC",
    "UTC",
    "WCAG",
    "AA",
    "QR",
    "ZIP",
    "JSON",
    "SHA",
    "minisign",
    "Atom",
    "TSV",
    "UTF",
    "CSV",
    "MP",
}
COLUMNS = {"sentence", "domain", "variant", "source"}
ADDRESS = re.compile(r"[\w.]+@example\.org")
# Languages for which CLDR has no Arabic name are named in English
LANGUAGE_NAMES = {word for name in Locale("en").languages.values() for word in LATIN.findall(name)}


class Reader(HTMLParser):
    """Gathers what a page says in the language of the interface."""

    def __init__(self):
        super().__init__()
        self.silent, self.said = [("", False)], []  # what is open, and whether it speaks another language

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        is_other = given.get("lang", "ar") != "ar" or given.get("dir") == "ltr" or tag in UNSPOKEN
        if not is_other and not self.silent[-1][1]:
            self.said += [given[name] for name in sorted(SPOKEN & given.keys())]
        if tag not in EMPTY:
            self.silent.append((tag, is_other or self.silent[-1][1]))

    def handle_startendtag(self, tag, attrs):
        """Open nothing: so do the shapes of a drawing."""

    def handle_endtag(self, tag):
        if tag in [each for each, _silent in self.silent]:
            while self.silent.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if not self.silent[-1][1]:
            self.said.append(data)


def latin_words(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    words = {word for said in reader.said for word in LATIN.findall(ADDRESS.sub("", said))}
    return words - NAMES - COLUMNS - LANGUAGE_NAMES


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
