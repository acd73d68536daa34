"""Ids that follow from what they are of, so that whatever is done twice lands on the same rows and objects."""

from uuid import UUID, uuid5


def recording_id_of(speaker_id: UUID, take_id: UUID) -> UUID:
    """Return the id of the recording that a speaker's take becomes."""
    return uuid5(speaker_id, take_id.hex)


def clip_id_of(recording_id: UUID, position: int) -> UUID:
    """Return the id of the clip at a position (from 0) of a recording."""
    return uuid5(recording_id, str(position))
