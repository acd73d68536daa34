"""Where files about sentences lie: ids only, never a person, never a sentence."""

from uuid import UUID


def of_import(import_id: UUID) -> str:
    """Return the key of a file of sentences that waits to be taken in."""
    return f"imports/{import_id}"
