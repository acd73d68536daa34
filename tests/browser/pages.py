"""Every page of the site, once: tests over all pages and the pictures of them share this list.

A new page joins all of them by one line here, or in `accounts.py` if it opens only to who is signed in.
`tests/repo/test_pages_are_listed.py` fails while it is missing.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Locator

from tests.browser.giving import give
from tests.browser.speaking import agree
from tests.browser.visitors import Chromium
from tests.servers.instance import Instance

# Name of its picture, and its address below the language of the interface, with what belongs to the person in braces
PAGES = {
    "home": "",
    "home-nothing-found": "?q=nothing+like+this",
    "languages": "languages/",
    "language": "ar/",
    "consent": "consent/",
    "speak": "ar/speak/",
    "answer": "ar/answer/",
    "listen": "ar/listen/",
    "listen-empty": "sw/listen/",
    "me": "me/",
    "about-me": "me/about/",
    "code": "me/code/",
    "consents": "me/consents/",
    "receipt": "me/consents/{receipt}/",
    "voices": "me/voices/",
    "goals": "me/goals/",
    "leaderboard": "ar/leaderboard/",
    "recover": "recover/",
    "kiosk": "ar/kiosk/",
    "ask-guardian": "me/guardian/",
    "guardian": "guardian/none/",
    "leave-news": "news/none/",
    "write": "ar/write/",
    "correct": "ar/write/{sentence}/",
    "review": "ar/review/",
    "transcribe": "ar/transcribe/",
    "sign-in": "account/login/",
    "sign-in-by-code": "account/login/code/",
    "sign-up": "account/signup/",
    "forgotten-password": "account/password/reset/",
    "datasets": "datasets/",
    "release": "datasets/1.0/",
    "dataset-versions": "datasets/ar/",
    "dataset": "datasets/ar/1.0/",
    "help": "help/",
    "about": "about/",
    "accessibility": "accessibility/",
    "offline": "offline/",
    "nothing": "xx/",
}
NEED_SCRIPTS = {"speak", "answer"}
# Routes among the pages that answer with something else: forms that are sent, and downloads
NO_PAGES = {
    "add-voice",
    "claim",
    "figure",
    "file-report",
    "forget-voice",
    "mfa_download_recovery_codes",
    "name-voice",
    "receipt-json",
    "receipt-signature",
    "send-file",
    "switch-voice",
    "take-out",
    "undo-claim",
    "withdraw",
}


def furnish(instance: Instance, folder: Path) -> None:
    """Fill an instance so that no page is empty: clips in Arabic, published in one release."""
    give(instance.url, folder, locale="ar", count=2)
    instance.manage("release", "ar", "--number", "1.0", "--cutoff", f"{datetime.now(UTC):%Y-%m-%d}")


class Settled(NamedTuple):
    """Somebody who has agreed and written a sentence, so that their own pages have something to show."""

    addresses: dict[str, str]  # of all pages, below the language of the interface
    state: Any  # what their browser keeps, as Playwright's `storage_state`


def settle(chromium: Chromium, url: str) -> Settled:
    """Come as somebody new; once to an instance, since no sentence is taken twice."""
    visitor = chromium.visitor(url, None)
    page = visitor.page
    page.goto("/en/consent/")
    agree(page)
    page.goto("/en/me/consents/")
    receipt = _last_part(page.get_by_role("link", name="Receipt").first)
    page.goto("/en/ar/write/")
    page.locator("#text").fill("في الصباح رأيت طيورا بيضاء فوق البيت القديم.")
    page.locator("#lines-source").fill("Myself")
    page.locator("#text >> xpath=ancestor::form").locator("[name=licence]").first.check()
    page.get_by_role("button", name="Send to be reviewed").click()
    sentence = _last_part(page.get_by_role("link", name="Correct it").first)
    state = page.context.storage_state()
    visitor.leave()
    addresses = {name: path.format(receipt=receipt, sentence=sentence) for name, path in PAGES.items()}
    return Settled(addresses, state)


def _last_part(link: Locator) -> str:
    address = link.get_attribute("href") or ""
    return address.rstrip("/").rpartition("/")[2]
