"""The release that `publish.py` fetched, and the means to read it as it is; no loader may ask a network."""

import os
import socket
import subprocess

import pytest
from published import LOCALES, PUBLISHED

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def connect(self, address):
        raise AssertionError(f"a loader asks {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def downloads():
    return PUBLISHED / "downloads"


@pytest.fixture(scope="session")
def corpus(downloads, tmp_path_factory):
    """The folder to which the archives with MP3s of all languages unpack."""
    folder = tmp_path_factory.mktemp("unpacked")
    for locale in LOCALES:
        [archive] = downloads.glob(f"*-??-??-{locale}.tar.gz")
        subprocess.run(["tar", "xzf", archive], cwd=folder, check=True)
    [corpus] = folder.iterdir()
    return corpus


@pytest.fixture(params=LOCALES)
def edition(request, corpus):
    """The folder of each language."""
    return corpus / request.param
