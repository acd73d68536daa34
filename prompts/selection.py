"""Which prompt next: new to the speaker, those with the fewest recordings first, each domain and variant in turn."""

from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery

from accounts.models import Speaker
from common.statements import Select, given_number, given_uuid, itself, one_of
from languages.models import Language, Variant
from prompts import reservations
from prompts.models import Prompt, PromptQuerySet
from prompts.stretches import Met, Stretches
from prompts.walking import Ring, Walk

AT_MOST = 50


def next_prompts(*, language: Language, speaker: Speaker | None, count: int) -> list[Prompt]:
    """Return up to `count` (at most 50) prompts that the speaker has neither recorded, skipped nor reported.

    They are reserved for the speaker; those already reserved for them come again only if there are no others. Those
    that others hold, who may never send them, fill up what is still missing then: nobody's set is to end early.
    """
    count = min(count, AT_MOST)
    held = reservations.held_by(speaker, language)
    may_hold_more = len(held) < reservations.MOST
    found: list[Prompt] = []
    way = walk(language, speaker)
    if may_hold_more:
        for met in way.batches():
            new = [each for each in met if each.pk not in held]
            found += _take(language, speaker, new, count - len(found))
            if len(found) == count:
                return found
    again = set(way.ring.new.all(among=held, **way.given)) - {prompt.pk for prompt in found}
    found += _named([pk for pk in held if pk in again][: count - len(found)])
    if may_hold_more and len(found) < count:
        found += _take(language, speaker, way.beyond(), count - len(found))
    return found


def _take(language: Language, speaker: Speaker | None, met: list[Met], count: int) -> list[Prompt]:
    if speaker:
        return reservations.reserve(speaker=speaker, language=language, wanted=met, count=count)
    return _named([each.pk for each in met[:count]])


def _named(ids: list[UUID]) -> list[Prompt]:
    """Return the prompts with these ids, in their order."""
    there = Prompt.objects.in_bulk(ids)
    return [there[pk] for pk in ids if pk in there]


def walk(language: Language, speaker: Speaker | None) -> Walk:
    """Return the walk through a language's sentences for one speaker."""
    target = language.clips_per_prompt
    variants = sorted(_variants.all(language=language.pk, speaker=speaker.pk)) if speaker else []
    given = {
        "language": language.pk,
        "target": target,
        "speaker": speaker and speaker.pk,
        "variants": variants,
    }
    return Walk(
        ring=_ring(known=speaker is not None, tied=bool(variants)),
        given=given,
        levels=range(target),
        stretches=Stretches(speaker, language, f"sentences {target} {variants}"[:100]),
    )


_variants = Select(
    lambda: Variant.objects.filter(
        language=given_number("language"), speaker=given_uuid("speaker")
    ).values_list("pk"),
    itself,
)


@cache
def _ring(*, known: bool, tied: bool) -> Ring:
    return Ring(lambda: _with_behind(known=known, tied=tied), level="taken", groups=("domain", "variant"))


def _done(name: str) -> Subquery:
    """Return a key of what the speaker did with a sentence, if they did, by the name of that relation.

    A scalar subquery: unlike EXISTS it is never answered by hashing all that a person has ever done.
    """
    model: Any = Prompt._meta.get_field(name).related_model
    return Subquery(
        model.objects.filter(prompt=OuterRef("pk"), speaker=given_uuid("speaker")).values("pk")[:1]
    )


def _with_behind(*, known: bool, tied: bool) -> PromptQuerySet:
    """Return the sentences in use, each with whether it is `behind` the speaker, or not for them at all.

    Given are the language, its target, the speaker if they are known, and their variants if they are tied to any.
    """
    rows = Prompt.objects.in_use(given_number("language"))
    behind = Q(clips_count__gte=given_number("target"))
    if tied:
        behind |= Q(variant__isnull=False) & ~Q(one_of("variant", given_number("variants")))
    if known:
        rows = rows.alias(recorded=_done("recordings"), skipped=_done("skips"))
        behind |= Q(recorded__isnull=False) | Q(skipped__isnull=False)
    return rows.annotate(behind=ExpressionWrapper(behind, output_field=BooleanField()))
