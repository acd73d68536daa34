"""What a person does to record, in steps that tests put together."""

import time

from playwright.sync_api import Page, expect

PATIENCE = 30  # seconds for a take to be sent
DONE = "vc-speak:is([data-state=kept], [data-state=doubtful], [data-state=refused], [data-state=failed])"

UNDER_WAY = {"asking", "warming", "recording"}


def agree(page: Page) -> None:
    """Agree to every purpose on the page about consent."""
    expect(page.locator("form.consent button")).to_be_visible()
    for box in page.locator("form.consent [name=purpose]").all():
        box.check()
    page.locator("form.consent button").click()


def open_speak(page: Page, locale: str = "en", ui: str = "en", to: str = "speak") -> None:
    """Go to the page for recording, or `to` answer questions, agreeing on the way if need be."""
    page.goto(f"/{ui}/{locale}/{to}/")
    if "/consent/" in page.url:
        agree(page)
    expect(page.locator("vc-speak[data-view=task] [data-piece=sentence]")).not_to_be_empty()
    expect(page.locator("[data-piece=step]").first).to_be_visible()


def record(page: Page, seconds: float = 2.5) -> str:
    """Record one take of that length, and return what became of it: kept, doubtful, refused or failed."""
    if page.locator("vc-speak").get_attribute("data-state") not in UNDER_WAY:
        page.locator("[data-piece=main]").click()
    page.wait_for_selector("vc-speak[data-state=recording]")
    page.wait_for_timeout(seconds * 1000)
    page.locator("[data-piece=main]").click()
    page.wait_for_selector(DONE)
    return page.locator("vc-speak").get_attribute("data-state") or ""


def send(page: Page) -> None:
    """Review what was recorded, and send it."""
    page.locator("[data-piece=review]").click()
    page.locator("vc-speak [data-piece=send]").click()
    page.wait_for_selector("vc-speak[data-view=thanks]")


def outbox(page: Page) -> list[dict[str, object]]:
    """Return the takes on the device, without their sound."""
    found: list[dict[str, object]] = page.evaluate(
        """() => new Promise((resolve, reject) => {
             const open = indexedDB.open("voicecollect");
             open.onerror = () => reject(open.error);
             open.onsuccess = () => {
               const all = open.result.transaction("takes").objectStore("takes").getAll();
               all.onsuccess = () => {
                 resolve(all.result.map(({ bytes, ...rest }) => ({ ...rest, size: bytes.byteLength })));
                 open.result.close();
               };
             };
           })"""
    )
    return found


def wait_until_sent(page: Page) -> None:
    """Wait until nothing is left on the device, and the page says so."""
    deadline = time.monotonic() + PATIENCE
    while left := outbox(page):  # asked first: the page says "empty" also until it noticed what is to be sent
        assert time.monotonic() < deadline, left
        page.wait_for_timeout(100)
    expect(page.locator("vc-outbox")).to_have_attribute("data-state", "empty", timeout=1000 * PATIENCE)
