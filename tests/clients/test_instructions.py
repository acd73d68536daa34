"""What pages and docs tell people to type works, as it stands there, on a release as it is downloaded."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from published import PUBLISHED

ROOT = Path(__file__).parents[2]


class _Commands(HTMLParser):
    """Collects what stands in `pre`."""

    def __init__(self):
        super().__init__()
        self.inside, self.text = False, ""

    def handle_starttag(self, tag, attrs):
        self.inside = self.inside or tag == "pre"

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data):
        self.text += data if self.inside else ""


def _shell(commands, folder):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    command = ["bash", "-euo", "pipefail", "-c", commands]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(downloads, tmp_path):
    return shutil.copytree(downloads, tmp_path / "downloads")


def test_the_commands_of_a_datasets_page_run(folder):
    page = _Commands()
    page.feed((PUBLISHED / "page.html").read_text())
    for tool in ("minisign", "sha256sum", "tar", "pandas", "datasets", "lhotse", "webdataset", "mlcroissant"):
        assert tool in page.text
    done = _shell(page.text, folder)
    assert done.returncode == 0, done.stderr
    assert "Signature and comment signature verified" in done.stdout
    assert "44 rows x 13 columns" in done.stdout


@pytest.mark.parametrize("kind", ["", "-flac", "-metadata"])
def test_what_the_datasheet_says_runs_in_the_unpacked_folder(folder, kind):
    [archive] = folder.glob(f"*-??-??-en{kind}.tar.gz")
    subprocess.run(["tar", "xzf", archive], cwd=folder, check=True)
    [edition] = folder.glob("*/en")
    blocks = re.findall(r"```(python|sh)\n(.*?)```", (edition / "README.md").read_text(), re.DOTALL)
    assert len(blocks) == (1 if kind == "-metadata" else 3)
    for language, block in blocks:
        done = _shell(block if language == "sh" else f"python - <<'END'\n{block}\nEND", edition)
        assert done.returncode == 0, done.stderr


def test_the_commands_of_the_docs_run(folder):
    text = (ROOT / "docs" / "release-format.md").read_text().split("## Verifying")[1].split("## ")[0]
    commands = "".join(re.findall(r"^    (.*\n)", text, re.MULTILINE))
    assert "minisign" in commands
    done = _shell(commands, folder)
    assert done.returncode == 0, done.stderr
