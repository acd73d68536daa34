"""Which clips a person has behind them: spoken, judged, skipped or reported by any voice of theirs.

Nearly everybody has one voice, which is asked about by itself: of a list PostgreSQL doesn't know how short it is when
it plans, and would rather read all votes of each clip than look for these in the index.
"""

from datetime import timedelta
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
from django.utils import timezone

from common.statements import Given, given_uuid, one_of
from recordings.models import Clip, ClipQuerySet
from validation.models import ClipSkip, Vote

LATE = timedelta(days=3)


def given(voices: list[UUID]) -> dict[str, Any]:
    """Return what a statement that asks `with_behind` is given for a person with these voices."""
    others = voices[1:]
    return {"voice": voices[0] if voices else None, "others": others, "has_others": bool(others)}


def with_behind(clips: ClipQuerySet) -> QuerySet[Any]:
    """Return the clips, each with whether it is `behind` the person."""
    own = Q(speaker=given_uuid("voice")) | Q(one_of("speaker", given_uuid("others")))
    judged, skipped = _done(Vote, _AT_PLACE), _done(ClipSkip, _OF_CLIP)
    behind = own | Q(judged__isnull=False) | Q(skipped__isnull=False)
    rows = clips.alias(judged=judged, skipped=skipped)
    return rows.annotate(behind=ExpressionWrapper(behind, output_field=BooleanField()))


_OF_CLIP = Q(clip=OuterRef("pk"))
# Clips that are met together lie at neighbouring places, and so do a person's votes on them in the index `vote_walk`:
# it is led there by asking for a range, which the index of clips would not answer by one look
_AT_PLACE = Q(place=OuterRef("place"), clip__gte=OuterRef("pk"), clip__lte=OuterRef("pk"))


def _done(model: type[Vote | ClipSkip], of: Q) -> Coalesce:
    """Return the clip if the person did this with it."""
    by_others = _there(model, of & Q(one_of("speaker", given_uuid("others"))))
    has_others = Given("has_others", BooleanField())
    return Coalesce(
        _there(model, of & Q(speaker=given_uuid("voice"))), Case(When(has_others, then=by_others))
    )


def _there(model: type[Vote | ClipSkip], done: Q) -> Subquery:
    # A scalar subquery: unlike EXISTS it is never answered by hashing all that a person has ever done. And of nothing
    # but what the index has, so that no row is read.
    return Subquery(model.objects.filter(done).values("clip")[:1])


def place_late_votes() -> int:
    """Give the votes of the last days that have no place that of their clip; return how many had none."""
    late = Vote.objects.filter(place=None, cast_at__gte=timezone.now() - LATE)
    return late.update(place=Subquery(Clip.objects.filter(pk=OuterRef("clip")).values("place")))
