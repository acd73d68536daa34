"""Every threshold of cutting and judging sound. A language may have its own for each, by name."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self


@dataclass(frozen=True)
class Limits:
    """Every threshold of cutting and judging; a language may override each by its name."""

    min_seconds: float = 1.0  # of a clip, trimmed
    max_seconds: float = 15.0
    whole_bytes: int = 10_000_000  # of an upload that is one take
    whole_decoded_seconds: float = 60.0
    pauses_bytes: int = 500_000_000  # of a long recording
    pauses_decoded_seconds: float = 3660.0  # an hour, and what encoders add to it
    answer_seconds: float = 300.0  # of a free answer in the browser
    answer_bytes: int = 40_000_000  # of its upload: as long a WAV, and room for what recorders add
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
