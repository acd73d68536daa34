"""Saying whether a submitted sentence may be read, and taking that back."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from accounts.persons import voices_of
from common.errors import Refused
from prompts.acceptance import outcome
from prompts.models import Prompt, Review
from prompts.options import Flaw, Opinion
from prompts.states import PromptState

UNDOABLE = 5  # of a reviewer's last opinions


@transaction.atomic
def review(*, prompt_id: UUID, reviewer: Speaker, opinion: Opinion, flaws: Sequence[str] = ()) -> PromptState:
    """Record what somebody thinks of a submitted sentence, and return its state after that.

    Raises Refused for a sentence that isn't there, that was decided, or that is one's own, and for unknown flaws.
    """
    prompt = _locked(prompt_id)
    if prompt.submitter_id in voices_of(reviewer):
        raise Refused(_("You can't review your own sentence."), code="own-sentence", status=403)
    if prompt.state != PromptState.SUBMITTED:
        raise Refused(_("Others decided about this sentence meanwhile."), code="decided")
    if unknown := set(flaws) - set(Flaw.values):
        raise Refused(_("Unknown reason: %s") % ", ".join(sorted(unknown)), code="unknown-reason", status=400)
    said = {"opinion": opinion, "flaws": list(flaws), "made_at": timezone.now()}
    Review.objects.update_or_create(
        prompt=prompt, speaker=reviewer, defaults=said | {"submitter_id": prompt.submitter_id}
    )
    return _decide(prompt)


@transaction.atomic
def undo(*, prompt_id: UUID, reviewer: Speaker) -> PromptState:
    """Take back one of the reviewer's last five opinions, and return the sentence's state after that.

    Raises Refused if it isn't one of those, or if the sentence was handed out to be read already.
    """
    prompt = _locked(prompt_id)
    last = reviewer.reviews.order_by("-made_at").values_list("pk", flat=True)[:UNDOABLE]
    if not Review.objects.filter(prompt=prompt, pk__in=list(last)).delete()[0]:
        raise Refused(_("Only your last answers can be taken back."), code="not-undoable")
    return _decide(prompt)


def _locked(prompt_id: UUID) -> Prompt:
    """Return the sentence, for this transaction alone: opinions on it are counted one after the other."""
    prompt = Prompt.objects.select_for_update().filter(pk=prompt_id).first()
    if prompt is None:
        raise Refused(_("This sentence is no longer here."), code="prompt-gone", status=404)
    return prompt


def _decide(prompt: Prompt) -> PromptState:
    opinions = list(prompt.reviews.values_list("opinion", flat=True))
    counts = {
        "approvals": opinions.count(Opinion.APPROVE),
        "rejections": opinions.count(Opinion.REJECT),
    }
    state = outcome(**counts)
    if state == prompt.state:
        Prompt.objects.filter(pk=prompt.pk).update(**counts)
    elif prompt.clips_count or prompt.superseded_by_id or prompt.reservations.exists():
        raise Refused(_("Others went on with this sentence already."), code="in-use")
    else:
        prompt.move_to(state, **counts)
    return state
