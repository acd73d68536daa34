"""Sending sentences to be reviewed, and correcting those that were sent."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from common.errors import Refused
from languages.models import Language
from prompts import near
from prompts.cleaning import clean, faults, key, load_rules
from prompts.lines import Line
from prompts.models import Prompt
from prompts.origins import check_origin
from prompts.receiving import DUPLICATE, Origin, Refusal, take_in
from prompts.states import PromptState
from prompts.wording import FAULTS

AT_MOST = 100  # sentences in one go; more come as a file
CORRECTABLE = {
    PromptState.SUBMITTED: PromptState.REJECTED,
    PromptState.REJECTED: PromptState.REJECTED,
    PromptState.IN_USE: PromptState.RETIRED,
    PromptState.RETIRED: PromptState.RETIRED,
}


def submit(
    *,
    language: Language,
    lines: Sequence[Line],
    submitter: Speaker,
    source: str,
    licence: str,
    evidence: str = "",
) -> list[Refusal]:
    """Send up to a hundred sentences to be reviewed; return those that can't be used, the others are taken.

    Raises Refused if the origin isn't named.
    """
    check_origin(source, licence, evidence)
    if len(lines) > AT_MOST:
        raise Refused(
            _("These are more than a hundred sentences. Please send them as a file."), code="many", status=400
        )
    origin = Origin(source.strip(), licence, evidence.strip(), submitter, PromptState.SUBMITTED)
    return take_in(lines=lines, language=language, origin=origin)


@transaction.atomic
def correct(*, prompt: Prompt, text: str, state: PromptState = PromptState.SUBMITTED) -> Prompt:
    """Put a corrected version in the place of a sentence, to be reviewed, and return it.

    The earlier version stays with the clips that were read from it, and is handed out no more. Raises Refused, with
    what is wrong with the new text, or if there is a newer version already.
    """
    text = clean(text, load_rules(prompt.language.tag))
    _check(prompt, text)
    new = Prompt(
        id=uuid.uuid4(), language=prompt.language, variant=prompt.variant, kind=prompt.kind, text=text,
        text_key=key(text), domain=prompt.domain, source=prompt.source, licence=prompt.licence,
        evidence=prompt.evidence, submitter=prompt.submitter, state=state,
    )  # fmt: skip
    before = PromptState(prompt.state)
    rows = Prompt.objects.current().filter(pk=prompt.pk, state=before)
    if not rows.update(superseded_by=new.pk, state=CORRECTABLE[before]):
        raise Refused(_("Somebody changed this sentence meanwhile."), code="decided")
    new.save(force_insert=True)
    near.remember([new])
    return new


def _check(prompt: Prompt, text: str) -> None:
    if text == prompt.text:
        raise Refused(_("The sentence is the same as before."), code="unchanged", status=400)
    if found := faults(text, load_rules(prompt.language.tag)):
        raise Refused(FAULTS[found[0].code], code=found[0].code, status=400)
    others = Prompt.objects.current().filter(language=prompt.language, text_key=key(text))
    if others.exclude(pk=prompt.pk).exists():
        raise Refused(FAULTS[DUPLICATE], code=DUPLICATE)
