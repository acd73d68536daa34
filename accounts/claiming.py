"""Taking the voices of a device into an account, all in one transaction, and undoing that within a month."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import persons
from accounts.models import Claim, ClaimedVoice, Speaker, User
from common.errors import Refused

UNDOABLE_FOR = timedelta(days=30)


@transaction.atomic
def claim(*, user: User, voices: Iterable[UUID], again: bool = False) -> Claim | None:
    """Let voices that belong to nobody belong to the account, as one person with all that it has.

    Voices that the account gave back before are left alone, unless that is asked for `again`. Returns None if there
    is nothing to take.
    """
    free = Speaker.objects.filter(pk__in=list(voices), user=None)
    if not again:
        given_back = ClaimedVoice.objects.filter(claim__user=user, claim__undone_at__isnull=False)
        free = free.exclude(pk__in=given_back.filter(was_anonymous=True).values("speaker"))
    taken = list(free.select_for_update().values_list("pk", flat=True))
    if not taken:
        return None
    made = Claim.objects.create(user=user)
    _note(made, taken)
    person = persons.person_of(user.speakers.values_list("pk", flat=True)) or persons.person_of(taken)
    assert person
    persons.unite(made.voices.values_list("person_before", flat=True), into=person)
    Speaker.objects.filter(pk__in=taken).update(user=user)
    return made


@transaction.atomic
def undo(*, user: User, claim_id: int) -> None:
    """Make everything as it was before a claim. Raises Refused if it was undone already, or is too old."""
    now = timezone.now()
    if not undoable(user).filter(pk=claim_id).update(undone_at=now):
        raise Refused(_("This can't be undone any more."), code="not-undoable")
    for voice in ClaimedVoice.objects.filter(claim=claim_id):
        theirs = Speaker.objects.filter(pk=voice.speaker_id)
        theirs.update(person=voice.person_before)
        if voice.was_anonymous:
            theirs.filter(user=user).update(user=None)


def undoable(user: User) -> QuerySet[Claim]:
    """Return the account's claims that may still be undone, newest first."""
    young = Q(made_at__gt=timezone.now() - UNDOABLE_FOR)
    return user.claims.filter(young, undone_at=None).order_by("-pk")


def _note(made: Claim, taken: list[UUID]) -> None:
    """Keep who was whose person before, also of voices that come along because they are of the same person."""
    before = Speaker.objects.filter(pk__in=taken).values("person")
    rows = Speaker.objects.filter(person__in=before)
    ClaimedVoice.objects.bulk_create(
        ClaimedVoice(claim=made, speaker_id=pk, person_before=person, was_anonymous=pk in taken)
        for pk, person in rows.values_list("pk", "person")
    )
