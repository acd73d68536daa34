"""Importing sentences in bulk, in bounded memory, with a reason for each that is refused."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Refused
from languages.models import Language
from prompts.cleaning import Rules, clean, faults, key, load_rules
from prompts.models import Prompt
from prompts.options import Domain
from prompts.states import PromptState

BATCH = 1000
DUPLICATE, UNKNOWN_DOMAIN = "duplicate", "unknown-domain"


@dataclass(frozen=True)
class Line:
    """One sentence of a file: its line's number from 1, its text, and its domain or ""."""

    number: int
    text: str
    domain: str = ""


@dataclass
class Result:
    """How many were taken in, and how many refused for each reason."""

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def read_lines(file: Iterable[str]) -> Iterator[Line]:
    """Yield the sentences of a text with one a line, or of a TSV whose header names `sentence` and maybe `domain`.

    Raises Refused if the header doesn't name `sentence`.
    """
    lines = iter(file)
    first = next(lines, "")
    columns = first.lstrip("\ufeff").rstrip("\r\n").split("\t")
    if len(columns) == 1 and columns != ["sentence"]:
        yield from (Line(n, text) for n, text in enumerate(chain([first], lines), 1) if text.strip())
        return
    if "sentence" not in columns:
        raise Refused(_('The header names no column "sentence".'), code="no-sentence-column", status=400)
    for number, line in enumerate(lines, 2):
        if line.strip():
            values = dict(zip(columns, line.rstrip("\r\n").split("\t"), strict=False))
            yield Line(number, values.get("sentence", ""), values.get("domain", ""))


def import_lines(
    *, lines: Iterable[Line], language: Language, source: str, refuse: Callable[[Line, str], None]
) -> Result:
    """Put sentences in use, batch by batch; call `refuse` with the line and the reason's code for each that is not."""
    rules, result = load_rules(language.tag), Result()

    def note(line: Line, code: str) -> None:
        result.refused[code] += 1
        refuse(line, code)

    waiting = iter(lines)
    while batch := list(islice(waiting, BATCH)):
        result.accepted += _import_batch(batch, rules, language, source, note)
    return result


@transaction.atomic
def _import_batch(
    batch: list[Line], rules: Rules, language: Language, source: str, note: Callable[[Line, str], None]
) -> int:
    texts = [clean(line.text, rules) for line in batch]
    cleaned = [(line, text, key(text)) for line, text in zip(batch, texts, strict=True)]
    there = _keys_there(language, [text_key for _line, _text, text_key in cleaned])
    new: list[Prompt] = []
    for line, text, text_key in cleaned:
        if code := _fault(text, line, rules) or (DUPLICATE if text_key in there else ""):
            note(line, code)
            continue
        there.add(text_key)
        new.append(_prompt(language, source, line.domain, text, text_key))
    Prompt.objects.bulk_create(new)
    return len(new)


def _keys_there(language: Language, keys: list[str]) -> set[str]:
    return set(Prompt.objects.filter(language=language, text_key__in=keys).values_list("text_key", flat=True))


def _prompt(language: Language, source: str, domain: str, text: str, text_key: str) -> Prompt:
    return Prompt(
        language=language,
        source=source,
        domain=domain,
        text=text,
        text_key=text_key,
        state=PromptState.IN_USE,
    )


def _fault(text: str, line: Line, rules: Rules) -> str:
    if found := faults(text, rules):
        return found[0].code
    if line.domain and line.domain not in Domain.values:
        return UNKNOWN_DOMAIN
    return ""
