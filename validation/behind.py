"""Which clips a person has behind them: spoken, judged, skipped or reported by any voice of theirs.

Nearly everybody has one voice, which is asked about by itself: of a list PostgreSQL doesn't know how short it is when
it plans, and would rather read all votes of each clip than look for these in the index.
"""

from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from common.statements import Given, given_uuid, one_of
from recordings.models import ClipQuerySet
from validation.models import ClipSkip, Vote


def given(voices: list[UUID]) -> dict[str, Any]:
    """Return what a statement that asks `with_behind` is given for a person with these voices."""
    others = voices[1:]
    return {"voice": voices[0] if voices else None, "others": others, "has_others": bool(others)}


def with_behind(clips: ClipQuerySet) -> QuerySet[Any]:
    """Return the clips, each with whether it is `behind` the person."""
    own = Q(speaker=given_uuid("voice")) | Q(one_of("speaker", given_uuid("others")))
    judged, skipped = _done(Vote), _done(ClipSkip)
    behind = own | Q(judged__isnull=False) | Q(skipped__isnull=False)
    rows = clips.alias(judged=judged, skipped=skipped)
    return rows.annotate(behind=ExpressionWrapper(behind, output_field=BooleanField()))


def _done(model: type[Vote | ClipSkip]) -> Coalesce:
    """Return the clip if the person did this with it."""
    by_others = _there(model, Q(one_of("speaker", given_uuid("others"))))
    has_others = Given("has_others", BooleanField())
    return Coalesce(_there(model, Q(speaker=given_uuid("voice"))), Case(When(has_others, then=by_others)))


def _there(model: type[Vote | ClipSkip], by: Q) -> Subquery:
    # A scalar subquery: unlike EXISTS it is never answered by hashing all that a person has ever done. And of nothing
    # but what the index has, so that no row is read.
    return Subquery(model.objects.filter(by, clip=OuterRef("pk")).values("clip")[:1])
