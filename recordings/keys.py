"""Where the files of a recording lie in the private storage: ids only, never a person, never a sentence."""

from uuid import UUID


def original(recording_id: UUID, sha256: str) -> str:
    """Return the key of the bytes as they came; their hash is in it, so that no upload replaces another."""
    return f"originals/{recording_id.hex[:2]}/{recording_id}/{sha256}"


def master(clip_id: UUID | str, version: int) -> str:
    """Return the key of a clip's lossless FLAC, as one version of the pipeline made it."""
    return f"{_clip(str(clip_id), version)}/master.flac"


def delivery(clip_id: UUID | str, version: int) -> str:
    """Return the key of a clip's MP3, which is played and released, as one version of the pipeline made it."""
    return f"{_clip(str(clip_id), version)}/delivery.mp3"


def _clip(name: str, version: int) -> str:
    return f"clips/{name[:2]}/{name}/{version}"
