"""Texts read aloud for people who don't read: where the sound lies, under the number of its reading alone."""

from uuid import UUID

from django.urls import reverse


def key(reading_id: UUID) -> str:
    """Return the key of the MP3 that is played."""
    return f"readings/{reading_id.hex[:2]}/{reading_id}/delivery.mp3"


def upload_key(reading_id: UUID) -> str:
    """Return the key of the file as it was sent, which is deleted once the MP3 is there."""
    return f"readings/{reading_id.hex[:2]}/{reading_id}/upload"


def link(reading_id: UUID | None) -> str:
    """Return the address that leads to the sound as long as the text is in use; "" where nobody has read it aloud."""
    return reverse("api-reading", args=[reading_id]) if reading_id else ""
