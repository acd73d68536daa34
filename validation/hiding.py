"""Hiding what several people reported, until a moderator upholds or dismisses that."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from prompts.models import Prompt
from prompts.states import PromptState
from recordings.models import Clip
from recordings.states import ClipState
from validation.deciding import decide
from validation.models import Hiding, Report
from validation.options import Decision

Thing = Clip | Prompt


def about(thing: Thing) -> dict[str, Any]:
    """Return the thing under the name that reports and hidings give it."""
    return {"clip" if isinstance(thing, Clip) else "prompt": thing}


def hide_if_many_reported(thing: Thing) -> None:
    """Hide the thing, which the caller locked, once enough different people reported it since the last decision."""
    earlier = Hiding.objects.filter(**about(thing)).order_by("-pk").first()
    if earlier and earlier.decision != Decision.DISMISSED:
        return
    if len(_reporters(thing, earlier)) >= thing.language.reports_to_hide:
        Hiding.objects.create(**about(thing))
        _set_state(thing, ClipState.HIDDEN, PromptState.RETIRED)


def _reporters(thing: Thing, earlier: Hiding | None) -> set[UUID]:
    """Return the persons who reported the thing; several voices of one account or device are one person."""
    reports = Report.objects.filter(**about(thing), speaker__isnull=False)
    if earlier:
        reports = reports.filter(made_at__gt=earlier.decided_at)
    return set(reports.values_list("speaker__person", flat=True))


@transaction.atomic
def settle(*, hiding_id: int, decision: Decision, by: User) -> None:
    """Uphold the reports, so that the thing stays hidden for good, or dismiss them, so that it comes back.

    Raises Refused if somebody decided already.
    """
    hiding = Hiding.objects.select_for_update().get(pk=hiding_id)
    if hiding.decision:
        raise Refused(_("Somebody decided about this already."), code="decided", status=409)
    hiding.decision, hiding.decided_by, hiding.decided_at = decision, by, timezone.now()
    hiding.save(update_fields=["decision", "decided_by", "decided_at"])
    if decision is Decision.DISMISSED:
        _bring_back(hiding)


def _bring_back(hiding: Hiding) -> None:
    if hiding.clip_id:
        clip = Clip.objects.select_for_update(of=("self",)).select_related("language").get(pk=hiding.clip_id)
        clip.state = ClipState.OPEN
        decide(clip)
    elif hiding.prompt:
        _set_state(hiding.prompt, ClipState.OPEN, PromptState.IN_USE)


def _set_state(thing: Thing, clip_state: ClipState, prompt_state: PromptState) -> None:
    if isinstance(thing, Clip):
        Clip.objects.filter(pk=thing.pk).update(state=clip_state)
    elif thing.state in (PromptState.IN_USE, PromptState.RETIRED) and not thing.superseded_by_id:
        Prompt.objects.filter(pk=thing.pk).update(state=prompt_state)
