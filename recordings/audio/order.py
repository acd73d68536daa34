"""What is asked of the pipeline and what it answers: plain values, safe to send between processes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Self


class Cut(StrEnum):
    WHOLE = "whole"  # one prompt, one take: one clip, trimmed at both ends
    PAUSES = "pauses"  # a long recording: utterances, cut at pauses


@dataclass(frozen=True)
class Limits:
    """Every threshold of cutting and judging; a language may override each by its name."""

    min_seconds: float = 1.0  # of a clip, trimmed
    max_seconds: float = 15.0
    whole_bytes: int = 10_000_000  # of an upload that is one take
    whole_decoded_seconds: float = 60.0
    pauses_bytes: int = 500_000_000  # of a long recording
    pauses_decoded_seconds: float = 3600.0
    shortest_pause_seconds: float = 0.35  # shorter ones stay inside an utterance
    join_seconds: float = 1.0  # an utterance below min_seconds joins a neighbour over a pause up to this
    pad_seconds: float = 0.15  # kept before and after the voice
    edge_seconds: float = 0.04  # voice nearer to the end of the recording was cut off
    quiet_dbfs: float = -45.0
    clipped_share: float = 0.001
    noisy_snr_db: float = 12.0
    little_voice_share: float = 0.3
    narrow_band_hz: float = 5000.0
    hum_db: float = 10.0
    fastest_characters_per_second: float = 30.0
    slowest_characters_per_second: float = 2.0

    def with_overrides(self, overrides: Mapping[str, object]) -> Self:
        """Return these limits with some replaced; raises ValueError in words for a wrong name or value."""
        known = {each.name: each.type for each in fields(self)}
        for name, value in overrides.items():
            if name not in known:
                raise ValueError(f"there is no limit named {name!r}")
            _check_number(name, value, whole=known[name] is int)
        changed = replace(self, **overrides)  # type: ignore[arg-type]
        if changed.min_seconds > changed.max_seconds:
            raise ValueError("min_seconds must not be above max_seconds")
        return changed


def _check_number(name: str, value: object, *, whole: bool) -> None:
    wanted = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted) or not math.isfinite(value):
        raise ValueError(f"{name} must be a {'whole ' if whole else ''}number, not {value!r}")
    if value < 0 and not name.endswith(("_dbfs", "_db")):
        raise ValueError(f"{name} must not be negative")


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
