"""Signatures that the stock `minisign` verifies: Ed25519 over the BLAKE2b hash of a file, and over a trusted comment.

The format is that of https://jedisct1.github.io/minisign/#signature-format. The same content has the same signature.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from nacl.signing import SigningKey

PURE, PREHASHED = b"Ed", b"ED"


@dataclass(frozen=True)
class Signer:
    """A key pair with the number by which minisign tells keys apart."""

    _key: SigningKey
    _number: bytes

    @classmethod
    def from_secret(cls, secret: str) -> "Signer":
        """Return the key pair that belongs to a secret of any length."""
        digest = hmac.new(secret.encode(), b"minisign", hashlib.sha512).digest()
        return cls(SigningKey(digest[:32]), digest[32:40])

    def public_key(self) -> str:
        """Return the public key as `minisign -P` takes it."""
        return base64.b64encode(PURE + self._number + bytes(self._key.verify_key)).decode()

    def public_file(self) -> str:
        """Return the public key as a file for `minisign -p`."""
        number = int.from_bytes(self._number, "little")
        return f"untrusted comment: minisign public key {number:016X}\n{self.public_key()}\n"

    def sign(self, content: bytes, comment: str) -> str:
        """Return a `.minisig` file for the content; the comment, one line, is signed as well."""
        signature = self._key.sign(hashlib.blake2b(content).digest()).signature
        overall = self._key.sign(signature + comment.encode()).signature
        lines = (
            "untrusted comment: signature by VoiceCollect",
            base64.b64encode(PREHASHED + self._number + signature).decode(),
            f"trusted comment: {comment}",
            base64.b64encode(overall).decode(),
        )
        return "".join(f"{line}\n" for line in lines)
