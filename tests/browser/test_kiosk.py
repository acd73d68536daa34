"""A device that many people share: it begins anew for the next person once nobody touches it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.giving import say
from tests.browser.speaking import agree
from tests.browser.visitors import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.alone]
ASKED_AFTER = 45_000  # ms without a touch
ANSWERED_WITHIN = 15_000


@pytest.fixture
def begun(visitor, tmp_path_factory):
    """A page for recording on a device in kiosk mode, whose clock the test moves."""
    microphone = say("I like rain on a tin roof.", tmp_path_factory.mktemp("kiosk") / "voice.wav")
    page = visitor(microphone=microphone, viewport=PHONE)
    page.clock.install()
    page.goto("/en/en/kiosk/")
    page.get_by_role("button", name="Begin").click()
    agree(page)
    expect(page.locator("[data-piece=step]").first).to_be_visible()
    return page


def question(page):
    return page.get_by_role("dialog", name="Are you still there?")


def answer(page, key):
    """Answer the question with a key, and wait until the page knows: that comes some time after the dialog is gone."""
    page.evaluate(
        """() => {
             const dialog = document.querySelector("vc-idle dialog");
             window.answered = new Promise((done) => dialog.addEventListener("close", done, { once: true }));
           }"""
    )
    page.keyboard.press(key)
    page.evaluate("() => window.answered.then(() => true)")
    expect(question(page)).to_be_hidden()


def test_who_leaves_is_asked_and_then_the_next_person_begins_as_somebody_new(begun):
    begun.clock.run_for(ASKED_AFTER - 5_000)
    expect(question(begun)).to_be_hidden()
    begun.clock.run_for(5_000)
    expect(question(begun)).to_be_visible()
    begun.clock.run_for(ANSWERED_WITHIN)
    expect(begun).to_have_url(re.compile("/en/en/kiosk/$"))
    begun.get_by_role("button", name="Begin").click()
    expect(begun.locator("form.consent [name=purpose]").first).not_to_be_checked()


def test_who_is_still_there_goes_on(begun):
    sentence = begun.locator("[data-piece=sentence]").inner_text()
    begun.clock.run_for(ASKED_AFTER)
    begun.get_by_role("button", name="I am still here").click()
    expect(question(begun)).to_be_hidden()
    begun.keyboard.press("Tab")
    begun.clock.run_for(ASKED_AFTER)
    for key in ("Enter", "Escape"):
        answer(begun, key)
        begun.clock.run_for(ASKED_AFTER)
    answer(begun, "Enter")
    expect(begun.locator("vc-speak")).to_have_attribute("data-state", "idle")
    begun.clock.run_for(ASKED_AFTER - 5_000)
    begun.keyboard.press("Tab")
    begun.clock.run_for(ASKED_AFTER - 5_000)
    expect(question(begun)).to_be_hidden()
    expect(begun.locator("[data-piece=sentence]")).to_have_text(sentence)


def test_a_long_answer_is_not_interrupted(begun):
    begun.goto("/en/en/answer/")
    begun.locator("[data-piece=main]").click()
    begun.wait_for_selector("vc-speak[data-state=recording]")
    begun.clock.run_for(ASKED_AFTER + ANSWERED_WITHIN + 5_000)
    expect(question(begun)).to_be_hidden()
    expect(begun.locator("vc-speak")).to_have_attribute("data-state", "recording")
