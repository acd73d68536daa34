"""Finds words in Latin letters on a page in Arabic: what was forgotten there can't pass for Arabic by chance.

Names, codes and what people wrote may be in Latin letters: they stand in elements that say so (lang, dir, bdi, code),
or below.
"""

import re
from html.parser import HTMLParser

from babel import Locale

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
COLUMNS = {"sentence", "domain", "variant", "source", "kind", "topic"}
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
