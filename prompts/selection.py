"""Which prompt next: new to the speaker, those with the fewest recordings first, each domain and variant in turn."""

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery

from accounts.models import Speaker
from languages.models import Language, Variant
from prompts import reservations
from prompts.models import Prompt, PromptQuerySet
from prompts.stretches import Met, Stretches
from prompts.walking import Walk

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
    taken = {prompt.pk for prompt in found}
    again = {prompt.pk: prompt for prompt in way.rows.filter(pk__in=held, behind=False)}
    found = (found + [again[pk] for pk in held if pk in again and pk not in taken])[:count]
    if may_hold_more and len(found) < count:
        found += _take(language, speaker, way.beyond(), count - len(found))
    return found


def _take(language: Language, speaker: Speaker | None, met: list[Met], count: int) -> list[Prompt]:
    if speaker:
        return reservations.reserve(speaker=speaker, language=language, wanted=met, count=count)
    there = Prompt.objects.in_bulk([each.pk for each in met[:count]])
    return [there[each.pk] for each in met if each.pk in there]


def walk(language: Language, speaker: Speaker | None) -> Walk:
    """Return the walk through a language's sentences for one speaker."""
    target, variants = language.clips_per_prompt, _variants(language, speaker)
    return Walk(
        rows=_with_behind(language, speaker, variants),
        level="taken",
        levels=range(target),
        stretches=Stretches(speaker, language, f"sentences {target} {variants}"[:100]),
        groups=("domain", "variant"),
    )


def _variants(language: Language, speaker: Speaker | None) -> list[int]:
    of_speaker = Variant.objects.filter(language=language, speaker=speaker)
    return sorted(of_speaker.values_list("pk", flat=True)) if speaker else []


def _with_behind(language: Language, speaker: Speaker | None, variants: list[int]) -> PromptQuerySet:
    """Return the sentences in use, each with whether it is `behind` the speaker, or not for them at all."""
    rows = Prompt.objects.in_use(language)
    behind = Q(clips_count__gte=language.clips_per_prompt)
    if variants:
        behind |= Q(variant__isnull=False) & ~Q(variant__in=variants)
    if speaker:
        # Scalar subqueries: unlike EXISTS they are never answered by hashing all that a person has ever done.
        this = Prompt.objects.filter(pk=OuterRef("pk"))
        rows = rows.alias(
            recorded=Subquery(this.filter(recordings__speaker=speaker).values("recordings__pk")[:1]),
            skipped=Subquery(this.filter(skips__speaker=speaker).values("skips__pk")[:1]),
        )
        behind |= Q(recorded__isnull=False) | Q(skipped__isnull=False)
    return rows.annotate(behind=ExpressionWrapper(behind, output_field=BooleanField()))
