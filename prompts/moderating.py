"""What moderators decide about sentences by themselves, each with a reason that the submitter is told."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from common.errors import Refused
from prompts import submitting
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


@transaction.atomic
def correct(*, prompt: Prompt, text: str, by: User) -> Prompt:
    """Put a corrected version in the place of a sentence; in use at once if that one was. Raises Refused."""
    in_use = prompt.state in (PromptState.IN_USE, PromptState.RETIRED)
    state = PromptState.IN_USE if in_use else PromptState.SUBMITTED
    new = submitting.correct(prompt=prompt, text=text, state=state)
    audit.record(actor=audit.by(by), act="sentence.correct", about=prompt.pk, by=str(new.pk))
    return new
