"""Handing clips to listeners, and remembering to whom: a vote needs a clip that was handed to this very listener."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from accounts.persons import voices_of
from common.errors import Refused
from common.statements import Delete, Insert, given_uuid
from languages.models import Language
from recordings.models import Clip
from validation import doubting, gold
from validation.models import Assignment
from validation.reliability import GOLD_SHARE, SECOND_OPINIONS
from validation.selection import next_clips, spread, with_prompts

KEPT = timedelta(days=30)  # apps that work offline send what they collected much later


def hand_out(*, language: Language, listener: Speaker, count: int) -> list[Clip]:
    """Return clips for the listener to judge, with their prompts, and let them vote on each of these once."""
    voices = voices_of(listener)
    found = next_clips(language=language, listener=listener, count=count, voices=voices)
    clips = _with_further(language, voices, found, count)
    _remember.run(clip=[clip.pk for clip in clips], speaker=listener.pk, served_at=timezone.now())
    return with_prompts(clips)


# Handed out again, it is still one vote
_remember = Insert(Assignment, "clip", "speaker", "served_at")


def _with_further(language: Language, voices: list[UUID], clips: list[Clip], count: int) -> list[Clip]:
    """Put second opinions and gold clips among open ones: all look alike, and none is told apart by its place."""
    room = count - len(clips)
    doubts = doubting.some(language=language, voices=voices, count=room + _about(len(clips), SECOND_OPINIONS))
    asked = len(clips) + len(doubts)
    known = gold.some(language=language, voices=voices, count=_about(min(asked, count), GOLD_SHARE))
    further = [*known, *doubts][:count]
    mixed = clips[: count - len(further)]
    for clip in further:
        mixed.insert(random.randint(0, len(mixed)), clip)  # noqa: S311 -- no secret
    return spread(mixed, count)


def _about(count: int, share: float) -> int:
    """Return how many of `count` things are of a kind that has this share, decided for each by itself."""
    return sum(random.random() < share for _ in range(count))  # noqa: S311 -- no secret


def use(clip: Clip, listener: Speaker) -> datetime:
    """Take the listener's assignment of the clip, and return since when they have it.

    Raises Refused if it was not handed to them, or they judged it already.
    """
    served: list[datetime] = _take.all(clip=clip.pk, speaker=listener.pk)
    if not served:
        words = _("This recording was not given to you to judge. Please judge those that you are shown.")
        raise Refused(words, code="not-served", status=403)
    return served[0]


_take = Delete(
    lambda: Assignment.objects.filter(clip=given_uuid("clip"), speaker=given_uuid("speaker")),
    told="served_at",
)


def give_back(clip: Clip, listener: Speaker, served_at: datetime) -> None:
    """Let the listener, whose vote was taken back, judge the clip anew."""
    Assignment.objects.get_or_create(clip=clip, speaker=listener, defaults={"served_at": served_at})


def forget_old() -> int:
    """Delete what was handed out so long ago that no vote will come; return how many rows."""
    return Assignment.objects.filter(served_at__lt=timezone.now() - KEPT).delete()[0]
