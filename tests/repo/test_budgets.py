"""What a browser has to fetch, and that nothing runs or comes from elsewhere."""

import gzip
import json
import re
from pathlib import Path

import pytest

FRONTEND = Path(__file__).parents[2] / "frontend"
DIST = FRONTEND / "dist"
MANIFEST = json.loads((DIST / "manifest.json").read_text())


def needed_by(entry):
    """Return the files that a page with this entry loads: the entry, what it imports, and styles."""
    found, waiting = set(), [entry]
    while waiting:
        chunk = MANIFEST[waiting.pop()]
        found |= {chunk["file"], *chunk.get("css", [])}
        waiting += [name for name in chunk.get("imports", []) if MANIFEST[name]["file"] not in found]
    return found


def weight(files):
    return sum(len(gzip.compress((DIST / name).read_bytes(), 9)) for name in files)


ENTRIES = [name for name, chunk in MANIFEST.items() if chunk.get("isEntry")]
WORKERS = {path.relative_to(DIST).as_posix() for path in DIST.glob("assets/*work*.js")}


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_page_is_light(entry):
    """With the workers of the page for recording, which are the only ones."""
    files = needed_by("src/pages/site.ts") | needed_by(entry) | WORKERS
    assert weight(name for name in files if name.endswith(".js")) <= 15_000
    assert weight(name for name in files if name.endswith(".css")) <= 10_000


def test_the_worker_that_works_offline_is_light():
    assert weight(["sw.js"]) <= 3_000


def test_pages_fetch_nothing_from_elsewhere():
    addresses = re.compile(r"https?://(?!www\.w3\.org/)[\w.-]+")
    for path in [*DIST.rglob("*.js"), *DIST.rglob("*.css")]:
        assert not addresses.findall(path.read_text()), path.name


def test_the_lock_file_names_no_registry():
    lock = (FRONTEND / "package-lock.json").read_text()
    assert '"resolved"' not in lock


def test_styles_and_scripts_hold_no_words_for_people():
    """Words belong to templates: a script with a sentence in it can't be translated."""
    sentence = re.compile(r"""textContent\s*=\s*["'`][A-Za-z]{3,}""")
    for path in (FRONTEND / "src").rglob("*.ts"):
        assert not sentence.search(path.read_text()), path.name


def test_templates_hold_no_inline_styles_or_handlers():
    forbidden = re.compile(r"""\s(?:style|on[a-z]+)=["']|<script(?![^>]*nonce)|<style""")
    for path in (FRONTEND / "templates").rglob("*.html"):
        assert not forbidden.search(path.read_text()), path.name
