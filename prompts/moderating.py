"""What moderators decide about sentences by themselves, each with a reason that the submitter is told."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from common.errors import Refused
from prompts.models import Prompt
from prompts.states import PromptState

NEEDS_REASON = {PromptState.REJECTED, PromptState.RETIRED}


@transaction.atomic
def decide(*, prompt: Prompt, state: PromptState, reason: str, by: User) -> None:
    """Approve (IN_USE), reject or retire a sentence. Raises Refused without a reason, or if its state forbids it."""
    reason = reason.strip()[:200]
    if state in NEEDS_REASON and not reason:
        raise Refused(_("Please say why."), code="no-reason", status=400)
    if prompt.superseded_by_id and state == PromptState.IN_USE:
        raise Refused(_("There is a corrected version of it."), code="superseded")
    prompt.move_to(state, note=reason if state in NEEDS_REASON else "")
    audit.record(actor=audit.by(by), act=f"sentence.{state}", about=prompt.pk, reason=reason)
