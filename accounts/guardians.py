"""A parent or guardian agrees for a child, by a link that the child hands on and that works once."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import consent as consents
from accounts.models import Consent, GuardianLink, Speaker
from accounts.options import Method, Purpose
from common.errors import Refused

GOOD_FOR = timedelta(days=14)


@transaction.atomic
def make_link(*, speaker: Speaker) -> str:
    """Return the secret part of a new link for the newest answer, to be shown once; earlier links end.

    Raises Refused if no guardian is needed.
    """
    answer = consents.newest(speaker)
    if answer is None or not answer.needs_guardian:
        raise Refused(_("No guardian is needed for this voice."), code="no-guardian-needed")
    GuardianLink.objects.filter(consent__speaker=speaker, used_at=None).delete()
    token = secrets.token_urlsafe(24)
    GuardianLink.objects.create(
        consent=answer, token_sha256=_digest(token), expires_at=timezone.now() + GOOD_FOR
    )
    return token


def mail_link(*, speaker: Speaker, address: str, page: Callable[[str], str]) -> None:
    """Mail a new link to a guardian, whose address is kept nowhere; `page` makes a link of its secret part.

    Raises Refused if no guardian is needed, the address is none, or the mail can't be sent.
    """
    try:
        validate_email(address)
    except ValidationError as fault:
        raise Refused(_("This is no e-mail address."), code="no-address", status=400) from fault
    link = page(make_link(speaker=speaker))
    body = render_to_string("accounts/guardian_mail.txt", {"link": link})
    try:
        send_mail(gettext("A child asks for your consent"), body, None, [address])
    except OSError as fault:  # also all that the mail server says
        words = _("The e-mail could not be sent. Please try again later, or make a link to hand on.")
        raise Refused(words, code="not-sent", status=503) from fault


def child_of(token: str) -> Consent:
    """Return the child's answer that a link is about. Raises Refused if the link was used, is old, or never was."""
    return _open_link(token).consent


@transaction.atomic
def answer(*, token: str, purposes: frozenset[Purpose]) -> Consent:
    """Record what the guardian says for the child, which ends the link; no purpose at all is a no to everything.

    Raises Refused if the link opens nothing any more, or the child gave another answer since.
    """
    link = _open_link(token)
    said = link.consent
    if consents.newest(said.speaker) != said:
        raise Refused(_("The answer was changed since. Please ask for a new link."), code="changed")
    if not GuardianLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        raise _opens_nothing()
    yes = dict.fromkeys(map(str, purposes), True)
    return Consent.objects.create(
        speaker=said.speaker, text=said.text, method=Method.GUARDIAN, guardian_link=link, is_minor=True,
        country=said.country, **yes,
    )  # fmt: skip


def _open_link(token: str) -> GuardianLink:
    rows = GuardianLink.objects.filter(used_at=None, expires_at__gt=timezone.now())
    link = (
        rows.select_related("consent__speaker", "consent__text").filter(token_sha256=_digest(token)).first()
    )
    if link is None:
        raise _opens_nothing()
    return link


def _opens_nothing() -> Refused:
    return Refused(
        _("This link was used already, or is too old. Please ask for a new one."), code="no-link", status=404
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
