"""Names of releases, archives and their members, and where they lie in the storage of releases.

Names hold ids, language tags and numbers only, never a person, never a sentence.
"""

import re
from datetime import date
from enum import StrEnum
from uuid import UUID

CORPUS = re.compile(r"[a-z][a-z0-9-]{0,23}")  # longer ones would not fit into the name field of a tar header
NUMBER = re.compile(r"(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})")


class Kind(StrEnum):
    """What an archive holds."""

    MP3 = "mp3"  # tables and the clips as MP3: the layout that existing tools read
    FLAC = "flac"  # the same with lossless clips
    METADATA = "metadata"  # tables alone
    DELTA = "delta"  # what makes of an earlier release this one, for the archive with MP3s
    SHARDS = (
        "shards"  # plain tars of about 1 GB, each MP3 beside what is known of it, as webdataset reads them
    )


def stem(corpus: str, number: str, cutoff: date) -> str:
    """Return what every name of a release begins with: `voicecollect-1.0-2026-11-30`."""
    return f"{corpus}-{number}-{cutoff:%Y-%m-%d}"


def archive_name(stem: str, locale: str, kind: Kind) -> str:
    """Return the file name of an archive; the classic one, with MP3s, is named as existing tools expect."""
    suffix = "" if kind == Kind.MP3 else f"-{kind}"
    return f"{stem}-{locale}{suffix}.tar.gz"


def delta_name(stem: str, locale: str, since: str) -> str:
    """Return the file name of a delta since the release of this number."""
    return f"{stem}-{locale}-from-{since}.tar.gz"


def shard_name(stem: str, locale: str, section: str, number: int) -> str:
    """Return the file name of a shard; those of a section are named as readers count: `{000000..000041}`."""
    return f"{stem}-{locale}-{section}-{number:06}.tar"


def published(number: str, name: str) -> str:
    """Return the key of a file that people download."""
    return f"datasets/{number}/{name}"


def clip_name(corpus: str, locale: str, clip_id: UUID | str, suffix: str = "mp3") -> str:
    """Return the bare file name of a clip, which the tables call `path`."""
    return f"{corpus}_{locale}_{str(clip_id).replace('-', '')}.{suffix}"


def suffix(kind: Kind) -> str:
    """Return how the names of an archive's clips end; tables without clips name MP3s."""
    return "flac" if kind == Kind.FLAC else "mp3"
