"""Closing an account: nobody signs in with it any more; its recordings stay or go, as its owner says."""

from django.utils.translation import gettext_lazy as _

from accounts import consent, portrait
from accounts.models import ConsentText, User
from common.errors import Refused
from recordings import withdrawal


def close(*, user: User, take_back: bool, text: ConsentText) -> int:
    """Delete an account, with `take_back` also all that its voices recorded and told; return how many recordings.

    `text` is the consent text that is ended then. Voices whose recordings stay belong to nobody from now on: their
    recovery codes alone lead back to them. Cut off, the account is still there, and can be closed again. Raises Refused
    for people who moderate or organise: whoever gave them their role has to take it first.
    """
    if user.is_staff or user.grants.exists():
        words = _(
            "You have a role here. An administrator has to take it from you before you can delete your account."
        )
        raise Refused(words, code="has-a-role", status=403)
    count = 0
    for voice in user.speakers.all() if take_back else ():
        count += withdrawal.withdraw_all(speaker=voice)
        consent.end(speaker=voice, text=text)
        portrait.forget(speaker=voice)
    user.delete()
    return count
