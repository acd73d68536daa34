"""Reads settings from the environment and remembers which there are, so that the docs can be compared with them."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, the default as people would write it, and what it is for."""

    name: str
    default: str
    meaning: str


DECLARED: dict[str, Variable] = {}


def text(name: str, default: str, meaning: str) -> str:
    """Return the variable as it stands, or its default; an empty value counts as not set."""
    DECLARED[name] = Variable(name, default, meaning)
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool, meaning: str) -> bool:
    """Return a yes-or-no variable; anything else than 1/true/yes/on or 0/false/no/off refuses to start."""
    value = text(name, "yes" if default else "no", meaning).lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")
    return value in TRUE


def number(name: str, default: int, meaning: str) -> int:
    """Return a whole number; anything else refuses to start."""
    value = text(name, str(default), meaning)
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, default: str, meaning: str) -> list[str]:
    """Return a list that is written with commas between its items."""
    return [item.strip() for item in text(name, default, meaning).split(",") if item.strip()]


def choice(name: str, default: str, choices: set[str], meaning: str) -> str:
    """Return one of `choices`; anything else refuses to start."""
    value = text(name, default, meaning)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(sorted(choices))}, not {value!r}.")
    return value


def secret(name: str, kept_in: Path, meaning: str) -> str:
    """Return a secret from the environment, or one made on the first start and kept in a private file."""
    if value := text(name, "", meaning):
        return value
    kept_in.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # made on an earlier start, or by a process that starts beside this one
    return kept_in.read_text()
