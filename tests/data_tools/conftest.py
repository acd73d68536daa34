"""A release as it is downloaded and unpacked, and the command."""

import pytest

from tests.export.releasing import download, people, publish, stem, unpack
from voicecollect_data.__main__ import main


@pytest.fixture
def release(db, tmp_path):
    """A folder with all files of a release, as they are downloaded."""
    people(4)
    publish(kinds=["mp3", "metadata"])
    return download(tmp_path / "downloads")


@pytest.fixture
def archive(release):
    return release / f"{stem()}-en.tar.gz"


@pytest.fixture
def edition(archive, tmp_path):
    return unpack(archive, tmp_path / "unpacked")


@pytest.fixture
def told(capsys):
    """Run the command; return its exit code and all that it said."""

    def run(*arguments):
        code = main([*map(str, arguments)])
        return code, "".join(capsys.readouterr())

    return run
