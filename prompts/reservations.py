"""Reserving what was handed out, so that two people don't read the same sentence while there are enough others.

A reservation counts as a recording towards what the language wants of a sentence. It ends with the upload, or when the
speaker skips the sentence, or after eight days; an upload may outlive it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Speaker
from common.statements import (
    Change,
    Insert,
    Select,
    given_number,
    given_time,
    given_uuid,
    itself,
    one_of,
    part,
    whole,
)
from languages.models import Language
from prompts.models import Prompt, Reservation
from prompts.stretches import Met

LASTS = timedelta(days=8)
MOST = 200  # that one speaker may hold in a language
SWEPT_AT_ONCE = 50


def held_by(speaker: Speaker | None, language: Language) -> list[UUID]:
    """Return the ids of the prompts that the speaker holds, those held longest first."""
    return _held.all(speaker=speaker.pk, language=language.pk) if speaker else []


_held = Select(
    lambda: (
        Reservation.objects.filter(speaker=given_uuid("speaker"), language=given_number("language"))
        .order_by("until")
        .values_list("prompt")[:MOST]
    ),
    itself,
)


@transaction.atomic
def reserve(*, speaker: Speaker, language: Language, wanted: list[Met], count: int) -> list[Prompt]:
    """Reserve up to `count` of the prompts that were met, in their order, but none that was taken since."""
    got: list[Prompt] = []
    while wanted and len(got) < count:
        some, wanted = wanted[: count - len(got)], wanted[count - len(got) :]
        got += _counted(some, speaker)
    prompts = [prompt.pk for prompt in got]
    if prompts:
        _hold.run(prompts=prompts, speaker=speaker.pk, language=language.pk, until=timezone.now() + LASTS)
    return got


_hold = Insert(
    lambda: Prompt.objects.filter(one_of("pk", given_uuid("prompts"))).values_list(
        "pk", given_uuid("speaker"), given_number("language"), given_time("until")
    ),
    Reservation,
    ("prompt", "speaker", "language", "until"),
)


def _counted(met: list[Met], speaker: Speaker) -> list[Prompt]:
    """Count those prompts as reserved that nobody locks or took since they were met; return them in their order."""
    free: dict[UUID, Prompt] = {}
    for level in {each.level for each in met}:
        prompts = [each.pk for each in met if each.level == level]
        free |= {each.pk: each for each in _count.all(prompts=prompts, level=level, speaker=speaker.pk)}
    return [free[each.pk] for each in met if each.pk in free]


def _untouched() -> models.QuerySet[Prompt]:
    held = Reservation.objects.filter(prompt=models.OuterRef("pk"), speaker=given_uuid("speaker"))
    these = Prompt.objects.filter(~models.Exists(held), one_of("pk", given_uuid("prompts")))
    return these.filter(taken=given_number("level")).select_for_update(skip_locked=True)


_count = Change(
    lambda: Prompt.objects.filter(pk__in=_untouched()),
    {"reserved": models.F("reserved") + 1},
    ("id", "text", "spoken"),
    part(Prompt, "id", "text", "spoken"),
)


def end(*, speaker: Speaker, prompts: Iterable[UUID]) -> None:
    """End the speaker's reservations of these prompts; call it in the transaction that counts what became of them."""
    _drop(_held_of.all(speaker=speaker.pk, prompts=prompts))


_held_of = Select(
    lambda: Reservation.objects.select_for_update(skip_locked=True).filter(
        one_of("prompt", given_uuid("prompts")), speaker=given_uuid("speaker")
    ),
    whole(Reservation),
)


def sweep() -> int:
    """End some of the reservations that have lapsed, oldest first; return how many. It is work for workers."""
    lapsed = Reservation.objects.filter(until__lte=timezone.now()).order_by("until")
    if not lapsed.exists():  # as nearly always, and then nothing is locked
        return 0
    with transaction.atomic():
        return _drop(list(lapsed.select_for_update(skip_locked=True)[:SWEPT_AT_ONCE]))


def _drop(gone: list[Reservation]) -> int:
    """Delete reservations that are locked, and take them off their prompts; return how many."""
    if not gone:
        return 0
    Reservation.objects.filter(pk__in=[row.pk for row in gone]).delete()
    for prompt_id, times in sorted(Counter(row.prompt_id for row in gone).items()):
        Prompt.objects.filter(pk=prompt_id).update(reserved=models.F("reserved") - times)
    return len(gone)
