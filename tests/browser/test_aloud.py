"""For people who don't read: the consent text and the sentences are read to them, and no take has that voice in it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.giving import say
from tests.browser.speaking import DONE, agree, open_speak, record

pytestmark = [pytest.mark.browser, pytest.mark.alone]

TEXTS = [
    "Azul fell-awen ay imdanen n taddart.",
    "Aman d tudert i yal yiwen.",
    "Tafsut teǧǧuǧǧeg s yijeǧǧigen.",
]
OPENED = """
from languages.models import Language
from prompts.lines import Line
from prompts.receiving import Origin, take_in
language = Language.objects.create(tag="kab", state="open")
lines = [Line(number, text) for number, text in enumerate({texts!r})]
print(take_in(lines=lines, language=language, origin=Origin("tests")))
"""
CONSENT = """
from django.core.files import File
from accounts import consent
from recordings import readings, rendering
reading = readings.add(file=File(open({path!r}, "rb")), text=consent.current_text("en"), agreed=True)
rendering.process(reading.pk)
"""
# What happens on the page, in order: when a sound begins and ends, and each state of the recorder
WATCH = """
window.seen = [];
const note = (what) => window.seen.push([what, performance.now()]);
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  this.addEventListener("playing", () => note("reading"), { once: true });
  this.addEventListener("pause", () => note("silent"), { once: true });
  return play.call(this);
};
new MutationObserver((changes) => changes.forEach(({ target }) => {
  if (target.localName === "vc-speak") note(target.dataset.state);
})).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
"""
HEARD = "() => window.seen.some(([what]) => what === 'reading')"
KEPT = "caches.open('readings').then((kept) => kept.keys()).then((keys) => keys.length)"


@pytest.fixture(scope="module")
def voice(tmp_path_factory):
    folder = tmp_path_factory.mktemp("voice")
    return say("The baker counted loaf after loaf, and the morning went by.", folder / "voice.wav")


@pytest.fixture(scope="module")
def spoken(embedded_instance, voice):
    """Have all sentences of a language read aloud, and the consent text."""
    embedded_instance.manage("shell", "-v0", "-c", OPENED.format(texts=TEXTS))
    table = voice.with_name("table.tsv")
    table.write_text("file\tsentence\n" + "".join(f"{voice.name}\t{text}\n" for text in TEXTS))
    said = ["--table", str(table), "--locale", "kab", "--agreed"]
    assert "3 sentences" in embedded_instance.manage("read_aloud", str(voice.parent), *said).stdout
    embedded_instance.manage("shell", "-v0", "-c", CONSENT.format(path=str(voice)))
    return embedded_instance


def speaking(visitor, voice, **options):
    page = visitor(microphone=voice, **options)
    page.add_init_script(WATCH)
    open_speak(page, "kab")
    expect(page.locator("vc-speak.has-readings")).to_be_visible()
    return page


def first_at(page, what):
    return page.evaluate("(what) => window.seen.find(([seen]) => seen === what)[1]", what)


def read_first(page):
    page.locator("summary", has_text="Settings").click()
    page.get_by_label("Read sentences to me first").check()


def test_the_consent_text_can_be_listened_to_without_scripts(visitor, spoken):
    page = visitor(java_script_enabled=False)
    page.goto("/en/kab/speak/")
    expect(page).to_have_url(re.compile("/consent/"))  # the step before speaking
    player = page.locator("audio[controls]")
    expect(player).to_be_visible()
    expect(page.get_by_text("Listen to this text")).to_be_visible()
    sound = page.request.get(player.get_attribute("src"))
    assert (sound.status, sound.headers["content-type"]) == (200, "audio/mpeg")
    agree(page)
    page.goto("/fr/consent/")  # a text that nobody has read aloud
    expect(page.locator("audio")).to_have_count(0)


def test_a_sentence_is_heard_and_can_be_stopped(visitor, spoken, voice):
    page = speaking(visitor, voice)
    page.get_by_role("button", name="Hear it").click()
    page.wait_for_function(HEARD)
    page.locator("[data-piece=hear]").get_by_text("Stop").click()
    expect(page.locator("vc-speak.is-reading")).to_have_count(0)
    expect(page.locator("vc-speak")).to_have_attribute("data-state", "idle")


def test_who_wishes_hears_each_sentence_first_and_nothing_is_recorded_meanwhile(visitor, spoken, voice):
    page = speaking(visitor, voice)
    read_first(page)
    page.reload()
    page.locator("summary", has_text="Settings").click()
    expect(page.get_by_label("Read sentences to me first")).to_be_checked()
    page.locator("[data-piece=main]").click()
    page.wait_for_selector("vc-speak[data-state=recording]", timeout=30_000)
    assert first_at(page, "reading") < first_at(page, "silent")
    assert (
        first_at(page, "asking") - first_at(page, "silent") >= 300
    )  # the room is silent before the microphone opens
    page.wait_for_timeout(2500)
    page.locator("[data-piece=main]").click()
    page.wait_for_selector(DONE)


def test_a_press_ends_the_reading_and_another_sentence_forgets_it(visitor, spoken, voice):
    page = speaking(visitor, voice)
    read_first(page)
    page.locator("[data-piece=main]").click()
    page.wait_for_function(HEARD)
    assert record(page) in {"kept", "doubtful"}
    page.locator("[data-piece=step]").nth(1).click()
    page.locator("[data-piece=main]").click()
    page.wait_for_selector("vc-speak.is-reading")
    page.locator("[data-piece=step]").nth(2).click()
    expect(page.locator("vc-speak.is-reading")).to_have_count(0)
    expect(page.locator("vc-speak")).to_have_attribute("data-state", "idle")


def test_readings_are_there_without_a_network(visitor, spoken, voice):
    page = speaking(visitor, voice, forgive="ERR_INTERNET_DISCONNECTED|Failed to load resource")
    page.evaluate(
        f"async () => {{ while (await {KEPT} < 3) await new Promise((done) => setTimeout(done, 50)); }}"
    )
    page.context.set_offline(True)
    page.get_by_role("button", name="Hear it").click()
    page.wait_for_function(HEARD)
    expect(page.locator("vc-speak.is-reading")).to_have_count(0)
    page.context.set_offline(False)


def test_who_saves_data_keeps_no_readings_but_hears_them(visitor, spoken, voice):
    page = visitor(microphone=voice)
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });" + WATCH
    )
    open_speak(page, "kab")
    expect(page.locator("vc-speak.has-readings")).to_be_visible()
    page.get_by_role("button", name="Hear it").click()
    page.wait_for_function(HEARD)
    assert page.evaluate(KEPT) == 0
