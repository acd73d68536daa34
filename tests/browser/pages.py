"""Every page of the site, once: tests over all pages and the pictures of them share this list.

A new page joins all of them by one line here. `tests/repo/test_pages_are_listed.py` fails while it is missing.
"""

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.giving import give
from tests.browser.speaking import agree
from tests.servers.instance import Instance

# Name of its picture, and its address below the language of the interface. `{receipt}` is one that the person has.
PAGES = {
    "home": "",
    "home-nothing-found": "?q=nothing+like+this",
    "languages": "languages/",
    "language": "ar/",
    "consent": "consent/",
    "speak": "ar/speak/",
    "listen": "ar/listen/",
    "listen-empty": "sw/listen/",
    "me": "me/",
    "about-me": "me/about/",
    "code": "me/code/",
    "consents": "me/consents/",
    "receipt": "me/consents/{receipt}/",
    "voices": "me/voices/",
    "recover": "recover/",
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
NEED_SCRIPTS = {"speak"}
# Routes among the pages that answer with something else: forms that are sent, and downloads
NO_PAGES = {
    "add-voice",
    "forget-voice",
    "name-voice",
    "receipt-json",
    "receipt-signature",
    "switch-voice",
    "take-out",
    "withdraw",
}


def furnish(instance: Instance, folder: Path) -> None:
    """Fill an instance so that no page is empty: clips in Arabic, published in one release."""
    give(instance.url, folder, locale="ar", count=2)
    instance.manage("release", "ar", "--number", "1.0", "--cutoff", f"{datetime.now(UTC):%Y-%m-%d}")


def settle_in(page: Page) -> dict[str, str]:
    """Agree as somebody new, so that pages about oneself have something to show; return all pages' addresses."""
    page.goto("/en/consent/")
    agree(page)
    page.goto("/en/me/consents/")
    address = page.get_by_role("link", name="Receipt").first.get_attribute("href") or ""
    receipt = address.rstrip("/").rpartition("/")[2]
    return {name: path.format(receipt=receipt) for name, path in PAGES.items()}
