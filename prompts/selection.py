"""Which prompt next: new to the speaker, those with the fewest recordings first, each domain and variant in turn."""

from functools import cache
from itertools import chain, islice
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from accounts.models import Speaker
from common.statements import Select, given_number, given_uuid, itself, one_of, part
from languages.models import Language, Variant
from prompts import reservations
from prompts.models import Prompt, PromptQuerySet, Reservation
from prompts.stretches import Met, Stretches
from prompts.walking import Ring, Walk

AT_MOST = 50


def next_prompts(*, language: Language, speaker: Speaker | None, count: int) -> list[Prompt]:
    """Return up to `count` (at most 50) prompts that the speaker has neither recorded, skipped nor reported.

    They are reserved for the speaker; those already reserved for them come again only if there are no others. Those
    that others hold, who may never send them, fill up what is still missing then: nobody's set is to end early.
    """
    count = min(count, AT_MOST)
    way = walk(language, speaker)
    if speaker is None:
        return _handed(list(islice(chain.from_iterable(way.batches()), count)))
    found, spare = _reserved(way, language, speaker, count)
    if len(found) < count:
        more = _held(way, language, speaker, found, spare)[: count - len(found)]
        reservations.share(speaker=speaker, language=language, met=more)
        found += more
    return _handed(found)


def _reserved(way: Walk, language: Language, speaker: Speaker, count: int) -> tuple[list[Met], list[Met]]:
    """Reserve up to `count` of what is met on the way, and return it; beside it, what somebody holds."""
    found, spare = list[Met](), list[Met]()
    for batch in way.batches():
        free = [each for each in batch if not each.spare]
        got = reservations.reserve(speaker=speaker, language=language, wanted=free, count=count - len(found))
        found += got
        if len(found) == count or (free and not got and reservations.are_enough(speaker, language)):
            break
        ours = {each.pk for each in got}
        spare += [each for each in batch if each.pk not in ours]
    return found, spare


def _held(way: Walk, language: Language, speaker: Speaker, found: list[Met], spare: list[Met]) -> list[Met]:
    """Return what the speaker held before and can still read, then what others hold."""
    held = reservations.held_by(speaker, language)
    mine = {each.pk: each for each in way.ring.new.all(among=held, **way.given)}
    now = {each.pk for each in found}
    others = [each for each in spare if each.pk not in held]
    return [mine[pk] for pk in held if pk in mine and pk not in now] + others


def _handed(met: list[Met]) -> list[Prompt]:
    """Return the prompts that were met; what isn't handed out of them is read when it is asked for."""
    there = {prompt.pk: prompt for prompt in _prompts.all(among=[each.pk for each in met])}
    return [there[each.pk] for each in met]


_handed_out = ("id", "text", "spoken")
_prompts = Select(
    lambda: Prompt.objects.filter(one_of("pk", given_uuid("among"))).values_list(*_handed_out),
    part(Prompt, *_handed_out),
)


def walk(language: Language, speaker: Speaker | None) -> Walk:
    """Return the walk through a language's sentences for one speaker."""
    target = language.clips_per_prompt
    variants = []
    if speaker and language.has_variants:
        variants = sorted(_variants.all(language=language.pk, speaker=speaker.pk))
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
    return Ring(
        lambda: _rows(known=known, tied=tied),
        level="clips_count",
        groups=("domain", "variant"),
    )


def _done(name: str) -> Subquery:
    """Return the sentence if the speaker did something with it that the relation of this name remembers."""
    model: Any = Prompt._meta.get_field(name).related_model
    return _there(model.objects.filter(speaker=given_uuid("speaker")))


def _there(rows: QuerySet[Any]) -> Subquery:
    """Return the sentence if any of the rows is about it.

    A scalar subquery: unlike EXISTS it is never answered by hashing all that a person has ever done. And of nothing but
    what the index has, so that no row is read.
    """
    return Subquery(rows.filter(prompt=OuterRef("pk")).values("prompt")[:1])


def _rows(*, known: bool, tied: bool) -> PromptQuerySet:
    """Return the sentences in use, each with whether it is `behind` the speaker, or not for them at all.

    What somebody holds is `spare`. Given are the language, its target, the speaker if they are known, and their
    variants if they are tied to any.
    """
    rows = Prompt.objects.in_use(given_number("language"))
    behind = Q(clips_count__gte=given_number("target"))
    if tied:
        behind |= Q(variant__isnull=False) & ~Q(one_of("variant", given_number("variants")))
    if known:
        rows = rows.alias(recorded=_done("recordings"), skipped=_done("skips"))
        behind |= Q(recorded__isnull=False) | Q(skipped__isnull=False)
    rows = rows.alias(held=_there(Reservation.objects.filter(alone=True)))
    return rows.annotate(behind=_whether(behind), spare=_whether(Q(held__isnull=False)))


def _whether(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())
