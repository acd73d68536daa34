"""Gold clips: known answers among all others, so that listeners who don't listen show."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from common.statements import given_number
from languages.models import Language
from prompts.walking import BETWEEN
from recordings.models import Clip
from recordings.states import ClipState
from validation.models import Gold
from validation.selection import around, new_clips

DECIDED = {ClipState.VALID: True, ClipState.INVALID: False}


@transaction.atomic
def mark(*, clip: Clip, by: User) -> Gold:
    """Let a clip that people decided be a known answer from now on. Raises Refused for any other clip.

    Votes on it count no longer for the clip, whose verdict stays, but for what is known of their listeners.
    """
    if clip.state not in DECIDED:
        raise Refused(_("Only a clip that people found valid or invalid can be gold."), code="undecided")
    known = {"is_good": DECIDED[ClipState(clip.state)], "marked_by": by, "language_id": clip.language_id}
    return Gold.objects.get_or_create(clip=clip, defaults=known)[0]


def some(*, language: Language, voices: list[UUID], count: int) -> list[Clip]:
    """Return up to `count` gold clips that are new to a person, from a random place on."""
    return around(_new, language=language, voices=voices, count=count)


def _some(most: int) -> QuerySet[Clip, Any]:
    known = Gold.objects.filter(language=given_number("language"), **BETWEEN).order_by("place")
    return Clip.objects.filter(pk__in=known.values("clip")[:most], state__in=DECIDED).values("pk")


_new = new_clips(_some)
