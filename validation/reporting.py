"""Complaints about clips and prompts."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from common.errors import Refused
from prompts.models import Prompt
from prompts.skipping import skip_prompt
from recordings.models import Clip
from validation.hiding import Thing, about, hide_if_many_reported
from validation.models import ClipSkip, Report
from validation.options import Complaint

MAX_REASONS = 10
MAX_LENGTH = 200
ALIASES = {"difficult-pronunciation": Complaint.DIFFICULT, "offensive-speech": Complaint.OFFENSIVE}


@transaction.atomic
def report(*, kind: str, thing_id: UUID, reporter: Speaker, reasons: Sequence[str]) -> None:
    """Record a complaint about a "sentence" or a "clip", one row a reason; the same again changes nothing.

    Reasons are those of `Complaint` or words of the reporter's own. The reporter isn't handed it again, and enough
    reporters hide it from everybody. Raises Refused for what isn't there.
    """
    thing = _locked(kind, thing_id)
    for reason in list(reasons)[:MAX_REASONS]:
        words = ALIASES.get(reason, reason)[:MAX_LENGTH]
        Report.objects.get_or_create(speaker=reporter, reason=words, **about(thing))
    if isinstance(thing, Clip):
        ClipSkip.objects.get_or_create(clip=thing, speaker=reporter)
    else:
        skip_prompt(prompt_id=thing.pk, speaker=reporter)
    hide_if_many_reported(thing)


def _locked(kind: str, thing_id: UUID) -> Thing:
    models: dict[str, type[Clip] | type[Prompt]] = {"clip": Clip, "sentence": Prompt}
    if kind not in models:
        raise Refused(_("Only a sentence or a clip can be reported."), code="unknown-kind", status=400)
    rows = models[kind].objects.select_for_update(of=("self",)).select_related("language")
    thing: Thing | None = rows.filter(pk=thing_id).first()
    if thing is None:
        raise Refused(_("This is no longer here."), code="gone", status=404)
    return thing
