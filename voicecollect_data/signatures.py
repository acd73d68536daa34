"""Signatures as the stock `minisign` makes them (https://jedisct1.github.io/minisign/#signature-format)."""

import base64
import binascii
import hashlib
import re
from pathlib import Path

from voicecollect_data.ed25519 import verifies
from voicecollect_data.faults import Damaged

PURE, PREHASHED = b"Ed", b"ED"
KEY_FILE = "minisign.pub"
_KEY_BYTES, _SIGNATURE_BYTES = 42, 74
# The first line is not signed, but always says the same in a release: so that no change goes unseen
_FORM = re.compile(
    r"untrusted comment: signature by VoiceCollect\n(?P<one>\S+)\n"
    r"trusted comment: (?P<told>[^\n]*)\n(?P<all>\S+)\n"
)


def public_key(given: str) -> bytes:
    """Return a public key from its text, or from a file that holds it. Raises Damaged."""
    text = Path(given).read_text(errors="replace") if Path(given).is_file() else given
    lines = text.split("\n")
    key = _bytes(lines[1] if lines[0].startswith("untrusted comment:") and len(lines) > 1 else lines[0])
    if len(key) != _KEY_BYTES or not key.startswith(PURE):
        raise Damaged(given, "is no public key of minisign")
    return key


def of(path: Path) -> Path:
    """Return where the signature of a file lies."""
    return path.with_name(f"{path.name}.minisig")


def check(path: Path, key: bytes) -> str:
    """Return the trusted comment of the signature beside a file. Raises Damaged if it doesn't hold."""
    with path.open("rb") as file:
        content = hashlib.blake2b()
        while chunk := file.read(1 << 20):
            content.update(chunk)
    beside = of(path)
    found = _FORM.fullmatch(beside.read_bytes().decode(errors="replace"))
    one, overall = (_bytes(found["one"]), _bytes(found["all"])) if found else (b"", b"")
    if not found or len(one) != _SIGNATURE_BYTES or one[:2] != PREHASHED:
        raise Damaged(str(beside), "is no signature")
    if one[2:10] != key[2:10]:
        raise Damaged(str(beside), "was made with another key")
    if not verifies(key[10:], content.digest(), one[10:]):
        raise Damaged(str(path), f"it or its signature, {beside.name}, was changed")
    if not verifies(key[10:], one[10:] + found["told"].encode(), overall):
        raise Damaged(str(beside), "its trusted comment was changed")
    return found["told"]


def _bytes(text: str) -> bytes:
    """Return what Base64 stands for, empty for anything that isn't in its one right form."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if base64.b64encode(data).decode() == text else b""
