"""Signatures verify with the stock minisign, and only what was signed does."""

import io
import subprocess

import pytest
from django.core.management import call_command

from common.signing import Signer

SIGNER = Signer.from_secret("a secret of tests")
CONTENT = b"0123  archive.tar.gz\n"


def _verifies(folder, content=CONTENT, signature=None, key=None):
    (folder / "SHA256SUMS").write_bytes(content)
    (folder / "SHA256SUMS.minisig").write_text(signature or SIGNER.sign(CONTENT, "voicecollect-1.0"))
    command = ["minisign", "-V", "-P", key or SIGNER.public_key(), "-m", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_stock_minisign_verifies_and_shows_the_trusted_comment(tmp_path):
    done = _verifies(tmp_path)
    assert done.returncode == 0
    assert "Trusted comment: voicecollect-1.0" in done.stdout


def test_the_public_key_as_a_file_verifies_too(tmp_path):
    assert _verifies(tmp_path).returncode == 0
    (tmp_path / "minisign.pub").write_text(SIGNER.public_file())
    subprocess.run(["minisign", "-V", "-p", "minisign.pub", "-m", "SHA256SUMS"], cwd=tmp_path, check=True)


@pytest.mark.parametrize(
    "change",
    [
        {"content": CONTENT + b"x"},
        {"key": Signer.from_secret("another").public_key()},
        {"signature": SIGNER.sign(CONTENT, "voicecollect-1.0").replace("-1.0", "-1.1")},
        {"signature": SIGNER.sign(b"other content", "voicecollect-1.0")},
    ],
)
def test_whatever_was_changed_does_not_verify(tmp_path, change):
    assert _verifies(tmp_path, **change).returncode != 0


def test_the_same_content_has_the_same_signature():
    assert SIGNER.sign(CONTENT, "a") == Signer.from_secret("a secret of tests").sign(CONTENT, "a")


def test_the_command_shows_the_key_of_the_instance(settings):
    settings.SIGNING_KEY = "a secret of tests"
    out = io.StringIO()
    call_command("release_key", stdout=out)
    assert out.getvalue().strip() == SIGNER.public_key()
