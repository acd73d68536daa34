"""Casting votes, one a person and clip, and taking them back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from accounts.persons import voices_of
from common.errors import Refused
from common.statements import New, Select, given_uuid, part
from languages.models import Language
from recordings.models import Clip
from validation.assigning import give_back, use
from validation.deciding import decide, known_of
from validation.listening import had_time
from validation.models import ClipSkip, Vote
from validation.options import Choice, Reason, Standing
from validation.verdict import Verdict

UNDOABLE = 5  # of a listener's last votes


@transaction.atomic
def cast_vote(*, clip_id: UUID, listener: Speaker, choice: Choice, reasons: Sequence[str] = ()) -> Verdict:
    """Record what a listener thinks of a clip, in place of what they thought before, and return what the votes decide.

    A vote for which there was no time to listen is kept but not counted. Raises Refused for a clip that isn't there or
    wasn't handed to the listener, for one's own, and for reasons that nobody knows.
    """
    clip = _locked(clip_id)
    known = known_of(clip)
    earlier = _earlier(clip, listener, known.votes)
    if unknown := set(reasons) - set(Reason.values):
        raise Refused(_("Unknown reason: %s") % ", ".join(sorted(unknown)), code="unknown-reason", status=400)
    vote = earlier or _first_vote(clip, listener)
    vote.choice, vote.reasons, vote.cast_at = choice, list(reasons), timezone.now()
    if vote.standing == Standing.TOO_FAST and had_time(clip, listener, vote.served_at, vote.cast_at):
        vote.standing = Standing.GOLD if known.is_gold else Standing.COUNTS
    if earlier:
        vote.save()
    else:
        _new.put(vote)
        known.votes.append(vote)
    return decide(clip, known)


_new = New(Vote)


def _earlier(clip: Clip, listener: Speaker, votes: list[Vote]) -> Vote | None:
    """Return the listener's vote on the clip; refuse one that a voice of theirs spoke, or that another judged."""
    voices = voices_of(listener)
    if clip.speaker_id in voices:
        raise Refused(_("You can't judge your own recording."), code="own-clip", status=403)
    cast = {vote.speaker_id: vote for vote in votes if vote.speaker_id in voices}
    earlier = cast.pop(listener.pk, None)
    if cast:
        raise Refused(_("You judged this recording already, with another voice of yours."), code="judged")
    return earlier


def _first_vote(clip: Clip, listener: Speaker) -> Vote:
    """Return an empty vote for the clip that was handed to the listener; whether it counts, time has to tell."""
    return Vote(clip=clip, speaker=listener, served_at=use(clip, listener), standing=Standing.TOO_FAST)


@transaction.atomic
def undo(*, clip_id: UUID, listener: Speaker) -> Verdict:
    """Take back one of the listener's last five votes, and return what the others decide.

    Raises Refused if it isn't one of those: later it has been counted on.
    """
    clip = _locked(clip_id)
    last = listener.votes.order_by("-cast_at")[:UNDOABLE]
    vote = next((vote for vote in last if vote.clip_id == clip.pk), None)
    if vote is None:
        raise Refused(_("Only your last votes can be taken back."), code="not-undoable", status=409)
    vote.delete()
    give_back(clip, listener, vote.served_at)
    return decide(clip)


def _locked(clip_id: UUID) -> Clip:
    """Return the clip with its language, for this transaction alone: votes on it are counted one after the other."""
    clip = _lock.first(clip=clip_id)
    if clip is None:
        raise Refused(_("This clip is no longer here."), code="clip-gone", status=404)
    return clip


def _voted_on(quorum: int, weighs_votes: bool, language_id: int, *columns: Any) -> Clip:
    clip = _clip(language_id, *columns)
    clip.language = _language(language_id, quorum, weighs_votes)
    return clip


_clip = part(Clip, "language_id", "id", "speaker_id", "duration_ms", "state", "place")
_language = part(Language, "id", "quorum", "weighs_votes")
_lock = Select(
    lambda: (
        Clip.objects.select_for_update(of=("self",))
        .filter(pk=given_uuid("clip"))
        .values_list(
            "language__quorum",
            "language__weighs_votes",
            "language",
            "id",
            "speaker",
            "duration_ms",
            "state",
            "place",
        )
    ),
    _voted_on,
)


def skip_clip(*, clip_id: UUID, listener: Speaker) -> None:
    """Remember that the listener would rather not judge the clip; again changes nothing."""
    clip = Clip.objects.filter(pk=clip_id).first()
    if clip is None:
        raise Refused(_("This clip is no longer here."), code="clip-gone", status=404)
    ClipSkip.objects.get_or_create(clip=clip, speaker=listener)
