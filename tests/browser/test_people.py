"""What people may do with the voice that they gave: find it again elsewhere, take it out, share a device."""

import json
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.giving import say
from tests.browser.speaking import agree, open_speak, record, send, wait_until_sent
from tests.browser.visitors import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.alone]
SENTENCE = "The ferry was late again, so we walked along the shore."


@pytest.fixture(scope="module")
def microphone(tmp_path_factory):
    return say(SENTENCE, tmp_path_factory.mktemp("people") / "voice.wav")


def test_a_recording_is_found_again_taken_out_and_taken_back_on_another_device(visitor, microphone, tmp_path):
    first = visitor(microphone=microphone, viewport=PHONE)
    open_speak(first)
    read = first.locator("[data-piece=sentence]").inner_text()
    record(first, 4)
    send(first)
    wait_until_sent(first)
    first.goto("/en/me/code/")
    first.get_by_role("button", name="Make a code").click()
    code = first.locator("article code").inner_text()

    second = visitor(viewport=PHONE, java_script_enabled=False)
    second.goto("/en/recover/")
    second.get_by_label("Recovery code").fill(code.lower().replace("-", " "))
    second.get_by_role("button", name="Find my voice").click()
    expect(second.get_by_text(read)).to_be_visible()

    with second.expect_download() as download:
        second.get_by_role("link", name="Download everything").click()
    download.value.save_as(tmp_path / "voice.zip")
    with zipfile.ZipFile(tmp_path / "voice.zip") as taken:
        assert taken.testzip() is None
        [told] = map(json.loads, taken.read("recordings.jsonl").splitlines())
        assert told["read"] == [read]
        assert any(name.startswith("originals/") for name in taken.namelist())

    second.get_by_text("Take back", exact=True).click()
    second.get_by_role("button", name="Yes, delete it").click()
    expect(second.get_by_text("Nothing was sent with this voice yet.")).to_be_visible()
    first.goto("/en/me/")
    expect(first.get_by_text(read)).to_have_count(0)


def test_two_people_share_a_device_without_scripts_each_with_an_answer_of_their_own(visitor):
    page = visitor(viewport=PHONE, java_script_enabled=False)
    page.goto("/en/me/voices/")
    for name in ("Amina", "Ben"):
        page.get_by_label("Name on this device").last.fill(name)
        page.get_by_role("button", name="Add a voice").click()
        agree(page)
    expect(page.locator(".row", has_text="Speaks now")).to_contain_text("Ben")
    page.goto("/en/en/speak/")
    page.get_by_role("button", name="Amina").click()
    page.wait_for_url("**/en/en/speak/")
    expect(page.locator("form.voice strong")).to_have_text("Amina")
