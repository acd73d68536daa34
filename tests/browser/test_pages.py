"""Every page, in light and dark, in English and Arabic: reachable by everybody, and never wider than the screen."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.giving import give
from tests.browser.speaking import agree
from tests.browser.visitors import DESKTOP, PHONE

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = [
    "",
    "?q=nothing+like+this",
    "languages/",
    "ar/",
    "consent/",
    "ar/speak/",
    "ar/listen/",
    "ar/write/",
    "ar/review/",
    "sw/listen/",
    "me/",
    "me/about/",
    "me/code/",
    "me/consents/",
    "me/voices/",
    "recover/",
    "help/",
    "about/",
    "accessibility/",
    "offline/",
    "xx/",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FAULTS = """async rules => (await axe.run({ runOnly: rules })).violations.map(
  each => `${each.id} (${each.impact}): ${each.nodes.map(node => node.target).join(" | ")}`)"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module", autouse=True)
def clips(embedded_instance, tmp_path_factory):
    give(embedded_instance.url, tmp_path_factory.mktemp("clips"), locale="ar", count=1)


@pytest.fixture
def someone(visitor):
    """Someone who has agreed already, so that the page for recording opens."""

    def come(**options):
        page = visitor(forgive="404", **options)
        page.goto("/en/consent/")
        agree(page)
        return page

    return come


@pytest.mark.parametrize("ui", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(someone, ui, scheme):
    page = someone(viewport=PHONE, color_scheme=scheme)
    faults = []
    for path in PAGES:
        page.goto(f"/{ui}/{path}")
        page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true; })")
        page.evaluate(AXE.read_text())
        faults += [f"/{ui}/{path} {fault}" for fault in page.evaluate(FAULTS, RULES)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("ui", ["en", "fr", "ar"])
def test_no_page_is_wider_than_the_screen(someone, ui):
    page = someone(viewport=PHONE)
    wide = []
    for path in PAGES:
        page.goto(f"/{ui}/{path}")
        for width in (320, 360, DESKTOP["width"]):
            page.set_viewport_size({"width": width, "height": 740})
            if over := page.evaluate(TOO_WIDE):
                wide.append(f"/{ui}/{path} at {width}: {over} px too wide")
    assert not wide, "\n".join(wide)


@pytest.mark.parametrize(("ui", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_pages_run_in_the_direction_of_the_interface(visitor, ui, direction):
    page = visitor()
    page.goto(f"/{ui}/")
    expect(page.locator("html")).to_have_attribute("dir", direction)
    expect(page.locator("html")).to_have_attribute("lang", ui)
    brand = page.locator(".brand").bounding_box()
    assert (brand["x"] > 640) == (direction == "rtl")


def test_sentences_run_in_their_own_direction(someone):
    page = someone()
    page.goto("/en/ar/speak/")
    sentence = page.locator("[data-piece=sentence]")
    expect(sentence).to_have_attribute("lang", "ar")
    expect(sentence).to_have_attribute("dir", "rtl")


def test_every_page_but_recording_works_without_scripts(visitor):
    page = visitor(java_script_enabled=False, forgive="404")
    for path in PAGES:
        page.goto(f"/en/{path}")
        expect(page.locator("main")).not_to_be_empty()
    page.goto("/en/consent/?next=/en/ar/speak/")
    page.locator("[name=purpose]").first.check()
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_text("Recording needs JavaScript")).to_be_visible()


def test_touch_targets_are_large_enough(someone):
    page = someone(viewport=PHONE)
    small = """() => [...document.querySelectorAll("button, summary, select, nav a, .button")]
      .filter(each => each.checkVisibility({ visibilityProperty: true }))
      .map(each => [each.innerText || each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.height < 44 || box.width < 24))
      .map(([words, box]) => `${words} ${box.width} x ${box.height}`)"""
    for path in PAGES:
        page.goto(f"/en/{path}")
        assert page.evaluate(small) == [], path


def test_the_language_of_the_interface_is_apart_from_the_language_given(visitor):
    page = visitor()
    page.goto("/en/ar/")
    page.locator(".picker summary").click()
    page.locator(".picker").get_by_role("link", name="Français").click()
    expect(page).to_have_url("/fr/ar/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_a_receipt_fits_the_screen_and_is_reachable(someone):
    page = someone(viewport={"width": 320, "height": 700})
    page.goto("/en/me/consents/")
    page.get_by_role("link", name="Receipt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    assert page.evaluate(TOO_WIDE) == 0
    page.evaluate(AXE.read_text())
    assert page.evaluate(FAULTS, RULES) == []
