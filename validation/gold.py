"""Gold clips: known answers among all others, so that listeners who don't listen show."""

import random
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from languages.models import Language
from recordings.models import SHUFFLE_RANGE, Clip
from recordings.states import ClipState
from validation.models import Gold
from validation.selection import with_behind

DECIDED = {ClipState.VALID: True, ClipState.INVALID: False}
LOOK_AT = 50  # gold clips that one request looks at


@transaction.atomic
def mark(*, clip: Clip, by: User) -> Gold:
    """Let a clip that people decided be a known answer from now on. Raises Refused for any other clip.

    Votes on it count no longer for the clip, whose verdict stays, but for what is known of their listeners.
    """
    if clip.state not in DECIDED:
        raise Refused(_("Only a clip that people found valid or invalid can be gold."), code="undecided")
    known = {"is_good": DECIDED[ClipState(clip.state)], "marked_by": by}
    return Gold.objects.get_or_create(clip=clip, defaults=known)[0]


def some(*, language: Language, voices: list[UUID], count: int) -> list[Clip]:
    """Return up to `count` gold clips, with their prompts, that are new to a person, from a random place on."""
    if not count:
        return []
    rows = with_behind(Clip.objects.filter(gold__isnull=False, language=language, state__in=DECIDED), voices)
    start = random.randrange(SHUFFLE_RANGE)  # noqa: S311 -- an order, not a secret
    found: list[UUID] = []
    for part in ({"place__gte": start}, {"place__lt": start}):
        met = rows.filter(**part).order_by("place").values_list("pk", "behind")[:LOOK_AT]
        found += [pk for pk, behind in met if not behind]
    return list(Clip.objects.filter(pk__in=found[:count]).select_related("prompt")) if found else []
