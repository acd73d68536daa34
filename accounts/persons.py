"""Which voices are one person, as far as we know: those of one account, and those that one device ever held."""

import uuid
from collections.abc import Collection, Iterable

from accounts.models import Speaker
from common.statements import Select, given_uuid, itself


def voices_of(speaker: Speaker) -> list[uuid.UUID]:
    """Return the ids of all voices of the speaker's person, the speaker's own among them."""
    return [speaker.pk] if speaker.is_only_voice else _voices.all(person=speaker.person)


_voices = Select(lambda: Speaker.objects.filter(person=given_uuid("person")).values_list("pk"), itself)


def person_of(voices: Collection[str | uuid.UUID]) -> uuid.UUID | None:
    """Return the person of the oldest of these voices, or None if there is none of them."""
    rows = Speaker.objects.filter(pk__in=voices).order_by("created_at")
    return rows.values_list("person", flat=True).first()


def unite(persons: Iterable[uuid.UUID], into: uuid.UUID) -> None:
    """Let all voices of these persons be of one person from now on."""
    Speaker.objects.filter(person__in=set(persons) - {into}).update(person=into)
