"""Claiming imports, so that one worker at a time works on each, and a crash leaves it to the next."""

import uuid
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from prompts.models import SentenceImport
from prompts.states import ImportState

LEASE = timedelta(minutes=2)  # a batch takes seconds
MAX_ATTEMPTS = 5  # without any progress


def due() -> QuerySet[SentenceImport]:
    """Return the imports that a worker may claim: waiting ones, and those whose worker let its lease run out."""
    abandoned = Q(state=ImportState.RUNNING, lease_until__lt=timezone.now())
    return SentenceImport.objects.filter(Q(state=ImportState.WAITING) | abandoned).order_by("created_at")


def claim(import_id: uuid.UUID) -> SentenceImport | None:
    """Take the job, if it is due and nobody else was faster; None otherwise."""
    token = uuid.uuid4()
    rows = due().filter(pk=import_id, attempts__lt=MAX_ATTEMPTS)
    if not rows.update(
        state=ImportState.RUNNING,
        token=token,
        lease_until=timezone.now() + LEASE,
        attempts=F("attempts") + 1,
    ):
        return None
    return SentenceImport.objects.select_related("language", "submitter").get(pk=import_id)


def advance(job: SentenceImport, **changes: object) -> bool:
    """Write how far a held job is and keep holding it; False if another worker holds it now."""
    return bool(_held(job).update(lease_until=timezone.now() + LEASE, attempts=0, **changes))


def let_go(job: SentenceImport, state: ImportState, fault: str = "") -> None:
    """End the work on a held job, for now or for good; nothing happens if another worker holds it."""
    _held(job).update(state=state, fault=fault, token=None, lease_until=None)


def set_aside_hopeless() -> int:
    """Fail imports that were tried too often without progress; return how many."""
    rows = due().filter(attempts__gte=MAX_ATTEMPTS)
    return rows.update(state=ImportState.FAILED, fault="failed-often", token=None, lease_until=None)


def _held(job: SentenceImport) -> QuerySet[SentenceImport]:
    return SentenceImport.objects.filter(pk=job.pk, token=job.token, state=ImportState.RUNNING)
