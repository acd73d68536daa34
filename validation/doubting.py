"""Second opinions: clips that the rule decided, but the reliability model is not sure of."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from common.statements import given_number
from languages.models import Language
from prompts.walking import BETWEEN
from recordings.models import Clip
from recordings.states import ClipState
from validation.models import Doubt
from validation.selection import around, new_clips
from validation.verdict import MOST_VOTES


def some(*, language: Language, voices: list[UUID], count: int) -> list[Clip]:
    """Return up to `count` doubted clips that are new to a person, from a random place on."""
    return around(_new, language=language, voices=voices, count=count)


def _some(most: int) -> QuerySet[Clip, Any]:
    doubts = Doubt.objects.filter(language=given_number("language"), **BETWEEN).order_by("place")
    return Clip.objects.filter(
        pk__in=doubts.values("clip")[:most],
        state__in=[ClipState.VALID, ClipState.INVALID],
        gold__isnull=True,
        heard__lt=MOST_VOTES,
    ).values("pk")


_new = new_clips(_some)
