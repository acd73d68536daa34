"""Which submitted sentence to review next: others' that are new to the reviewer, those nearest to a decision first."""

from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery, Value

from accounts.models import Speaker
from accounts.persons import voices_of
from common.statements import given_number, given_uuid, one_of
from languages.models import Language
from prompts.acceptance import ENOUGH
from prompts.models import Prompt, PromptQuerySet, Review
from prompts.stretches import Stretches
from prompts.walking import Ring, Walk

AT_MOST = 50


def next_to_review(*, language: Language, reviewer: Speaker | None, count: int) -> list[Prompt]:
    """Return up to `count` (at most 50) submitted sentences that the reviewer neither sent nor reviewed."""
    count = min(count, AT_MOST)
    met: list[UUID] = []
    for batch in walk(language, reviewer).batches():
        met += [each.pk for each in batch]
        if len(met) >= count:
            break
    there = Prompt.objects.in_bulk(met[:count])
    return [there[pk] for pk in met if pk in there]


def walk(language: Language, reviewer: Speaker | None) -> Walk:
    """Return the walk through a language's submitted sentences for one reviewer."""
    voices = voices_of(reviewer) if reviewer else []
    return Walk(
        ring=_ring,
        given={"language": language.pk, "voices": voices},
        levels=range(2 * ENOUGH - 2, -1, -1),
        stretches=Stretches(reviewer, language, f"reviews {len(voices)}"),
    )


def _with_behind() -> PromptQuerySet:
    """Return the submitted sentences of a language, each with whether voices of the reviewer's sent or reviewed it."""
    # A scalar subquery: unlike EXISTS it is never answered by hashing all that a person has ever done.
    reviews = Review.objects.filter(one_of("speaker", given_uuid("voices")), prompt=OuterRef("pk"))
    rows = Prompt.objects.submitted(given_number("language")).alias(said=Subquery(reviews.values("pk")[:1]))
    behind = Q(one_of("submitter", given_uuid("voices")), submitter__isnull=False) | Q(said__isnull=False)
    return rows.annotate(behind=ExpressionWrapper(behind, output_field=BooleanField()))


_ring = Ring(lambda: _with_behind().annotate(spare=Value(False)), level="reviewed", highest_first=True)
