"""How soon pages can be used on a cheap phone with a bad network: 400 kbit/s, 400 ms round trip, a CPU 6 times slower.

Chromium throttles itself (DevTools protocol); each visit is somebody's first, with nothing in any cache, and the
median of five. "Usable" is: the first paint of a page, and for recording and listening that its buttons answer too. A
machine that is busy with something else makes it later, so its load is told too.
"""

import os
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks import show, write
from tests.browser.pages import furnish, settle
from tests.browser.visitors import PHONE, Chromium
from tests.servers.instance import Instance

VISITS = 5
NETWORK = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
SLOWER = 6
AWAKE = {"speak": "[data-piece=place]:not(:empty)", "listen": "vc-listen.is-awake"}
PAGES = ("home", "speak", "listen", "language", "dataset", "transcribe")
FIRST_PAINT = """() => new Promise((tell) => new PerformanceObserver((list) => tell(list.getEntries()[0].startTime))
  .observe({ type: "paint", buffered: true }))"""


@dataclass
class Visit:
    usable_ms: float
    requests: int
    kilobytes: float


def visit(page: Page, path: str, awake: str | None) -> Visit:
    """Open a page for the first time."""
    cdp = page.context.new_cdp_session(page)
    wishes: dict[str, dict[str, Any]] = {
        "Network.enable": {},
        "Network.setCacheDisabled": {"cacheDisabled": True},
        "Network.emulateNetworkConditions": NETWORK,
        "Emulation.setCPUThrottlingRate": {"rate": SLOWER},
    }
    for method, parameters in wishes.items():
        cdp.send(method, parameters)
    sizes: list[float] = []
    cdp.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path, wait_until="commit")
    if awake:
        page.wait_for_selector(awake, state="attached")
        usable = page.evaluate("performance.now()")
    else:
        usable = page.evaluate(FIRST_PAINT)
    page.wait_for_load_state("load")
    return Visit(usable, len(sizes), sum(sizes) / 1000)


def main() -> None:
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name, Instance(Path(name) / "instance") as instance:
        furnish(instance, Path(name))
        with sync_playwright() as playwright, Chromium(playwright) as chromium:
            options = {"viewport": PHONE, "service_workers": "block"}
            settled = settle(chromium, instance.url)
            for page in PAGES:
                visits = []
                for _ in range(VISITS):
                    someone = chromium.visitor(instance.url, None, storage_state=settled.state, **options)
                    visits.append(visit(someone.page, f"/en/{settled.addresses[page]}", AWAKE.get(page)))
                    someone.leave()
                figures[page] = {
                    field: statistics.median(getattr(each, field) for each in visits)
                    for field in ("usable_ms", "requests", "kilobytes")
                }
    show(
        ("page", "usable ms", "requests", "kB"), [(page, *found.values()) for page, found in figures.items()]
    )
    load = os.getloadavg()[1]
    print(f"load {load:.1f}")
    write("pages", {"pages": figures, "load": load})


if __name__ == "__main__":
    main()
