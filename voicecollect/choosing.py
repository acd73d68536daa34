"""Helps people find their language: their own first, and by any name or code it has."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from dashboard.numbers import Numbers
from languages import tags
from languages.models import Language


@dataclass(frozen=True)
class Choice:
    """A language as it is offered: `name` is what the interface's language calls it."""

    language: Language
    name: str
    numbers: Numbers

    @property
    def goal_ms(self) -> int:
        return self.language.goal_hours * 3_600_000


# How a list of languages can be sorted: the largest first, but names from A to Z.
ORDERS: dict[str, Callable[[Choice], Any]] = {
    "name": lambda choice: tags.plain(choice.name),
    "recorded": lambda choice: -choice.numbers.recorded_ms,
    "checked": lambda choice: -choice.numbers.checked_ms,
    "voices": lambda choice: -choice.numbers.voices,
}


def choices(languages: Iterable[Language], numbers: dict[int, Numbers], interface: str) -> list[Choice]:
    """Return the languages as they are offered in a language of the interface, by name."""
    offered = [Choice(each, name_in(interface, each), numbers.get(each.pk, Numbers())) for each in languages]
    return sorted(offered, key=ORDERS["name"])


def name_in(interface: str, language: Language) -> str:
    """Return the language's name in the interface's language, or its English one."""
    return tags.name_in(interface, language.tag) or language.english_name


def own_first(offered: Sequence[Choice], wanted: Sequence[str]) -> list[Choice]:
    """Put first what the person used last or what their browser asks for, in that order; the rest stays."""
    places = {tag.lower().split("-")[0]: place for place, tag in reversed(list(enumerate(wanted)))}
    return sorted(offered, key=lambda each: places.get(each.language.tag.lower().split("-")[0], len(wanted)))


def matching(offered: Iterable[Choice], words: str) -> list[Choice]:
    """Return those of which a name holds the words, accents and case apart, or a code is them.

    Names are those in the languages of the interface, in English and in the language itself, and other names that the
    organiser gave; codes are those of BCP 47 and ISO 639.
    """
    sought = tags.plain(words)
    return [each for each in offered if _is_called(each, sought)]


def _is_called(choice: Choice, sought: str) -> bool:
    language = choice.language
    if sought in tags.codes(language.tag):
        return True
    own = (choice.name, language.native_name, language.english_name, language.other_names)
    translated = (tags.name_in(code, language.tag) for code, _name in settings.LANGUAGES)
    return any(sought in tags.plain(name) for name in (*own, *translated))
