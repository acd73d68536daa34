"""Who is told of new releases by e-mail: whoever asked for it with an account, until a link in any message ends it."""

import secrets
from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import NewsReader, User
from common.errors import Refused

_signer = Signer(salt="news")


@transaction.atomic
def join(*, user: User, locale: str) -> None:
    """Tell the user of releases from now on, in this language of the interface; who is told already, in this one."""
    NewsReader.objects.update_or_create(user=user, defaults={"locale": locale})


@transaction.atomic
def leave(*, user: User) -> None:
    """Tell the user of no release any more."""
    NewsReader.objects.filter(user=user).delete()


def token(user_id: int) -> str:
    """Return what stands in the link that ends the news; it holds for ever and opens nothing else."""
    return _signer.sign(str(user_id))


def leave_by(*, token: str) -> None:
    """End the news of whom the link was sent to, once and again. Raises Refused if it is none of ours."""
    leave(user=reader_of(token))


def reader_of(token: str) -> User:
    """Return whom a link was sent to. Raises Refused if it is none of ours, or the account is gone."""
    try:
        user = User.objects.filter(pk=int(_signer.unsign(token))).first()
    except BadSignature:
        user = None
    if user is None:
        raise Refused(_("This link isn't whole. Please copy all of it."), code="bad-link", status=404)
    return user


def untold(until: datetime, count: int) -> list[NewsReader]:
    """Return some who can be reached and aren't told of all up to a moment, from anywhere: nobody holds others up."""
    reachable = {
        "user__is_active": True,
        "user__emailaddress__primary": True,
        "user__emailaddress__verified": True,
    }
    waiting = (
        NewsReader.objects.filter(told_until__lt=until, **reachable).select_related("user").order_by("pk")
    )
    last = waiting.last()
    start = secrets.randbelow(last.pk + 1) if last else 0
    found = list(waiting.filter(pk__gte=start)[:count])
    return found + list(waiting.filter(pk__lt=start)[: count - len(found)])


def claim(*, reader: NewsReader, until: datetime) -> bool:
    """Note that the reader is told of all up to a moment, before it is done; tell whether nobody else was faster."""
    found = NewsReader.objects.filter(pk=reader.pk, told_until=reader.told_until)
    return found.update(told_until=until) == 1


def give_back(*, reader: NewsReader, until: datetime) -> None:
    """Undo a claim, since no message left."""
    NewsReader.objects.filter(pk=reader.pk, told_until=until).update(told_until=reader.told_until)
