"""The log of privileged acts: each entry is chained to the one before by its hash.

Whoever changes, deletes or inserts an entry breaks the chain where they did. Whoever cuts off its end needs to change
the head too; so note number and hash of the head elsewhere now and then (`manage.py verify_audit` prints them).
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEntry, AuditHead, User

BATCH = 1000


def by(user: User) -> str:
    """Return how the log names an account: by its number."""
    return f"user:{user.pk}"


@transaction.atomic
def record(*, actor: str, act: str, about: object = "", **details: Any) -> AuditEntry:
    """Append an entry in the caller's transaction: it stands if what it tells of stands.

    Writers wait for each other at the head, until the first one's transaction has ended.
    """
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    entry = AuditEntry(
        number=head.number + 1, at=timezone.now(), actor=actor, act=act, about=str(about)[:100], details=details,
        previous=head.sha256,
    )  # fmt: skip
    entry.sha256 = digest(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(number=entry.number, sha256=entry.sha256)
    return entry


def digest(entry: AuditEntry) -> str:
    """Return the SHA-256 of all that the entry says, the hash of the one before included."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [entry.number, at, entry.actor, entry.act, entry.about, entry.details, entry.previous]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def faults() -> Iterator[str]:
    """Go through the whole log and tell where it isn't as it was written."""
    number, previous = 0, ""
    for entry in AuditEntry.objects.order_by("number").iterator(BATCH):
        if entry.number != number + 1:
            yield f"entries {number + 1} to {entry.number - 1} are missing"
        elif entry.previous != previous:
            yield f"entry {entry.number} does not follow entry {number}"
        if digest(entry) != entry.sha256:
            yield f"entry {entry.number} was changed"
        number, previous = entry.number, entry.sha256
    if (number, previous) != head():
        yield f"the log ends at entry {number}, its head says {head()[0]}"


def head() -> tuple[int, str]:
    """Return number and hash of the newest entry; 0 and "" for an empty log."""
    return AuditHead.objects.values_list("number", "sha256").first() or (0, "")
