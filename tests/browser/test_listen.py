"""Judging clips: with the keyboard alone, with the mouse, and without scripts."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.giving import give
from tests.browser.visitors import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def clips(embedded_instance, tmp_path_factory):
    give(embedded_instance.url, tmp_path_factory.mktemp("clips"), locale="en", count=4)


def vote_of(response):
    assert response.value.ok
    return json.loads(response.value.request.post_data)


def test_a_vote_opens_when_most_was_heard_and_counts(visitor):
    page = visitor(viewport=PHONE)
    page.goto("/en/en/listen/")
    sentence = page.locator("[data-piece=sentence]")
    first = sentence.inner_text()
    expect(page.get_by_role("button", name="Yes")).to_be_disabled()
    page.get_by_role("button", name="Play or pause").click()
    expect(page.get_by_role("button", name="Yes")).to_be_enabled(timeout=15_000)
    with page.expect_response("**/votes") as answer:
        page.get_by_role("button", name="Yes").click()
    assert vote_of(answer) == {"isValid": True, "reasons": []}
    expect(sentence).not_to_have_text(first)
    expect(page.locator("[data-piece=judged]")).to_have_text("1")

    expect(page.locator("[data-piece=wave]").first).to_have_attribute("d", re.compile("M.*V"))

    second = sentence.inner_text()
    page.get_by_role("button", name="Play or pause").click()
    expect(page.get_by_role("button", name="Not sure")).to_be_enabled(timeout=15_000)
    page.get_by_role("button", name="Not sure").click()
    expect(sentence).not_to_have_text(second)
    for before in (second, first):
        page.get_by_role("button", name="Change my last answer").click()
        expect(sentence).to_have_text(before)
    page.locator("summary", has_text="No").click()
    with page.expect_response("**/votes") as answer:
        page.get_by_role("button", name="cut off").click()
    assert vote_of(answer) == {"isValid": False, "reasons": ["cut-off"]}
    expect(sentence).not_to_have_text(first)


def test_what_is_pressed_before_the_sound_is_there_plays_it_then(visitor):
    page = visitor()
    held = []

    def hold(route):
        held.append(route)

    page.route("**/delivery.mp3*", hold)
    page.goto("/en/en/listen/")
    page.get_by_role("button", name="Play or pause").click()
    expect(page.locator("vc-listen.is-playing")).to_be_visible()
    page.wait_for_timeout(200)  # a press that gets lost is lost by now
    for route in held:
        route.continue_()
    page.wait_for_selector("vc-listen[data-state=heard]")


def test_the_keyboard_alone_suffices(visitor):
    page = visitor()
    page.goto("/en/en/listen/")
    play = page.get_by_role("button", name="Play or pause")
    while not play.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_selector("vc-listen[data-state=heard]")
    while page.evaluate("document.activeElement.innerText.trim()") != "No":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_response("**/votes") as answer:
        page.keyboard.press("Enter")
    assert vote_of(answer) == {"isValid": False, "reasons": ["misread"]}
    expect(play).to_be_focused()


def test_single_keys_work_once_they_are_switched_on(visitor):
    page = visitor()
    page.goto("/en/en/listen/")
    page.keyboard.press("p")
    expect(page.locator("vc-listen.is-playing")).to_have_count(0)
    page.locator("summary", has_text="Settings").click()
    page.get_by_label("Keyboard shortcuts").check()
    page.locator("[data-piece=play]").focus()
    page.keyboard.press("p")
    page.wait_for_selector("vc-listen[data-state=heard]")
    with page.expect_response("**/votes") as answer:
        page.keyboard.press("y")
    assert vote_of(answer) == {"isValid": True, "reasons": []}


def test_keys_stand_on_the_buttons_and_can_be_moved(visitor):
    page = visitor()
    page.goto("/en/en/listen/")
    sign = page.locator("button.yes kbd")
    expect(sign).to_be_hidden()
    page.locator("summary", has_text="Settings").click()
    page.get_by_label("Keyboard shortcuts").check()
    expect(sign).to_have_text("Y")
    page.locator("[data-rebind=yes]").click()
    page.keyboard.press("j")
    expect(sign).to_have_text("J")
    page.reload()
    expect(sign).to_have_text("J")
    expect(page.locator("[data-rebind=yes]")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("[data-rebind=yes]")).to_be_visible()


def test_an_answer_that_does_not_get_through_is_not_lost(visitor):
    page = visitor(forgive="503")
    page.goto("/en/en/listen/")
    page.get_by_role("button", name="Play or pause").click()
    page.wait_for_selector("vc-listen[data-state=heard]")
    page.route("**/votes", lambda route: route.fulfill(status=503))
    sentence = page.locator("[data-piece=sentence]").inner_text()
    page.get_by_role("button", name="Not sure").click()
    expect(page.get_by_role("status")).to_contain_text("did not get through")
    expect(page.locator("[data-piece=sentence]")).to_have_text(sentence)
    page.unroute("**/votes")
    with page.expect_response("**/votes") as answer:
        page.get_by_role("button", name="Not sure").click()
    assert vote_of(answer) == {"isValid": None, "reasons": []}


def test_skipping_and_reporting(visitor):
    page = visitor()
    page.goto("/en/en/listen/")
    with page.expect_response("**/skipped_clips/*") as skipped:
        page.get_by_role("button", name="Skip").click()
    assert skipped.value.status == 204
    page.get_by_role("button", name="Report").click()
    page.get_by_label("a child's voice").check()
    with page.expect_response("**/reports") as reported:
        page.get_by_role("dialog").get_by_role("button", name="Report").click()
    assert vote_of(reported)["reasons"] == ["child-voice"]


def test_it_works_without_scripts(visitor):
    page = visitor(java_script_enabled=False)
    page.goto("/en/en/listen/")
    assert page.locator("audio[controls]").get_attribute("src")
    first = page.locator("[data-piece=sentence]").inner_text()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Thank you. Here is the next one.")).to_be_visible()
    expect(page.locator("[data-piece=sentence]")).not_to_have_text(first)
    page.locator("summary", has_text="No").click()
    page.get_by_role("button", name="noise").click()
    expect(page.get_by_text("Thank you. Here is the next one.")).to_be_visible()
