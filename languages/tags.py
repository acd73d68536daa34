"""Rules about language tags (BCP 47), and what CLDR knows of them."""

import re
import unicodedata
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

# RFC 5646: language, script, region, variants and extensions, or private use alone.
TAG = re.compile(r"(?:[a-z]{2,8}(?:-[A-Za-z0-9]{1,8})*|x(?:-[A-Za-z0-9]{1,8})+)")


def plain(text: str) -> str:
    """Return a name as it is compared and sorted: without case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()


def is_tag(text: str) -> bool:
    """Tell whether the text is formed as a language tag of at most 35 characters."""
    return len(text) <= 35 and TAG.fullmatch(text) is not None


def known_to_cldr(tag: str) -> Locale | None:
    """Return CLDR's data for the tag, or for the language that it begins with; None for languages it doesn't know."""
    for candidate in (tag, tag.split("-")[0]):
        try:
            return Locale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def english_name(tag: str) -> str:
    """Return the language's English name, or the tag itself."""
    locale = known_to_cldr(tag)
    return (locale and locale.get_display_name("en")) or tag


def native_name(tag: str) -> str:
    """Return the language's name in itself, or the tag itself."""
    locale = known_to_cldr(tag)
    return (locale and locale.get_display_name(locale)) or tag


def direction(tag: str) -> str:
    """Return "rtl" or "ltr", the direction in which the language is written."""
    locale = known_to_cldr(tag)
    return str(locale.text_direction) if locale else "ltr"


def name_in(interface: str, tag: str) -> str:
    """Return what a language of the interface calls the language of the tag, or ""."""
    locale = known_to_cldr(tag)
    return (locale and locale.get_display_name(interface)) or ""


def codes(tag: str) -> set[str]:
    """Return all codes of the tag's language in lower case: its own, and the longer ISO 639 ones that mean the same."""
    own = tag.lower().split("-")[0]
    return {tag.lower(), own} | {code for code, meant in _aliases().items() if meant == own}


@cache
def _aliases() -> dict[str, str]:
    return {str(code).lower(): str(meant).lower() for code, meant in get_global("language_aliases").items()}
