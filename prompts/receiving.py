"""Taking sentences in, in batches: each is cleaned and checked, and what can't be used is refused with a reason."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import IntegrityError, transaction

from accounts.models import Speaker
from languages.models import Language
from prompts import near
from prompts.cleaning import clean, faults, key, load_rules
from prompts.lines import Line
from prompts.models import Prompt
from prompts.options import Domain, Kind
from prompts.states import PromptState

BATCH = 1000
DUPLICATE, SIMILAR = "duplicate", "similar"
UNKNOWN_DOMAIN, UNKNOWN_VARIANT, UNKNOWN_KIND = "unknown-domain", "unknown-variant", "unknown-kind"


@dataclass(frozen=True)
class Refusal:
    """A line that was not taken in: a code of prompts/wording.py, and what shows it: characters, the other sentence."""

    line: Line
    code: str
    detail: str


@dataclass(frozen=True)
class Origin:
    """Where sentences come from, on what right, and whether people review them (SUBMITTED) or not (IN_USE)."""

    source: str
    licence: str = ""
    evidence: str = ""
    submitter: Speaker | None = None
    state: PromptState = PromptState.IN_USE


@dataclass
class Result:
    """How many were taken in, and how many refused for each reason."""

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def take_in_all(
    *, lines: Iterable[Line], language: Language, origin: Origin, refuse: Callable[[Refusal], None]
) -> Result:
    """Take in any number of sentences, batch by batch; call `refuse` for each that is not taken in."""
    result, waiting = Result(), iter(lines)
    while batch := list(islice(waiting, BATCH)):
        refused = take_in(lines=batch, language=language, origin=origin)
        result.accepted += len(batch) - len(refused)
        for refusal in refused:
            result.refused[refusal.code] += 1
            refuse(refusal)
    return result


def take_in(*, lines: Sequence[Line], language: Language, origin: Origin) -> list[Refusal]:
    """Take in one batch (a thousand at most); return what was refused, in the order of the lines."""
    try:
        return _take_in(lines, language, origin)
    except IntegrityError:  # somebody sent the same sentence at the same moment: now it is there to be seen
        return _take_in(lines, language, origin)


def check(*, lines: Sequence[Line], language: Language) -> list[Refusal]:
    """Return what of a batch would be refused for its text or since it is there already; nothing is taken in.

    Sentences that are only much like others aren't looked for.
    """
    refused = _faulty(lines, [clean(line.text, load_rules(language.tag)) for line in lines], language)
    return [refused[at] for at in sorted(refused)]


@transaction.atomic
def _take_in(lines: Sequence[Line], language: Language, origin: Origin) -> list[Refusal]:
    texts = [clean(line.text, load_rules(language.tag)) for line in lines]
    refused = _faulty(lines, texts, language)
    _refuse_alike(lines, texts, language, refused)
    variants = dict(language.variants.values_list("code", "pk"))
    new = [
        _prompt(line, text, language, variants, origin)
        for at, (line, text) in enumerate(zip(lines, texts, strict=True))
        if at not in refused
    ]
    # In one order for everybody, so that two who send the same wait for each other one way round only
    new.sort(key=lambda prompt: prompt.text_key)
    Prompt.objects.bulk_create(new)
    near.remember(new)
    return [refused[at] for at in sorted(refused)]


def _refuse_alike(
    lines: Sequence[Line], texts: Sequence[str], language: Language, refused: dict[int, Refusal]
) -> None:
    usable = [at for at in range(len(lines)) if at not in refused]
    alike = near.find(language, [texts[at] for at in usable])
    for position, other in alike.items():
        at = usable[position]
        if not lines[at].anyway:
            refused[at] = Refusal(lines[at], SIMILAR, other)


def _faulty(lines: Sequence[Line], cleaned: Sequence[str], language: Language) -> dict[int, Refusal]:
    """Return, by position, what can't be used, the second of two equal sentences too."""
    there = _keys_there(language, [key(text) for text in cleaned])
    variants = {"", *language.variants.values_list("code", flat=True)}
    refused: dict[int, Refusal] = {}
    for at, (line, text) in enumerate(zip(lines, cleaned, strict=True)):
        text_key = key(text)
        if found := _fault(line, text, language, variants):
            refused[at] = Refusal(line, *found)
        elif text_key in there:
            refused[at] = Refusal(line, DUPLICATE, there[text_key])
        else:
            there[text_key] = text
    return refused


def _fault(line: Line, text: str, language: Language, variants: set[str]) -> tuple[str, str] | None:
    if found := faults(text, load_rules(language.tag)):
        return found[0].code, found[0].detail
    if line.domain and line.domain not in Domain.values:
        return UNKNOWN_DOMAIN, line.domain
    if line.variant not in variants:
        return UNKNOWN_VARIANT, line.variant
    if line.kind and line.kind not in Kind.values:
        return UNKNOWN_KIND, line.kind
    return None


def _keys_there(language: Language, keys: list[str]) -> dict[str, str]:
    rows = Prompt.objects.current().filter(language=language, text_key__in=keys)
    return dict(rows.values_list("text_key", "text"))


def _prompt(line: Line, text: str, language: Language, variants: dict[str, int], origin: Origin) -> Prompt:
    return Prompt(
        language=language,
        variant_id=variants.get(line.variant),
        kind=line.kind or Kind.SENTENCE,
        text=text,
        text_key=key(text),
        domain=line.domain,
        source=line.source or origin.source,
        licence=origin.licence,
        evidence=origin.evidence,
        submitter=origin.submitter,
        state=origin.state,
    )
