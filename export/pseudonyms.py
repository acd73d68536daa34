"""Names that speakers bear in releases: stable within a language, unlinkable across languages and instances."""

import hashlib
import hmac
from uuid import UUID


def client_id(key: str, locale: str, speaker_id: UUID) -> str:
    """Return the speaker's name in releases of one language: HMAC-SHA-512 under a key per language, 128 hex digits."""
    return hmac.new(_locale_key(key, "client_id", locale), speaker_id.bytes, hashlib.sha512).hexdigest()


def place(key: str, locale: str, client_id: str) -> str:
    """Return the speaker's place in the order that splits walk: nobody without the key can choose or foresee it."""
    return hmac.new(_locale_key(key, "place", locale), bytes.fromhex(client_id), hashlib.sha512).hexdigest()


def _locale_key(key: str, purpose: str, locale: str) -> bytes:
    return hmac.new(key.encode(), f"{purpose}\0{locale}".encode(), hashlib.sha512).digest()
