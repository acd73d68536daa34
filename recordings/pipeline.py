"""What happens to an upload, in order. It knows no database, no framework and no storage.

A recording is read twice at most: once to hear it all, and, where it is too long to be kept in memory, once
more to cut its clips. Both readings decode the same bytes to the same samples, so that (original, start, end)
gives the clip again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import numpy as np
import soxr

from recordings.audio import (
    decode,
    encode,
    fingerprint,
    judge,
    measure,
    second,
    segment,
    sniff,
    voice,
    zygote,
)
from recordings.audio.decode import Samples
from recordings.audio.order import VERSION, Cut, CutClip, Finding, Order, Outcome, UnusableError
from recordings.audio.voice import Mask


@dataclass
class Take:
    """One upload on its way: every stage fills in what the next one needs."""

    file: BinaryIO
    order: Order
    into: Path
    container: str = ""
    codec: str = ""
    rate: int = 0
    frames: int = 0
    truncated: bool = False
    pcm_sha256: str = ""
    snr: float = 0.0  # dB, roughly
    voiced: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))
    kept: list[Samples] = field(default_factory=list)  # the samples of what is one take
    spans: list[tuple[int, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refusal: Finding | None = None
    clips: list[CutClip] = field(default_factory=list)


def process(source: Path, order: Order, into: Path) -> Outcome:
    """Take one upload through all stages; clips are written to the folder `into`.

    Never raises for anything that the file holds: what cannot be data is an outcome with a refusal.
    """
    with source.open("rb") as file:
        take = Take(file, order, into)
        try:
            for stage in STAGES:
                stage(take)
        except UnusableError as error:
            take.refusal, take.clips = error.finding, []
    return _outcome(take)


def weigh(take: Take) -> None:
    """Refuse no bytes and too many."""
    size = take.file.seek(0, 2)
    take.file.seek(0)
    if not size:
        raise UnusableError("empty")
    if size > take.order.most_bytes:
        raise UnusableError("too-large", f"{size} bytes")


def identify(take: Take) -> None:
    """Say what the bytes are, before a decoder sees them."""
    take.container = sniff.container_of(take.file)


def listen(take: Take) -> None:
    """Decode it all once: length, hash and voice; a single take's samples are kept."""
    ears, digest = voice.VoiceDetector(), sha256()
    with decode.opened(take.file, take.container) as sound:
        decode.check(sound)
        take.codec, take.rate = sound.codec, sound.rate
        analysis = soxr.ResampleStream(sound.rate, voice.RATE, 1)
        for samples in decode.mono(sound, take.order.longest_seconds):
            take.frames += len(samples)
            digest.update(decode.pcm16(samples).tobytes())
            ears.hear(analysis.resample_chunk(samples))
            if take.order.cut is Cut.WHOLE:
                take.kept.append(samples)
        ears.hear(analysis.resample_chunk(np.zeros(0, np.float32), last=True))
        take.truncated = sound.truncated
    take.pcm_sha256, take.voiced, take.snr = digest.hexdigest(), ears.voiced(), ears.snr()


def hear_again(take: Take) -> None:
    """Ask a second detector where noise is strong, if there is one: what it takes for voice is voice too."""
    if take.snr >= second.NOISY_DB or not second.is_there():
        return
    take.file.seek(0)
    with decode.opened(take.file, take.container) as sound:
        analysis = soxr.ResampleStream(sound.rate, voice.RATE, 1)
        pieces = (analysis.resample_chunk(each) for each in decode.mono(sound, take.order.longest_seconds))
        take.voiced = take.voiced | second.voiced(pieces, len(take.voiced))


def find_utterances(take: Take) -> None:
    """Decide where clips start and end."""
    if not take.frames:
        raise UnusableError("undecodable", "no samples")
    limits = take.order.limits
    found, left_out = segment.utterances(take.voiced, take.order.cut, limits)
    if not found:
        raise UnusableError("too-long" if left_out else "no-speech", f"{take.voiced.sum()} frames of voice")
    take.spans = segment.spans(found, take.frames, take.rate, limits)
    take.warnings += ["truncated"] * take.truncated + ["left-out"] * bool(left_out)


def cut_clips(take: Take) -> None:
    """Measure, judge and write every clip."""
    pieces = _cut(take)
    for number, (span, samples) in enumerate(zip(take.spans, pieces, strict=True), start=1):
        take.clips.append(_clip(take, span, samples, f"clip-{number:05}"))


STAGES: tuple[Callable[[Take], None], ...] = (weigh, identify, listen, hear_again, find_utterances, cut_clips)


def _cut(take: Take) -> Iterator[Samples]:
    if take.kept:
        whole = np.concatenate(take.kept)
        return (whole[start:end] for start, end in take.spans)
    return decode.cut(take.file, take.container, take.spans)


def _clip(take: Take, span: tuple[int, int], samples: Samples, name: str) -> CutClip:
    limits = take.order.limits
    refusal = judge.refusal({"duration": len(samples) / take.rate}, limits)  # before what costs more
    if refusal and take.order.cut is Cut.WHOLE:
        raise UnusableError(refusal.code, refusal.detail)
    analysis = soxr.resample(samples, take.rate, voice.RATE)
    found = measure.measures(samples, take.rate, analysis, _place(take, span), take.order.text)
    values = {each.name: each.value for each in found}
    pcm = decode.pcm16(samples)
    master, delivery = take.into / f"{name}.flac", take.into / f"{name}.mp3"
    encode.write_master(master, pcm, take.rate)
    return CutClip(
        start=span[0],
        end=span[1],
        sample_rate=take.rate,
        duration_ms=encode.write_delivery(delivery, samples, take.rate, values.get("loudness")),
        master=master,
        delivery=delivery,
        measures=found,
        warnings=judge.warnings(values, limits),
        refusal=refusal,
        pcm_sha256=sha256(pcm.tobytes()).hexdigest(),
        fingerprint=fingerprint.fingerprint(analysis),
    )


def _place(take: Take, span: tuple[int, int]) -> measure.Place:
    """Return where the voice of a clip begins and ends in its recording."""
    first, last = (round(at / take.rate * voice.FRAMES_PER_SECOND) for at in span)
    voiced = np.flatnonzero(take.voiced[first:last])
    start, end = (first + voiced[0], first + voiced[-1] + 1) if len(voiced) else (first, last)
    heard = take.frames / take.rate
    return measure.Place(
        voice=len(voiced) / voice.FRAMES_PER_SECOND,
        lead=float(start / voice.FRAMES_PER_SECOND),
        tail=max(0.0, float(heard - end / voice.FRAMES_PER_SECOND)),
    )


def _outcome(take: Take) -> Outcome:
    return Outcome(
        refusal=take.refusal,
        version=VERSION,
        container=take.container,
        codec=take.codec,
        sample_rate=take.rate,
        frames=take.frames,
        truncated=take.truncated,
        pcm_sha256=take.pcm_sha256,
        warnings=tuple(take.warnings),
        clips=tuple(take.clips),
    )


def warm_up() -> None:
    """Cut a clip out of noise, so that what is loaded and built on first use is there before children are forked."""
    samples = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    with TemporaryDirectory() as folder, BytesIO() as file:
        take = Take(file, Order(Cut.WHOLE), Path(folder), rate=48_000, frames=48_000)
        voice.VoiceDetector().hear(soxr.resample(samples, take.rate, voice.RATE))
        _clip(take, (0, take.frames), samples, "warm")


if __name__ == "__main__":
    warm_up()
    zygote.serve(process)
