"""Telling those who asked for it of new releases, by e-mail: one message for all that is new, each release once.

A reader's row says up to when they are told, and is written before the message leaves. So a crash costs at most the
message at hand, and nobody is told twice, whichever workers try.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import news
from accounts.models import NewsReader
from export import catalogue
from export.catalogue import Dataset

log = logging.getLogger(__name__)

AT_ONCE = 50  # messages over one connection
NEWS = timedelta(days=14)  # what is older is no news any more
FOR_EVER = 500  # from this answer of a mail server on, asking again doesn't help


def tell_next() -> bool:
    """Tell some who wait of what is new; tell whether any message left."""
    newest = catalogue.newest_release()
    if newest is None or newest.published_at is None or newest.published_at < timezone.now() - NEWS:
        return False
    readers = news.untold(newest.published_at, AT_ONCE)
    return bool(readers) and _tell(readers, newest.published_at)


def _tell(readers: list[NewsReader], until: datetime) -> bool:
    told, datasets = False, _recent(until)
    try:
        with get_connection() as connection:
            for reader in readers:
                told |= _tell_one(reader, until, _message(reader, datasets, connection))
    except (SMTPException, OSError) as fault:
        log.warning("news not sent fault=%s", type(fault).__name__)
    return told


def _recent(until: datetime) -> list[tuple[datetime, Dataset]]:
    """Return what was published lately, newest first, up to a moment, with when it was."""
    return [
        (moment, each)
        for each in catalogue.datasets()
        if (moment := each.edition.release.published_at) and timezone.now() - NEWS < moment <= until
    ]


def _tell_one(reader: NewsReader, until: datetime, message: EmailMessage) -> bool:
    """Send a message unless another worker does; tell whether it left. Raises what comes of a server that is away."""
    if not news.claim(reader=reader, until=until):
        return False
    try:
        message.send()
    except SMTPRecipientsRefused as fault:
        if all(code < FOR_EVER for code, _said in fault.recipients.values()):
            news.give_back(reader=reader, until=until)  # a full mailbox, say: it is tried again
        log.warning("news refused user=%s", reader.pk)
        return False
    except (SMTPException, OSError):
        news.give_back(reader=reader, until=until)
        raise
    return True


def _message(reader: NewsReader, recent: list[tuple[datetime, Dataset]], connection: Any) -> EmailMessage:
    """Return the message in the reader's language, with what lets programs for e-mail end the news (RFC 8058)."""
    with translation.override(reader.locale):
        leave = f"{settings.SITE_URL}{reverse('leave-news', args=[news.token(reader.pk)])}"
        datasets = [each for moment, each in recent if moment > reader.told_until]
        return EmailMessage(
            _("New in %(corpus)s") % {"corpus": settings.CORPUS},
            render_to_string("export/news.txt", {"datasets": datasets, "leave": leave}),
            to=[reader.user.email],
            connection=connection,
            headers={
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
