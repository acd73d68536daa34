"""Helps people find their language: their own first, and by any name it has."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from languages.models import Language
from languages.tags import known_to_cldr
from voicecollect.numbers import Numbers


@dataclass(frozen=True)
class Choice:
    """A language as it is offered: `name` is what the interface's language calls it."""

    language: Language
    name: str
    numbers: Numbers


def choices(languages: Iterable[Language], numbers: dict[int, Numbers], interface: str) -> list[Choice]:
    """Return the languages as they are offered in a language of the interface, by name."""
    offered = [Choice(each, name_in(interface, each), numbers.get(each.pk, Numbers())) for each in languages]
    return sorted(offered, key=lambda choice: _plain(choice.name))


def name_in(interface: str, language: Language) -> str:
    """Return the language's name in the interface's language, or its English one."""
    locale = known_to_cldr(language.tag)
    return (locale and locale.get_display_name(interface)) or language.english_name


def own_first(offered: Sequence[Choice], wanted: Sequence[str]) -> list[Choice]:
    """Put first what the person used last or what their browser asks for, in that order; the rest stays."""
    places = {tag.lower().split("-")[0]: place for place, tag in reversed(list(enumerate(wanted)))}
    return sorted(offered, key=lambda each: places.get(each.language.tag.lower().split("-")[0], len(wanted)))


def matching(offered: Iterable[Choice], words: str) -> list[Choice]:
    """Return those whose name in any language known here, or tag, holds the words, accents and case apart."""
    sought = _plain(words)
    return [
        each
        for each in offered
        if any(
            sought in _plain(name)
            for name in (each.name, each.language.native_name, each.language.english_name)
        )
        or sought == each.language.tag.lower()
    ]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()
