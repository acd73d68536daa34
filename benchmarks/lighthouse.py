"""What Lighthouse says of the pages that people see first: performance, accessibility, best practices, from 0 to 100.

Debian's Chromium, Lighthouse's usual phone (a slow 4G, a CPU four times slower), an embedded instance without a
proxy. The page for recording is opened by somebody who has agreed already.
"""

import json
import os
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
PAGES = ("home", "speak", "listen", "language", "dataset")


def scores(address: str, cookies: str, report: Path) -> dict[str, float]:
    """Return the score of each category, of one run."""
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
    subprocess.run(command, check=True, env=os.environ | quiet, stdout=subprocess.DEVNULL)
    found = json.loads(report.read_text())["categories"]
    return {name: 100 * found[name]["score"] for name in CATEGORIES}


def main() -> None:
    with tempfile.TemporaryDirectory() as name, Instance(Path(name) / "instance") as instance:
        folder = Path(name)
        furnish(instance, folder)
        with sync_playwright() as playwright, Chromium(playwright) as chromium:
            settled = settle(chromium, instance.url)
        cookies = "; ".join(f"{each['name']}={each['value']}" for each in settled.state["cookies"])
        figures = {
            page: scores(f"{instance.url}/en/{settled.addresses[page]}", cookies, folder / f"{page}.json")
            for page in PAGES
        }
    show(("page", *CATEGORIES), [(page, *found.values()) for page, found in figures.items()])
    write("lighthouse", {"scores": figures})


if __name__ == "__main__":
    main()
