"""Texts read aloud for people who don't read: where the sound lies, under the number of its reading alone."""

from uuid import UUID

from django.core.files.storage import storages


def key(reading_id: UUID) -> str:
    """Return the key of the MP3 that is played."""
    return f"readings/{reading_id.hex[:2]}/{reading_id}/delivery.mp3"


def upload_key(reading_id: UUID) -> str:
    """Return the key of the file as it was sent, which is deleted once the MP3 is there."""
    return f"readings/{reading_id.hex[:2]}/{reading_id}/upload"


def link(reading_id: UUID | None) -> str:
    """Return a short signed link to the sound; "" where nobody has read the text aloud."""
    return storages["private"].url(key(reading_id)) if reading_id else ""
