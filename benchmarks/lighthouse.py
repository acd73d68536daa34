"""What Lighthouse says of the pages that people see first: performance, accessibility, best practices, from 0 to 100.

Debian's Chromium, Lighthouse's usual phone (a slow 4G, a CPU four times slower), an embedded instance without a
proxy, the median of three. The page for recording is opened by somebody who has agreed already. A machine that is busy
with something else scores lower, so its load is told too: believe figures where it is below the number of cores.
"""

import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import show, write
from tests.browser.pages import furnish, settle
from tests.browser.visitors import FLAGS, PROGRAM, Chromium
from tests.servers.instance import Instance

ROOT = Path(__file__).parents[1]
PROGRAM_OF_NODE = ROOT / "frontend" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
METRICS = {"lcp_ms": "largest-contentful-paint", "tbt_ms": "total-blocking-time"}
RUNS, TRIES = 3, 3  # Lighthouse now and then misses the start of a page
PAGES = ("home", "speak", "listen", "language", "dataset")


def look(address: str, cookies: str, report: Path) -> dict[str, float]:
    """Return the score of each category and what performance hangs on most, of one run."""
    command = [
        str(PROGRAM_OF_NODE),
        address,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--extra-headers={json.dumps({'Cookie': cookies})}",
        f"--chrome-flags=--headless --no-sandbox {' '.join(flag for flag in FLAGS if ' ' not in flag)}",
    ]
    quiet = {"CHROME_PATH": PROGRAM, "NO_UPDATE_NOTIFIER": "1"}
    for _ in range(TRIES):
        done = subprocess.run(command, check=False, env=os.environ | quiet, capture_output=True, text=True)
        if done.returncode == 0:
            break
    else:
        raise RuntimeError(done.stderr)
    found = json.loads(report.read_text())
    scores = {name: 100 * found["categories"][name]["score"] for name in CATEGORIES}
    return scores | {name: found["audits"][audit]["numericValue"] for name, audit in METRICS.items()}


def median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main() -> None:
    with tempfile.TemporaryDirectory() as name, Instance(Path(name) / "instance") as instance:
        folder = Path(name)
        furnish(instance, folder)
        with sync_playwright() as playwright, Chromium(playwright) as chromium:
            settled = settle(chromium, instance.url)
        cookies = "; ".join(f"{each['name']}={each['value']}" for each in settled.state["cookies"])
        figures = {}
        for page in PAGES:
            address = f"{instance.url}/en/{settled.addresses[page]}"
            figures[page] = median([look(address, cookies, folder / "report.json") for _ in range(RUNS)])
    load = os.getloadavg()[1]
    show(
        ("page", *CATEGORIES, "LCP ms", "TBT ms"),
        [(page, *found.values()) for page, found in figures.items()],
    )
    print(f"load {load:.1f}")
    write("lighthouse", {"pages": figures, "load": load})


if __name__ == "__main__":
    main()
