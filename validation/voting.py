"""Casting votes: one a person and clip, and what they decide."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from common.errors import Refused
from recordings.models import Clip
from recordings.states import ClipState
from validation.models import ClipSkip, Vote
from validation.options import Choice, Reason
from validation.verdict import Verdict, verdict


@transaction.atomic
def cast_vote(*, clip_id: UUID, listener: Speaker, choice: Choice, reasons: Sequence[str] = ()) -> Verdict:
    """Record what a listener thinks of a clip, in place of what they thought before, and return what the votes decide.

    Raises Refused for a clip that isn't there, for one's own, and for reasons that nobody knows.
    """
    clip = Clip.objects.select_for_update().select_related("language").filter(pk=clip_id).first()
    if clip is None:
        raise Refused(_("This clip is no longer here."), code="clip-gone", status=404)
    if clip.speaker_id == listener.pk:
        raise Refused(_("You can't judge your own recording."), code="own-clip", status=403)
    if unknown := set(reasons) - set(Reason.values):
        raise Refused(_("Unknown reason: %s") % ", ".join(sorted(unknown)), code="unknown-reason", status=400)
    Vote.objects.update_or_create(
        clip=clip,
        speaker=listener,
        defaults={"choice": choice, "reasons": list(reasons), "cast_at": timezone.now()},
    )
    return _decide(clip)


def _decide(clip: Clip) -> Verdict:
    """Count the clip's votes, and keep the counts and the verdict with it."""
    choices = list(clip.votes.values_list("choice", flat=True))
    yes, no = choices.count(Choice.YES), choices.count(Choice.NO)
    result = verdict(yes, no, quorum=clip.language.quorum)
    Clip.objects.filter(pk=clip.pk).update(yes_count=yes, no_count=no, state=ClipState(result))
    return result


def skip_clip(*, clip_id: UUID, listener: Speaker) -> None:
    """Remember that the listener would rather not judge the clip; again changes nothing."""
    clip = Clip.objects.filter(pk=clip_id).first()
    if clip is None:
        raise Refused(_("This clip is no longer here."), code="clip-gone", status=404)
    ClipSkip.objects.get_or_create(clip=clip, speaker=listener)
