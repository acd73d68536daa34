"""Pictures of every page: `make screenshots` puts them into screenshots/, to be looked at before a change is done.

Phone and desktop, light and dark, in each language of the interface, as a person with some recordings sees them.
"""

import base64
import sys
import tempfile
from functools import partial
from itertools import product
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.accounts import walk
from tests.browser.giving import give, say
from tests.browser.pages import furnish, settle
from tests.browser.speaking import open_speak, record, wait_until_sent
from tests.browser.visitors import Chromium
from tests.servers.instance import Instance

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "screenshots"
IMAGES = ROOT / "docs" / "images"
# Of the docs, from pictures of a phone in English and in light
STEPS = ("speak-2-recording", "speak-3-kept", "speak-5-review")
SIDE_BY_SIDE = """<style>
  body { margin: 0; padding: 28px; display: flex; gap: 24px; background: #e9e5da; width: max-content; }
  img { display: block; width: 320px; height: 622px; object-fit: cover; object-position: top; }
  img { border-radius: 18px; box-shadow: 0 6px 24px rgb(21 23 28 / 18%); }
</style>"""
ALL_IMAGES = """() => Promise.all([...document.images].map((each) => {
  each.loading = "eager";
  return each.decode();
}))"""
WIDTHS = {"phone": 360, "desktop": 1280}


def main() -> None:
    """Make all pictures, or those of the languages named on the command line."""
    languages = sys.argv[1:] or ["en", "fr", "ar"]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Instance(Path(folder) / "instance") as instance:
        work = Path(folder)
        furnish(instance, work)
        give(instance.url, work)
        voice = say("The baker counted loaf after loaf, and the morning went by.", work / "voice.wav")
        with sync_playwright() as playwright, Chromium(playwright) as chromium:
            settled = settle(chromium, instance.url)
            for ui, scheme, size in product(languages, ("light", "dark"), WIDTHS):
                suffix = f"{ui}-{size}-{scheme}"
                options = {
                    "viewport": {"width": WIDTHS[size], "height": 780},
                    "color_scheme": scheme,
                    "forgive": "404",
                    "locale": ui,
                }
                visitor = chromium.visitor(instance.url, voice, storage_state=settled.state, **options)
                _take_pictures(visitor.page, settled.addresses, ui, suffix)
                visitor.leave()
                newcomer = chromium.visitor(instance.url, voice, **options)
                for name in walk(newcomer.page, instance.web.log, ui):
                    _picture(newcomer.page, name, suffix)
                newcomer.leave()
            _compose(chromium, instance.url, voice)
            if "en" in languages:
                steps = [(FOLDER / f"{name}-en-phone-light.png").read_bytes() for name in STEPS]
                _side_by_side(chromium, steps, IMAGES / "recording.png")


def _take_pictures(page: Page, addresses: dict[str, str], ui: str, suffix: str) -> None:
    picture = partial(_picture, page, suffix=suffix)
    open_speak(page, ui=ui)
    picture("speak-1-ready")
    page.locator("[data-piece=main]").click()
    page.wait_for_selector("vc-speak[data-state=recording]")
    page.wait_for_timeout(2500)
    picture("speak-2-recording")
    page.wait_for_timeout(2000)
    page.locator("[data-piece=main]").click()
    page.wait_for_selector("vc-speak.has-take:is([data-state=kept], [data-state=doubtful])")
    picture("speak-3-kept")
    page.locator("[data-piece=main]").click()
    record(page, 1)
    picture("speak-4-advice")
    page.locator("[data-piece=review]").click()
    picture("speak-5-review")
    page.locator("vc-speak [data-piece=send]").click()
    page.wait_for_selector("vc-speak[data-view=thanks]")
    wait_until_sent(page)
    picture("speak-6-thanks")
    for name, path in addresses.items():
        page.goto(f"/{ui}/{path}")
        picture(name)


def _picture(page: Page, name: str, suffix: str) -> None:
    page.evaluate(ALL_IMAGES)
    page.screenshot(path=FOLDER / f"{name}-{suffix}.png", full_page=True)


def _compose(chromium: Chromium, url: str, voice: Path) -> None:
    """Put the pages for speaking and listening side by side, as the README shows them."""
    pictures = []
    for locale, scheme, ui in (("sw", "light", "en"), ("en", "light", "en"), ("ar", "dark", "ar")):
        viewport = {"width": 360, "height": 700}
        visitor = chromium.visitor(url, voice, viewport=viewport, color_scheme=scheme, locale=ui)
        page = visitor.page
        if locale == "en":
            page.goto("/en/en/listen/")
            page.locator("[data-piece=play]").click()
            page.wait_for_selector("vc-listen[data-state=heard]")
            page.locator("[data-piece=play]").blur()
        else:
            open_speak(page, locale, ui)
            page.locator("[data-piece=main]").click()
            page.wait_for_selector("vc-speak[data-state=recording]")
            page.wait_for_timeout(2500)
        page.evaluate("scrollTo(0, 0)")
        pictures.append(page.screenshot())
        visitor.leave()
    _side_by_side(chromium, pictures, IMAGES / "speak-and-listen.png")


def _side_by_side(chromium: Chromium, pictures: list[bytes], into: Path) -> None:
    sheet = chromium.visitor("http://localhost", None, viewport={"width": 1100, "height": 700})
    images = [f'<img src="data:image/png;base64,{base64.b64encode(each).decode()}">' for each in pictures]
    sheet.page.set_content(SIDE_BY_SIDE + "".join(images))
    into.parent.mkdir(parents=True, exist_ok=True)
    sheet.page.locator("body").screenshot(path=into)
    sheet.leave()


if __name__ == "__main__":
    main()
