"""A real browser for tests: Debian's Chromium with a WAV file as its microphone."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.visitors import Chromium


@pytest.fixture(scope="session")
def playwright():
    # Playwright's event loop stays on this thread, where Django would then refuse to use its database
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright):
    with Chromium(playwright) as chromium:
        yield chromium


@pytest.fixture
def visitor(chromium, embedded_instance):
    """Open a page as someone new: `visitor(microphone=path_of_a_wav, locale="ar", viewport=PHONE) -> Page`.

    The test fails when such a page logs an error or asks another host for anything.
    """
    visitors = []

    def open_page(*, site=embedded_instance.url, microphone=None, **options):
        new = chromium.visitor(site, microphone, **options)
        visitors.append(new)
        return new.page

    yield open_page
    for each in visitors:
        each.leave()
    complaints = [complaint for each in visitors for complaint in each.complaints]
    assert not complaints, "\n".join(complaints)
