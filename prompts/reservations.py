"""Reserving what was handed out, so that two people don't read the same sentence while there are enough others.

A reservation ends with the upload, or when the speaker skips the sentence, or after eight days; an upload may outlive
it. Why it is a row and no count: docs/adr/0017-a-reservation-is-a-row.md.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Speaker
from common.statements import (
    Delete,
    Insert,
    Select,
    given_number,
    given_uuid,
    itself,
    one_of,
)
from languages.models import Language
from prompts.models import Reservation
from prompts.stretches import Met

LASTS = timedelta(days=8)
MOST = 200  # of one speaker in a language; who holds as many gets no more
SWEPT_AT_ONCE = 1000


def held_by(speaker: Speaker, language: Language) -> list[UUID]:
    """Return the ids of the prompts that the speaker holds, those held longest first."""
    return _held.all(speaker=speaker.pk, language=language.pk)


def are_enough(speaker: Speaker, language: Language) -> bool:
    """Tell whether the speaker holds so many that no more are reserved."""
    return len(held_by(speaker, language)) == MOST


def _rows_held() -> QuerySet[Reservation]:
    return Reservation.objects.filter(speaker=given_uuid("speaker"), language=given_number("language"))


_held = Select(lambda: _rows_held().order_by("until").values_list("prompt")[:MOST], itself)


def reserve(*, speaker: Speaker, language: Language, wanted: list[Met], count: int) -> list[Met]:
    """Reserve up to `count` of the prompts that were met, in their order, but none that somebody holds by now.

    None is reserved for a speaker who holds enough.
    """
    got: list[Met] = []
    while wanted and len(got) < count:
        some, wanted = wanted[: count - len(got)], wanted[count - len(got) :]
        held = set(_hold(speaker, language, some, alone=True))
        got += [each for each in some if each.pk in held]
    return got


def share(*, speaker: Speaker, language: Language, met: list[Met]) -> None:
    """Reserve for the speaker what others hold."""
    if met:
        _hold(speaker, language, met, alone=False)


def _hold(speaker: Speaker, language: Language, met: list[Met], *, alone: bool) -> list[UUID]:
    """Return the ids of those that are reserved now and were not before."""
    return _new.all(
        # In order: two who reserve the same at once wait for one another, and never both
        prompt=sorted(each.pk for each in met),
        speaker=speaker.pk,
        language=language.pk,
        until=timezone.now() + LASTS,
        alone=alone,
    )


_new = Insert(
    Reservation,
    "prompt",
    "speaker",
    "language",
    "until",
    "alone",
    unless=lambda: _rows_held().values("pk")[MOST - 1 : MOST],
    told="prompt",
)


def end(*, speaker: Speaker, prompts: Iterable[UUID]) -> None:
    """End the speaker's reservations of these prompts."""
    _end.run(speaker=speaker.pk, prompts=prompts)


_end = Delete(
    lambda: Reservation.objects.filter(one_of("prompt", given_uuid("prompts")), speaker=given_uuid("speaker"))
)


def sweep() -> int:
    """End some of the reservations that have lapsed; return how many. It is work for workers."""
    lapsed = Reservation.objects.filter(until__lte=timezone.now()).order_by("until")
    return Reservation.objects.filter(pk__in=lapsed.values("pk")[:SWEPT_AT_ONCE]).delete()[0]
