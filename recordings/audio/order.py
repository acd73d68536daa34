"""What is asked of the pipeline and what it answers: plain values, safe to send between processes."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from languages.limits import Limits

# Of the pipeline and all that it measures; stands here, since who only asks for it should not load decoders
VERSION = 1


class Cut(StrEnum):
    WHOLE = "whole"  # one prompt, one take: one clip, trimmed at both ends
    PAUSES = "pauses"  # a long recording: utterances, cut at pauses


@dataclass(frozen=True)
class Order:
    cut: Cut
    limits: Limits = field(default_factory=Limits)
    text: str = ""  # of the prompt, for characters per second

    @property
    def most_bytes(self) -> int:
        return self.limits.whole_bytes if self.cut is Cut.WHOLE else self.limits.pauses_bytes

    @property
    def longest_seconds(self) -> float:
        if self.cut is Cut.WHOLE:
            return self.limits.whole_decoded_seconds
        return self.limits.pauses_decoded_seconds


@dataclass(frozen=True)
class Finding:
    code: str  # one of judge.REFUSALS
    detail: str = ""  # for logs: never personal data


class UnusableError(Exception):
    """Ends the work on an upload: it cannot be data."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.finding = Finding(code, detail)


@dataclass(frozen=True)
class Measure:
    name: str
    value: float
    unit: str
    version: int


@dataclass(frozen=True)
class CutClip:
    start: int  # samples of the decoded original, at its own rate
    end: int
    sample_rate: int
    duration_ms: int  # of the delivered audio
    master: Path  # FLAC: the original's rate, no gain
    delivery: Path  # MP3
    measures: tuple[Measure, ...]
    warnings: tuple[str, ...]  # of judge.WARNINGS
    refusal: Finding | None
    pcm_sha256: str  # of the mono PCM, 16 bit little endian
    fingerprint: bytes


@dataclass(frozen=True)
class Outcome:
    refusal: Finding | None
    version: int  # of the pipeline
    container: str = ""
    codec: str = ""
    sample_rate: int = 0
    frames: int = 0  # decoded samples of a channel
    truncated: bool = False
    pcm_sha256: str = ""  # of the whole recording, as for a clip
    warnings: tuple[str, ...] = ()
    clips: tuple[CutClip, ...] = ()
