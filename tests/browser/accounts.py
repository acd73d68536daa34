"""The pages of an account, which open only to who is signed in or about to be: one walk through them all."""

import hashlib
import hmac
import re
import time
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import Page

# Name of its picture, and its address below the language of the interface, in the order of the walk
SIGNING_UP = {
    "account-confirm-address": "account/confirm-email/",
    "account-prove-by-code": "account/reauthenticate/code/",
    "account-prove-code": "account/reauthenticate/code/confirm/",
}
WITHOUT_PASSWORD = {
    "account": "me/account/",
    "account-delete": "me/account/delete/",
    "account-news": "me/news/",
    "account-email": "account/email/",
    "account-second-factor": "account/second-factor/",
    "account-second-factor-on": "account/second-factor/totp/activate/",
    "account-set-password": "account/password/set/",
}
WITH_BOTH = {
    "account-with-second-factor": "me/account/",
    "account-second-factor-is-on": "account/second-factor/",
    "account-recovery-codes": "account/second-factor/recovery-codes/",
    "account-new-recovery-codes": "account/second-factor/recovery-codes/generate/",
    "account-second-factor-off": "account/second-factor/totp/deactivate/",
    "account-change-password": "account/password/change/",
    "account-prove-by-password": "account/reauthenticate/",
    "account-prove-by-second-factor": "account/second-factor/reauthenticate/",
    "account-sign-out": "account/logout/",
}
SIGNED_OUT = {
    "account-sign-in-code": "account/login/code/confirm/",
    "account-sign-in-second-factor": "account/second-factor/authenticate/",
    "account-forgotten-code": "account/password/reset/confirm/",
    "account-forgotten-new": "account/password/reset/complete/",
}
STANDING = {
    "account-forgotten-done": "account/password/reset/done/",
    "account-inactive": "account/inactive/",
}
ACCOUNT_PAGES = SIGNING_UP | WITHOUT_PASSWORD | WITH_BOTH | SIGNED_OUT | STANDING
PASSWORD = "grey herons over the flats"  # of nobody
PERIOD = 30  # seconds that a code of an authenticator app lasts
CODE = re.compile(r"^([A-Z0-9-]{6,12})$", re.MULTILINE)


def walk(page: Page, mails: Path, ui: str) -> Iterator[str]:
    """Make an account, use all of it, sign out, and in again; yield the name of each page while it is open.

    `mails`: where an instance that can't send e-mail writes it.
    """
    person = _Person(page, mails, ui)
    person.open("account/signup/")
    person.send("account/confirm-email/", email=person.address)
    yield person.at("account-confirm-address")
    person.send("me/account/", code=person.mailed_code())
    person.open("account/second-factor/totp/activate/")
    yield person.at("account-prove-by-code")
    person.send("account/reauthenticate/code/confirm/")
    yield person.at("account-prove-code")
    person.send("account/second-factor/totp/activate/", code=person.mailed_code())
    yield from person.open_all(WITHOUT_PASSWORD)
    person.send("account/password/change/", password1=PASSWORD, password2=PASSWORD)
    person.open("account/second-factor/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    person.send("account/second-factor/recovery-codes/", code=code_of_app(secret))
    yield from person.open_all(WITH_BOTH)
    person.send("")
    person.open("account/login/code/")
    person.send("account/login/code/confirm/", email=person.address)
    yield person.at("account-sign-in-code")
    person.send("account/second-factor/authenticate/", code=person.mailed_code())
    yield person.at("account-sign-in-second-factor")
    person.open("account/password/reset/")
    person.send("account/password/reset/confirm/", email=person.address)
    yield person.at("account-forgotten-code")
    person.send("account/password/reset/complete/", code=person.mailed_code())
    yield person.at("account-forgotten-new")
    yield from person.open_all(STANDING)


class _Person:
    """Somebody new, with an e-mail address, at a page."""

    def __init__(self, page: Page, mails: Path, ui: str) -> None:
        self.address = f"{uuid4().hex}@example.org"
        self._page, self._mails, self._ui = page, mails, ui

    def open(self, path: str) -> None:
        self._page.goto(f"/{self._ui}/{path}")

    def open_all(self, pages: dict[str, str]) -> Iterator[str]:
        for name, path in pages.items():
            self.open(path)
            yield self.at(name)

    def at(self, name: str) -> str:
        """Return the name of the page that is open; it must be the one of that name."""
        assert urlsplit(self._page.url).path == f"/{self._ui}/{ACCOUNT_PAGES[name]}", name
        return name

    def send(self, leads_to: str, **fields: str) -> None:
        """Fill in the page's form and send it."""
        form = self._page.locator("main form").first
        for name, value in fields.items():
            form.locator(f"[name={name}]").fill(value)
        form.locator("button").first.click()
        self._page.wait_for_url(re.compile(rf"/{self._ui}/{leads_to}(\?.*)?$"))

    def mailed_code(self) -> str:
        """Return the code of the newest e-mail: it stands on a line of its own."""
        newest = self._mails.read_text().rpartition(f"To: {self.address}")[2]
        return str(CODE.findall(newest)[0])


def code_of_app(secret: str) -> str:
    """Return what an authenticator app shows now (RFC 6238)."""
    moment = (int(time.time()) // PERIOD).to_bytes(8)
    found = hmac.digest(b32decode(secret), moment, hashlib.sha1)
    start = found[-1] & 15
    return f"{(int.from_bytes(found[start : start + 4]) & (1 << 31) - 1) % 1_000_000:06}"
