"""Writing and reviewing sentences in a browser, with and without scripts."""

import uuid

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def write(page, *sentences):
    page.goto("/en/sw/write/")
    page.get_by_label("Sentences, one a line").fill("\n".join(sentences))
    form = page.locator("form").filter(has=page.locator("#text"))
    form.get_by_label("Where do they come from?").fill("Myself")
    form.get_by_label("I wrote it myself").check()
    form.get_by_role("button", name="Send to be reviewed").click()


def test_a_sentence_goes_from_its_writer_to_its_readers_without_scripts(visitor):
    text = f"Sungura alilala {letters()}."
    writer = visitor(java_script_enabled=False)
    write(writer, text, "Ana paka 2.")
    expect(writer.get_by_text("1 sentence was sent")).to_be_visible()
    expect(writer.get_by_text("Found: “2”")).to_be_visible()
    for _ in range(2):
        reviewer = visitor(java_script_enabled=False)
        reviewer.goto("/en/sw/review/")
        expect(reviewer.locator(".sentence")).to_have_text(text)
        reviewer.get_by_role("button", name="Yes").click()
    writer.goto("/en/sw/write/")
    expect(writer.locator(".row", has_text=text)).to_contain_text("approved")


def test_faults_are_told_while_somebody_writes_and_go_when_they_are_mended(visitor):
    page = visitor()
    page.goto("/en/sw/write/")
    field = page.get_by_label("Sentences, one a line")
    field.focus()
    page.keyboard.type("Ana paka mmoja tu.\nAna paka 2 nyumbani.")
    told = page.get_by_role("status").get_by_role("listitem").filter(has_text="It has digits")
    expect(told).to_contain_text("Sentence 2:")
    expect(field).to_be_focused()
    field.fill("Ana paka mmoja tu.\nAna paka wawili nyumbani.")
    expect(told).to_have_count(0)


def test_keys_review_once_they_are_switched_on(visitor):
    text = f"Twiga alikimbia {letters()}."
    write(visitor(), text)
    page = visitor()
    page.goto("/en/sw/review/")
    page.keyboard.press("a")
    expect(page.locator(".sentence")).to_have_text(text)
    page.get_by_text("Settings").click()
    page.get_by_label("Keyboard shortcuts").check()
    page.keyboard.press("r")
    page.keyboard.press("2")
    expect(page.get_by_text("Your last answer was about:")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Your answer is taken back.")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("No sentence waits for you here")).to_be_visible()


def letters():
    return uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
