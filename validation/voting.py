"""Casting votes, one a person and clip, and taking them back."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from common.errors import Refused
from recordings.models import Clip
from validation.deciding import decide
from validation.models import ClipSkip, Vote
from validation.options import Choice, Reason
from validation.selection import voices_of
from validation.verdict import Verdict

UNDOABLE = 5  # of a listener's last votes


@transaction.atomic
def cast_vote(*, clip_id: UUID, listener: Speaker, choice: Choice, reasons: Sequence[str] = ()) -> Verdict:
    """Record what a listener thinks of a clip, in place of what they thought before, and return what the votes decide.

    Raises Refused for a clip that isn't there, for one's own, and for reasons that nobody knows.
    """
    clip = _locked(clip_id)
    if clip.speaker_id in voices_of(listener):
        raise Refused(_("You can't judge your own recording."), code="own-clip", status=403)
    if unknown := set(reasons) - set(Reason.values):
        raise Refused(_("Unknown reason: %s") % ", ".join(sorted(unknown)), code="unknown-reason", status=400)
    Vote.objects.update_or_create(
        clip=clip,
        speaker=listener,
        defaults={"choice": choice, "reasons": list(reasons), "cast_at": timezone.now()},
    )
    return decide(clip)


@transaction.atomic
def undo(*, clip_id: UUID, listener: Speaker) -> Verdict:
    """Take back one of the listener's last five votes, and return what the others decide.

    Raises Refused if it isn't one of those: later it has been counted on.
    """
    clip = _locked(clip_id)
    last = listener.votes.order_by("-cast_at").values_list("pk", flat=True)[:UNDOABLE]
    if not Vote.objects.filter(clip=clip, pk__in=list(last)).delete()[0]:
        raise Refused(_("Only your last votes can be taken back."), code="not-undoable", status=409)
    return decide(clip)


def _locked(clip_id: UUID) -> Clip:
    """Return the clip with its language, for this transaction alone: votes on it are counted one after the other."""
    rows = Clip.objects.select_for_update(of=("self",)).select_related("language")
    clip = rows.filter(pk=clip_id).first()
    if clip is None:
        raise Refused(_("This clip is no longer here."), code="clip-gone", status=404)
    return clip


def skip_clip(*, clip_id: UUID, listener: Speaker) -> None:
    """Remember that the listener would rather not judge the clip; again changes nothing."""
    clip = Clip.objects.filter(pk=clip_id).first()
    if clip is None:
        raise Refused(_("This clip is no longer here."), code="clip-gone", status=404)
    ClipSkip.objects.get_or_create(clip=clip, speaker=listener)
