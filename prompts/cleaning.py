"""What a sentence must be like to be read aloud and released: cleaning, faults, and the key that finds duplicates."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

RULES = Path(__file__).parent / "rules"

# What pandas reads as a missing value when nothing tells it otherwise (its STR_NA_VALUES, without the empty string).
MISSING_WORDS = frozenset(
    [
        "#N/A",
        "#N/A N/A",
        "#NA",
        "-1.#IND",
        "-1.#QNAN",
        "-NaN",
        "-nan",
        "1.#IND",
        "1.#QNAN",
        "<NA>",
        "N/A",
        "NA",
        "NULL",
        "NaN",
        "None",
        "n/a",
        "nan",
        "null",
    ]
)

# First words of the Unicode names of letters and marks that belong to no script: they follow their neighbours.
OF_NO_SCRIPT = frozenset({"COMBINING", "MODIFIER"})


class RulesError(ValueError):
    """A file of rules cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A language's rules; `rules/default.yaml` explains each. Spans are (least, most), None for no limit."""

    words: tuple[int, int] | None
    characters: tuple[int, int] | None
    scripts: frozenset[str]
    forbidden: frozenset[str]
    forbidden_kinds: frozenset[str]
    digits: bool
    abbreviations: bool
    invisible: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a sentence: a code of FAULTS, and the characters or the numbers that show it."""

    code: str
    detail: str


def clean(text: str, rules: Rules) -> str:
    """Return the text in NFC, each run of white space as one space, without control and formatting characters.

    A formatting character that the language's spelling needs (`rules.invisible`) stays.
    """
    visible = "".join(c for c in text if c.isspace() or not _is_control(c, rules))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def faults(text: str, rules: Rules) -> list[Fault]:
    """Return all that keeps a cleaned sentence from being used; nothing means that it can be released as it is."""
    if not any(c.isalnum() for c in text):
        return [Fault("empty", "")]
    found = ((code, check(text, rules)) for code, (_, check) in CHECKS.items())
    return [Fault(code, detail) for code, detail in found if detail is not None]


def key(text: str) -> str:
    """Return the SHA-256 (hex) of what is left of a text without case, punctuation, symbols, spaces and widths."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")
    return hashlib.sha256(unicodedata.normalize("NFKC", kept).encode()).hexdigest()


@lru_cache(maxsize=1024)
def load_rules(tag: str) -> Rules:
    """Return the rules of a language tag: those of `pt-BR` over those of `pt` over the default. Raises RulesError."""
    parts = tag.lower().split("-")
    names = ["default", *("-".join(parts[:n]) for n in range(1, len(parts) + 1))]
    return read_rules(files()[name] for name in names if name in files())


@cache
def files() -> dict[str, Path]:
    """Return the files of rules by tag in lower case, so that a tag is never part of a path."""
    return {path.stem.lower(): path for path in RULES.glob("*.yaml")}


def read_rules(paths: Iterable[Path]) -> Rules:
    """Return the rules of files laid over each other, the last on top. Raises RulesError."""
    values: dict[str, Any] = {}
    for path in paths:
        values |= _read_file(path)
    if lacking := READERS.keys() - values.keys():
        raise RulesError(f"no file sets these rules: {', '.join(sorted(lacking))}")
    return Rules(**values)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RulesError(f"{path.name} is not YAML: {error}") from error
    if not isinstance(raw, dict):
        raise RulesError(f"{path.name} must be a list of rules and values, such as `digits: false`")
    return {name: _read_value(path, name, value) for name, value in raw.items()}


def _read_value(path: Path, name: str, value: object) -> object:
    if name not in READERS:
        raise RulesError(f"{path.name}: there is no rule {name!r}; the rules are {', '.join(READERS)}")
    try:
        return READERS[name](value)
    except ValueError as error:
        raise RulesError(f"{path.name}: {name} must be {error}, not {value!r}") from error


def _span(value: object) -> tuple[int, int] | None:
    match value:
        case None:
            return None
        case [int(least), int(most)] if 0 <= least <= most:
            return least, most
    raise ValueError("[least, most] or null")


