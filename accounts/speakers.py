"""Which voice a browser or a device speaks for."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts import persons
from accounts.models import Speaker
from common.errors import Refused
from common.statements import Select, given_uuid, whole

CURRENT, ALL = "speaker", "speakers"
PERSON = "person"  # to whom new voices of this browser belong, also once it has forgotten all that it had
MOST = 20  # voices of one browser


def current(session: SessionBase) -> Speaker | None:
    """Return the voice that this browser speaks for now, if it has one."""
    speaker_id = session.get(CURRENT)
    return Speaker.objects.filter(pk=speaker_id).first() if speaker_id else None


def current_or_new(session: SessionBase) -> Speaker:
    """Return the voice that this browser speaks for, a new one on the first visit."""
    if speaker := current(session):
        return speaker
    return _new(session)


def take_up(session: SessionBase, speaker: Speaker) -> None:
    """Let the browser speak for a voice that somebody proved to be theirs, beside those that it has.

    Raises Refused if it has too many.
    """
    if str(speaker.pk) not in session.get(ALL, []):
        _check_room(session)
    session.cycle_key()  # whoever knew the session before has no part in this voice
    if person := _person(session):
        persons.unite([person], into=speaker.person)
    _remember(session, speaker)


def _check_room(session: SessionBase) -> None:
    if len(session.get(ALL, [])) >= MOST:
        raise Refused(_("This browser has as many voices as it can hold. Please remove one first."))


def _new(session: SessionBase) -> Speaker:
    speaker = Speaker.objects.create(person=_person(session) or uuid.uuid4())
    _remember(session, speaker)
    return speaker


def _person(session: SessionBase) -> uuid.UUID | None:
    """Return the person of this browser, if it ever had a voice."""
    known = session.get(PERSON)
    return persons.person_of(session.get(ALL, [])) or (uuid.UUID(known) if known else None)


def _remember(session: SessionBase, speaker: Speaker) -> None:
    session[CURRENT], session[PERSON] = str(speaker.pk), str(speaker.person)
    session[ALL] = list(dict.fromkeys([*session.get(ALL, []), str(speaker.pk)]))


def add(session: SessionBase) -> Speaker:
    """Let one more person use the browser: a new voice, which agreed to nothing yet, speaks from now on."""
    _check_room(session)
    return _new(session)


def switch(session: SessionBase, speaker_id: str) -> None:
    """Let another voice of this browser speak. Raises Refused if the browser has no such voice."""
    if speaker_id not in session.get(ALL, []):
        raise Refused(_("This browser has no such voice."), code="unknown-voice", status=404)
    session[CURRENT] = speaker_id


def hold(session: SessionBase, voices: Iterable[uuid.UUID]) -> None:
    """Let the browser speak for further voices, as many as it has room for; one of them, if it has none yet."""
    held_now = list(dict.fromkeys([*session.get(ALL, []), *map(str, voices)]))[:MOST]
    session[ALL] = held_now
    if not session.get(CURRENT) and held_now:
        session[CURRENT] = held_now[-1]


def anonymous(session: SessionBase) -> list[uuid.UUID]:
    """Return those voices of the browser that belong to no account."""
    rows = Speaker.objects.filter(pk__in=session.get(ALL, []), user=None).order_by("created_at")
    return list(rows.values_list("pk", flat=True))


def forget(session: SessionBase, speaker_id: str) -> None:
    """Let the browser forget a voice, which itself stays as it is; another one speaks, if there is one."""
    left = [each for each in session.get(ALL, []) if each != speaker_id]
    session[ALL] = left
    if session.get(CURRENT) == speaker_id:
        session[CURRENT] = left[-1] if left else None
    session.cycle_key()


def begin_anew(session: SessionBase) -> Speaker:
    """Let the browser forget every voice, which themselves stay as they are, and speak for a new one."""
    session[ALL] = []
    session[CURRENT] = None
    session.cycle_key()
    return current_or_new(session)


def held(session: SessionBase, speaker_id: uuid.UUID) -> Speaker | None:
    """Return one of the voices of this browser, also one that isn't the current one; takes may arrive late."""
    if str(speaker_id) not in session.get(ALL, []):
        return None
    return Speaker.objects.filter(pk=speaker_id).first()


def pass_of(speaker: Speaker) -> str:
    """Return what proves that takes are this voice's: kept beside each, so that it arrives without any cookie."""
    return _signer().sign(str(speaker.pk))


def by_pass(proof: str) -> Speaker | None:
    """Return the voice that a pass was made for, or None if it isn't one of ours."""
    try:
        return Speaker.objects.filter(pk=_signer().unsign(proof)).first()
    except BadSignature:
        return None


def _signer() -> Signer:
    return Signer(salt="accounts.speakers.pass")


def of_device(device_id: uuid.UUID, token: str) -> Speaker | None:
    """Return the voice of an app that made its own id and token, a new one on first use; None for a wrong token."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    speaker = _by_id.first(speaker=device_id) or _new_device(device_id, digest)
    return speaker if hmac.compare_digest(speaker.token_sha256, digest) else None


def _known(has_others: bool, *columns: Any) -> Speaker:
    speaker = _speaker(*columns)
    speaker.is_only_voice = not has_others
    return speaker


_speaker = whole(Speaker)
_others = Speaker.objects.filter(person=OuterRef("person")).exclude(pk=OuterRef("pk"))
_by_id = Select(
    lambda: Speaker.objects.filter(pk=given_uuid("speaker")).values_list(
        Exists(_others), *(each.attname for each in Speaker._meta.concrete_fields)
    ),
    _known,
)


def _new_device(device_id: uuid.UUID, digest: str) -> Speaker:
    try:
        with transaction.atomic():
            return Speaker.objects.create(pk=device_id, token_sha256=digest)
    except IntegrityError:  # the device's first two requests came at once
        return Speaker.objects.get(pk=device_id)
