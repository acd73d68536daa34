"""Recording in a real browser, with a WAV as the microphone."""

import json
import re

import numpy
import pytest
import soundfile
from playwright.sync_api import expect

from tests.browser.giving import say
from tests.browser.speaking import open_speak, outbox, record, send, wait_until_sent
from tests.browser.visitors import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.alone]


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading")
    return say("The baker counted loaf after loaf, and the morning went by.", folder / "reading.wav")


@pytest.fixture(scope="module")
def seldom(tmp_path_factory):
    """A voice after six seconds of silence, again and again."""
    into = tmp_path_factory.mktemp("seldom") / "seldom.wav"
    return say("The baker counted loaf after loaf, and the morning went by.", into, before=6)


@pytest.fixture(scope="module")
def silence(tmp_path_factory):
    path = tmp_path_factory.mktemp("silence") / "silence.wav"
    noise = numpy.random.default_rng(2).normal(0, 0.0003, 48_000 * 3)
    soundfile.write(path, noise, 48_000, subtype="PCM_16")
    return path


def statuses(page):
    """Gather what the server says to takes."""
    seen = []
    page.on("response", lambda answer: "/api/v1/recordings/" in answer.url and seen.append(answer.status))
    return seen


def test_a_voice_goes_from_consent_to_a_processed_clip(visitor, reading):
    page = visitor(microphone=reading, viewport=PHONE)
    seen = statuses(page)
    page.goto("/en/")
    page.get_by_role("link", name="Speak English").click()
    expect(page.get_by_role("button", name="I agree")).to_be_visible()
    open_speak(page)

    assert record(page, 5) == "kept"
    expect(page.get_by_role("status")).to_contain_text("Sounds good.")
    page.get_by_role("button", name="Listen to it").click()
    expect(page.locator("vc-speak.is-playing")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    assert record(page, 4) == "kept"
    send(page)
    wait_until_sent(page)
    assert seen == [201, 201]

    page.get_by_role("link", name="My recordings").first.click()
    expect(page.get_by_text("Sent with this voice: 2")).to_be_visible()
    expect(page.locator(".row:not(.sitting) .withdraw")).to_have_count(2)


def test_a_take_that_is_not_sent_waits_for_the_next_visit(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    sentence = page.locator("[data-piece=sentence]").inner_text()
    record(page)
    page.reload()
    expect(
        page.locator("[data-piece=step][data-state=good], [data-piece=step][data-state=doubtful]")
    ).to_have_count(1)
    [take] = outbox(page)
    assert (take["state"], take["text"], take["type"]) == ("kept", sentence, "audio/flac")
    send(page)
    wait_until_sent(page)


def test_silence_is_refused_and_nothing_of_it_stays(visitor, silence):
    page = visitor(microphone=silence)
    open_speak(page)
    assert record(page, 2) == "refused"
    expect(page.get_by_role("status")).to_contain_text("no voice")
    assert outbox(page) == []


def test_a_refused_microphone_is_explained(visitor):
    page = visitor()
    open_speak(page)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status")).to_contain_text("The microphone is blocked")
    expect(page.get_by_role("button", name="Record")).to_be_enabled()


def test_escape_drops_the_running_take_once_shortcuts_are_on(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    page.keyboard.press("r")
    expect(page.locator("vc-speak")).to_have_attribute("data-state", "idle")
    page.locator("summary", has_text="Settings").click()
    page.get_by_label("Keyboard shortcuts").check()
    page.locator("[data-piece=main]").focus()
    page.keyboard.press("r")
    page.wait_for_selector("vc-speak[data-state=recording]")
    page.keyboard.press("Escape")
    expect(page.locator("vc-speak")).to_have_attribute("data-state", "idle")
    assert outbox(page) == []


def test_the_keyboard_alone_suffices(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    page.locator("[data-piece=main]").focus()
    page.keyboard.press("Space")
    page.wait_for_selector("vc-speak[data-state=recording]")
    page.wait_for_timeout(2500)
    page.keyboard.press("Enter")
    page.wait_for_selector("vc-speak.has-take")
    page.wait_for_selector("vc-speak:is([data-state=kept], [data-state=doubtful])")
    for name in ("Once more", "Review and send"):
        page.keyboard.press("Tab")
        assert name in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    expect(page.locator("[data-piece=review-title]")).to_be_focused()
    while "Send" not in page.evaluate("document.activeElement.innerText"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-piece=thanks-title]")).to_be_focused()
    wait_until_sent(page)


def test_skipping_and_reporting_bring_another_sentence(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    sentence = page.locator("[data-piece=sentence]")
    first = sentence.inner_text()
    with page.expect_response("**/skipped_sentences/*") as skipped:
        page.get_by_role("button", name="Skip").click()
    assert skipped.value.status == 204
    expect(sentence).not_to_have_text(first)
    second = sentence.inner_text()
    page.get_by_role("button", name="Report").click()
    page.get_by_label("Grammar or spelling").check()
    with page.expect_response("**/reports") as reported:
        page.get_by_role("dialog").get_by_role("button", name="Report").click()
    assert reported.value.status == 204
    assert json.loads(reported.value.request.post_data)["reasons"] == ["grammar-or-spelling"]
    expect(sentence).not_to_have_text(second)


def test_saving_data_sends_opus(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    page.locator("summary", has_text="Settings").click()
    page.get_by_label("Save data").check()
    record(page)
    [take] = outbox(page)
    assert take["type"].startswith("audio/webm")
    assert take["size"] < 60_000
    send(page)
    wait_until_sent(page)


def begin_hands_free(page):
    page.locator("summary", has_text="Settings").click()
    page.get_by_label("Hands-free").check()
    page.locator("[data-piece=main]").click()


def test_hands_free_the_voice_begins_each_take_and_a_pause_ends_it(visitor, seldom):
    page = visitor(microphone=seldom)
    open_speak(page)
    begin_hands_free(page)
    expect(page.get_by_text("Speak when you are ready")).to_be_visible()
    for place in "23":
        page.wait_for_selector("vc-speak[data-state=waiting]")
        page.wait_for_selector("vc-speak[data-state=recording]")
        expect(page.locator("[data-piece=place]")).to_have_text(place, timeout=15_000)
    takes = outbox(page)
    assert [take["state"] for take in takes] == ["kept", "kept"]
    for measures in (take["settings"]["measures"] for take in takes):
        assert 0.25 < measures["quietBefore"] < 0.75
        assert 1 < measures["quietAfter"] < 2.5


def test_hands_free_nothing_is_kept_while_nobody_speaks(visitor, silence):
    page = visitor(microphone=silence)
    open_speak(page)
    first = page.locator("[data-piece=sentence]").inner_text()
    begin_hands_free(page)
    page.wait_for_selector("vc-speak[data-state=waiting]")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("[data-piece=sentence]")).not_to_have_text(first)
    page.wait_for_selector("vc-speak[data-state=waiting]")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("vc-speak[data-state=idle]")
    assert outbox(page) == []


def test_hands_free_waits_for_sentences_that_are_still_on_their_way(visitor, seldom):
    page = visitor(microphone=seldom, service_workers="block")
    open_speak(page)
    asked = []

    def hold(route):
        asked.append(route)

    page.route("**/en/speak/", give_one_sentence)
    page.route("**/api/v1/en/sentences?*", hold)
    page.reload()
    expect(page.locator("[data-piece=total]")).to_have_text("1")
    begin_hands_free(page)
    page.wait_for_selector("vc-speak[data-view=task][data-state=kept]")
    asked[-1].continue_()
    expect(page.locator("[data-piece=total]")).to_have_text("5")
    expect(page.locator("[data-piece=place]")).to_have_text("2")
    page.wait_for_selector("vc-speak[data-state=recording]")


def give_one_sentence(route):
    """Answer with the page for recording as somebody gets it for whom the other sentences come later."""
    answer = route.fetch()
    [told] = re.findall(r'<script id="speak-data" type="application/json">(.+?)</script>', answer.text())
    data = json.loads(told)
    few = json.dumps(data | {"prompts": data["prompts"][:1]})
    route.fulfill(response=answer, body=answer.text().replace(told, few))


def test_beside_a_screen_reader_nothing_is_said_while_recording(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    page.locator("summary", has_text="Settings").click()
    page.get_by_label("I use a screen reader").check()
    page.evaluate(
        """() => {
             window.said = [];
             const line = document.querySelector("vc-speak > section [role=status]");
             const state = () => document.querySelector("vc-speak").dataset.state;
             new MutationObserver(() => said.push([state(), line.textContent])).observe(line, { childList: true });
           }"""
    )
    record(page)
    said = page.evaluate("said")
    assert all(not words for state, words in said if state in {"recording", "stopping"})
    assert [words for state, words in said if words][-1]


def test_the_microphone_can_be_tried_first(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    page.get_by_role("button", name="First time here?").click()
    page.get_by_role("button", name="Try the microphone", exact=True).click()
    expect(page.locator("[data-piece=verdict]")).to_contain_text("All is well", timeout=15_000)
    assert outbox(page) == []


def test_a_recording_is_taken_back_with_the_keyboard_alone(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    record(page)
    send(page)
    wait_until_sent(page)
    page.goto("/en/me/")
    expect(page.locator(".row:not(.sitting) .withdraw")).to_have_count(1)
    for words in ("Take back", "Yes, delete it"):
        while page.evaluate("document.activeElement.innerText.trim()") != words:
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(page.get_by_text("The recording was taken back.")).to_be_visible()
    expect(page.locator(".row:not(.sitting) .withdraw")).to_have_count(0)
