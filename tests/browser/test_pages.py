"""Every page, in light and dark and in each direction: reachable by everybody, and never wider than the screen."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.accounts import ACCOUNT_PAGES, walk
from tests.browser.pages import NEED_SCRIPTS, furnish, settle
from tests.browser.visitors import DESKTOP, PHONE

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FAULTS = """async rules => (await axe.run({ runOnly: rules })).violations.map(
  each => `${each.id} (${each.impact}): ${each.nodes.map(node => node.target).join(" | ")}`)"""
OPEN_ALL = "document.querySelectorAll('main details').forEach(each => { each.open = true; })"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = """() => [...document.querySelectorAll("button, summary, select, nav a, .button")]
  .filter(each => each.checkVisibility({ visibilityProperty: true }))
  .map(each => [each.innerText || each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 44 || box.width < 24))
  .map(([words, box]) => `${words} ${box.width} x ${box.height}`)"""
DEAD_BUTTONS = """() => [...document.querySelectorAll("button")]
  .filter(each => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter(each => each.type !== "submit" || !each.form)
  .map(each => each.innerText)"""


@dataclass
class Seen:
    """What was found out about all pages in one language of the interface, each line with its address."""

    faults: list[str]
    too_wide: list[str]
    too_small: list[str]


@pytest.fixture(scope="module", autouse=True)
def settled(chromium, embedded_instance, tmp_path_factory):
    furnish(embedded_instance, tmp_path_factory.mktemp("clips"))
    return settle(chromium, embedded_instance.url)


@pytest.fixture
def someone(visitor, settled):
    """Someone who has agreed already, so that the page for recording opens."""
    return partial(visitor, storage_state=settled.state, forgive="404")


@pytest.fixture(scope="module", params=["en", "fr", "ar"])
def seen(request, chromium, embedded_instance, settled):
    """Look at every page once, without motion, since a colour on its way to another is neither."""
    options = {"viewport": PHONE, "reduced_motion": "reduce", "forgive": "404"}
    found = Seen([], [], [])
    someone = chromium.visitor(embedded_instance.url, None, storage_state=settled.state, **options)
    for path in settled.addresses.values():
        someone.page.goto(f"/{request.param}/{path}")
        look(someone.page, found)
    newcomer = chromium.visitor(embedded_instance.url, None, **options)
    walked = []
    for name in walk(newcomer.page, embedded_instance.web.log, request.param):
        look(newcomer.page, found)
        walked.append(name)
    assert set(walked) == set(ACCOUNT_PAGES)
    for each in (someone, newcomer):
        each.leave()
        assert not each.complaints, "\n".join(each.complaints)
    return found


def look(page, found):
    address = urlsplit(page.url).path
    found.too_small += [f"{address} {each}" for each in page.evaluate(TOO_SMALL)]
    page.evaluate(OPEN_ALL)
    for width in (320, PHONE["width"], DESKTOP["width"]):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        if over := page.evaluate(TOO_WIDE):
            found.too_wide.append(f"{address} at {width}: {over} px")
    page.set_viewport_size(PHONE)
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found.faults += [f"{address} {scheme}: {fault}" for fault in page.evaluate(FAULTS, RULES)]


def test_axe_finds_nothing(seen):
    assert not seen.faults, "\n".join(seen.faults)


def test_no_page_is_wider_than_the_screen(seen):
    assert not seen.too_wide, "\n".join(seen.too_wide)


def test_touch_targets_are_large_enough(seen):
    assert not seen.too_small, "\n".join(seen.too_small)


def test_every_page_but_recording_works_without_scripts(someone, settled):
    page = someone(java_script_enabled=False)
    for name, path in settled.addresses.items():
        page.goto(f"/en/{path}")
        expect(page.get_by_role("heading", level=1), name).to_have_count(1)
        if name in NEED_SCRIPTS:
            expect(page.get_by_text("needs JavaScript, since")).to_be_visible()
        else:
            assert page.evaluate(DEAD_BUTTONS) == [], name


@pytest.mark.parametrize("name", ["home", "speak", "listen", "transcribe", "language", "dataset"])
def test_a_page_can_be_used_after_few_requests(someone, settled, name):
    """A style and scripts, side by side: what else is fetched, a page does not wait for."""
    page, asked = someone(service_workers="block"), []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.goto(f"/en/{settled.addresses[name]}", wait_until="load")
    assert len([url for kind, url in asked if kind in {"stylesheet", "script"}]) <= 4, asked


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


def test_the_language_of_the_interface_is_apart_from_the_language_given(visitor):
    page = visitor()
    page.goto("/en/ar/")
    page.locator(".picker summary").click()
    page.locator(".picker").get_by_role("link", name="Français").click()
    expect(page).to_have_url("/fr/ar/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