def _characters(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(value)
    raise ValueError("characters in quotes")


def _names(value: object) -> frozenset[str]:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return frozenset(value)
    raise ValueError("a list of names, such as [LATIN]")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false")


READERS: dict[str, Callable[[object], object]] = {
    "words": _span,
    "characters": _span,
    "scripts": _names,
    "forbidden": _characters,
    "forbidden_kinds": _names,
    "digits": _flag,
    "abbreviations": _flag,
    "invisible": _characters,
}


def _is_control(c: str, rules: Rules) -> bool:
    """Tell control and formatting characters, lone surrogates, and what has no glyph that all readers share."""
    return unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn", "Co"} and c not in rules.invisible


def _listed(characters: Iterable[str]) -> str | None:
    return "".join(dict.fromkeys(characters)) or None


def _control_characters(text: str, rules: Rules) -> str | None:
    controls = dict.fromkeys(c for c in text if _is_control(c, rules))
    return " ".join(f"U+{ord(c):04X}" for c in controls) or None


def _not_cleaned(text: str, rules: Rules) -> str | None:
    return "" if clean(text, rules) != text else None


def _word_count(text: str) -> int:
    return sum(any(c.isalnum() for c in word) for word in text.split())


def _character_count(text: str) -> int:
    return sum(c.isalnum() for c in text)


def _below(count: int, span: tuple[int, int] | None) -> str | None:
    return f"{count} < {span[0]}" if span and count < span[0] else None


def _above(count: int, span: tuple[int, int] | None) -> str | None:
    return f"{count} > {span[1]}" if span and count > span[1] else None


def _forbidden_characters(text: str, rules: Rules) -> str | None:
    return _listed(
        c for c in text if c in rules.forbidden or unicodedata.category(c) in rules.forbidden_kinds
    )


def _in_wrong_script(c: str, rules: Rules) -> bool:
    kind = unicodedata.category(c)
    if kind[0] not in "LM" and kind != "Nl":
        return False
    return unicodedata.name(c, "").partition(" ")[0] not in rules.scripts | OF_NO_SCRIPT


def _wrong_script(text: str, rules: Rules) -> str | None:
    return _listed(c for c in text if _in_wrong_script(c, rules)) if rules.scripts else None


def _digits(text: str, rules: Rules) -> str | None:
    # Nd: digits of any script; No: superscripts, fractions and the like. The Chinese zero (Nl) is read as a word.
    return None if rules.digits else _listed(c for c in text if unicodedata.category(c) in {"Nd", "No"})


def _abbreviation(text: str, rules: Rules) -> str | None:
    if rules.abbreviations:
        return None
    # Dots and marks between capitals don't part them: "A.B.", or a vowel with a tone mark.
    letters = (c for c in text if c != "." and unicodedata.category(c)[0] != "M")
    return next((a + b for a, b in pairwise(letters) if a.isupper() and b.isupper()), None)


def _opening_quote(text: str, rules: Rules) -> str | None:
    return '"' if text.startswith('"') else None


def _missing_word(text: str, rules: Rules) -> str | None:
    return text if text in MISSING_WORDS else None


# Code, what it means, and the check, which returns the detail or None. The order is the order of the answer.
CHECKS: dict[str, tuple[str, Callable[[str, Rules], str | None]]] = {
    "control-character": ("holds a control, formatting or unassigned character", _control_characters),
    "not-cleaned": ("is not in NFC, or has white space that cleaning would fold", _not_cleaned),
    "opening-quote": (
        "begins with a straight double quote, which readers of tables take for syntax",
        _opening_quote,
    ),
    "missing-word": ("is a word that readers of tables take for a missing value", _missing_word),
    "few-words": ("has too few words", lambda text, rules: _below(_word_count(text), rules.words)),
    "many-words": ("has too many words", lambda text, rules: _above(_word_count(text), rules.words)),
    "few-characters": ("is too short", lambda text, rules: _below(_character_count(text), rules.characters)),
    "many-characters": ("is too long", lambda text, rules: _above(_character_count(text), rules.characters)),
    "wrong-script": ("holds letters of a script that the language isn't written in", _wrong_script),
    "forbidden-character": ("holds a character that has no one way to be read aloud", _forbidden_characters),
    "digit": ("holds digits, which can be read in several ways", _digits),
    "abbreviation": ("holds capitals in a row, which can be spelled out or read as a word", _abbreviation),
}

FAULTS: dict[str, str] = {"empty": "has nothing to read"} | {
    code: meaning for code, (meaning, _) in CHECKS.items()
}
