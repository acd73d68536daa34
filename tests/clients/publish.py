"""Publishes a release in an instance of its own and fetches it: `python -m tests.clients.publish FOLDER`.

FOLDER then holds `downloads/`, all files of the release, and `page.html`, the page of its English edition. It runs in
the project's environment; the tests beside it read the folder in one that has other people's packages alone.
"""

import sys
import tempfile
from pathlib import Path

from tests.export.instances import environment, manage

FETCH = """
from pathlib import Path
from django.test import Client
from tests.export.releasing import download
folder = Path({folder!r})
download(folder / "downloads")
page = Client(headers={{"host": "voices.example"}}).get("/en/datasets/en/1.0/", secure=True)
(folder / "page.html").write_bytes(page.content)
"""


def publish(folder: Path) -> None:
    """Publish English and Arabic, in all kinds of archives, and fetch all files."""
    with tempfile.TemporaryDirectory(prefix="publish-") as data:
        env = environment(Path(data))
        manage(env, "migrate", "-v0")
        manage(env, "shell", "-v0", "-c", Path(__file__).with_name("seed.py").read_text())
        command = ["release", "en", "ar", "--number=1.0", "--cutoff=2026-06-30", "--kinds"]
        manage(env, *command, "mp3", "flac", "metadata", "shards")
        manage(env, "shell", "-v0", "-c", FETCH.format(folder=str(folder)))


if __name__ == "__main__":
    publish(Path(sys.argv[1]).resolve())
