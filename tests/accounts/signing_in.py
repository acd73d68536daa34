"""Signing up and in as people do, with codes from the e-mail, and with codes of an authenticator app."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail

from accounts.models import User

ADDRESS = "amina@example.org"


def code_of_last_mail():
    """Return the code in the newest e-mail: it stands on a line of its own."""
    return re.search(r"^([A-Z0-9-]{6,12})$", mail.outbox[-1].body, re.MULTILINE)[1]


def sign_up(client, address=ADDRESS, password="", ui="en"):
    """Make an account and confirm its address; return it."""
    client.post(f"/{ui}/account/signup/", {"email": address, "password1": password})
    client.post(f"/{ui}/account/confirm-email/", {"code": code_of_last_mail()})
    return User.objects.get(email=address)


def sign_in(client, address=ADDRESS):
    """Sign in with a code from the e-mail; return the last page."""
    client.post("/en/account/login/code/", {"email": address})
    return client.post("/en/account/login/code/confirm/", {"code": code_of_last_mail()}, follow=True)


def app_code(secret):
    """Return what an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_second_factor(client, address=ADDRESS):
    """Prove with a code from the e-mail who is at it, then add an authenticator app; return its secret."""
    client.post("/en/account/reauthenticate/code/", {"recipient": address})
    client.post("/en/account/reauthenticate/code/confirm/", {"code": code_of_last_mail()})
    activate = "/en/account/second-factor/totp/activate/"
    secret = client.get(activate).context["form"].secret
    client.post(activate, {"code": app_code(secret)})
    return secret


def use_second_factor(client, secret):
    """Prove it once more in this session."""
    return client.post("/en/account/second-factor/reauthenticate/", {"code": app_code(secret)})
