"""What the accounts library asks of this site: nameless accounts, voices that come along, encrypted secrets."""

import base64
import hashlib
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext
from nacl.secret import SecretBox

from accounts import claiming, speakers
from accounts.models import User


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Signing up, in and out."""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Give the account a number for a name; people sign in with their e-mail address."""
        user.username = uuid.uuid4().hex

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in; the voices of this browser that are nobody's come along, and it gets all of the account's."""
        super().login(request, user)
        claim = claiming.claim(user=user, voices=speakers.anonymous(request.session))
        speakers.hold(request.session, user.speakers.order_by("-created_at").values_list("pk", flat=True))
        if claim:
            count = claim.voices.filter(was_anonymous=True).count()
            words = ngettext(
                "%(count)d voice of this browser belongs to your account now. You can undo that on this page.",
                "%(count)d voices of this browser belong to your account now. You can undo that on this page.",
                count,
            )
            messages.info(request, words % {"count": count})

    def logout(self, request: HttpRequest) -> None:
        """Sign out; voices that belong to no account stay in this browser."""
        left, person = speakers.anonymous(request.session), request.session.get(speakers.PERSON)
        super().logout(request)
        if left:
            speakers.hold(request.session, left)
            request.session[speakers.PERSON] = person


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """Secrets of authenticator apps lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(_box().encrypt(text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(base64.b64decode(encrypted_text)).decode()

    def get_totp_issuer(self) -> str:
        """Name this site in the authenticator app."""
        return settings.SITE_HOST


def _box() -> SecretBox:
    return SecretBox(hashlib.sha256(b"second factors" + settings.SECRET_KEY.encode()).digest())


def displayed(user: Any) -> str:
    """Return what an account's own pages call it: its e-mail address."""
    return str(user.email)
