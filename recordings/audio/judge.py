"""What makes audio unusable, and what a speaker is told about: one table of named rules each.

A machine refuses only what cannot be data; all else is a warning, for people to weigh.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from languages.limits import Limits
from recordings.audio.order import Finding

REFUSALS = {
    "empty": "the file has no bytes",
    "too-large": "the file has more bytes than an upload may have",
    "not-audio": "the file is something else; the detail says what",
    "unsupported-codec": "the container is known, the coding of its sound is not accepted",
    "too-many-channels": "more than two channels",
    "undecodable": "the sound cannot be decoded",
    "bad-samples": "the samples are not numbers, or absurdly large",
    "no-speech": "no voice was found",
    "too-short": "the voice is shorter than a clip may be",
    "too-long": "longer than a clip, or a recording, may be",
}
WARNINGS = {
    "truncated": "the file ends before its sound does, or parts of it are damaged",
    "quiet": "the voice is very quiet",
    "clipped": "the sound was too loud for the microphone",
    "noisy": "there is much noise beside the voice",
    "little-voice": "most of the clip is not voice",
    "cut-start": "the voice begins before the recording",
    "cut-end": "the voice goes on after the recording",
    "narrow-band": "the sound has only the band of a telephone",
    "hum": "the mains hums",
    "reads-too-fast": "more characters in a second than can be read aloud",
    "reads-too-slow": "fewer characters in a second than a reader would say",
    "left-out": "parts of a long recording have no pause to cut at, and are in no clip",
}

Values = Mapping[str, float]


@dataclass(frozen=True)
class Rule:
    """One reason; it holds where its measures were taken and `applies` says so."""

    code: str
    measure: str
    applies: Callable[[float, Limits], bool]


REFUSING = (
    Rule("too-short", "duration", lambda seconds, limits: seconds < limits.min_seconds),
    Rule("too-long", "duration", lambda seconds, limits: seconds > limits.max_seconds),
)
WARNING = (
    Rule("quiet", "level", lambda dbfs, limits: dbfs < limits.quiet_dbfs),
    Rule("clipped", "clipped", lambda share, limits: share > limits.clipped_share),
    Rule("noisy", "snr", lambda db, limits: db < limits.noisy_snr_db),
    Rule("little-voice", "voice-share", lambda share, limits: share < limits.little_voice_share),
    Rule("cut-start", "lead", lambda seconds, limits: seconds < limits.edge_seconds),
    Rule("cut-end", "tail", lambda seconds, limits: seconds < limits.edge_seconds),
    Rule("narrow-band", "bandwidth", lambda hertz, limits: hertz < limits.narrow_band_hz),
    Rule("hum", "hum", lambda db, limits: db > limits.hum_db),
    Rule("reads-too-fast", "pace", lambda rate, limits: rate > limits.fastest_characters_per_second),
    Rule("reads-too-slow", "pace", lambda rate, limits: rate < limits.slowest_characters_per_second),
)


def refusal(values: Values, limits: Limits) -> Finding | None:
    """Return the first reason why a clip with these measures (name to value) cannot be data."""
    for rule in _holding(REFUSING, values, limits):
        return Finding(rule.code, f"{rule.measure} {values[rule.measure]:.3f}")
    return None


def warnings(values: Values, limits: Limits) -> tuple[str, ...]:
    """Return the code of every warning that these measures (name to value) give."""
    return tuple(rule.code for rule in _holding(WARNING, values, limits))


def _holding(rules: tuple[Rule, ...], values: Values, limits: Limits) -> list[Rule]:
    return [rule for rule in rules if rule.measure in values and rule.applies(values[rule.measure], limits)]
