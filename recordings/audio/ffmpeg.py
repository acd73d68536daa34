"""WebM, MP4 and Ogg by FFmpeg in process (PyAV), hardened.

The demuxer is forced by what sniffing found, no protocol may be opened, all streams but the first of sound
are discarded, codecs are on a list, and channels are checked on every frame before samples are touched:
PyAV's own conversion of a planar frame with eight channels ends the process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import av
import av.logging
import numpy as np
import numpy.typing as npt
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard

from recordings.audio import sniff
from recordings.audio.order import UnusableError

BLOCK_SECONDS = 2
DEMUXERS = {sniff.WEBM: "matroska", sniff.MP4: "mp4", sniff.OGG: "ogg"}
COMPRESSED = {"opus", "vorbis", "aac", "flac", "alac", "mp3", "mp3float"}
CODECS = COMPRESSED | {"pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_f32le"}
SAMPLE_TYPES = {"u8": np.uint8, "s16": np.int16, "s32": np.int32, "flt": np.float32, "dbl": np.float64}
CUT_SHORT = ("File ended prematurely", "Packet corrupt", "partial file", "Truncating packet")
LAST_PAGE_FLAG = 4  # of an Ogg page's header type: end of stream
MOST_PAGE_BYTES = 65_307

Samples = npt.NDArray[np.float32]

# PyAV passes on a repeated message only once, and never what it takes for chatter: cuts would go unnoticed
av.logging.set_level(av.logging.WARNING)
av.logging.set_skip_repeated(False)


class _Sound:
    def __init__(
        self, container: InputContainer, stream: AudioStream, *, shortened: bool, tells_length: bool
    ) -> None:
        self.codec = stream.codec_context.name
        self.rate = stream.codec_context.sample_rate
        self.channels = stream.codec_context.channels
        self._form = stream.codec_context.format.name if stream.codec_context.format else ""
        self.truncated = shortened
        self._container, self._stream, self._tells_length = container, stream, tells_length

    def blocks(self) -> Iterator[Samples]:
        queue, surplus = AudioFifo(), 0
        with av.logging.Capture() as messages:
            for frame, told in self._frames():
                self._check(frame)
                if queue.samples >= self.rate * BLOCK_SECONDS:
                    yield _samples(queue, queue.samples)
                surplus = max(0, frame.samples - told)  # counts for the last frame only
                frame.pts = None  # what time stamps say is not believed: samples are counted
                queue.write(frame)
            if queue.samples:
                yield _samples(queue, queue.samples - surplus)
        if any(mark in message for _, _, message in messages for mark in CUT_SHORT):
            self.truncated = True

    def _frames(self) -> Iterator[tuple[AudioFrame, int]]:
        """Yield what decodes, and how long it should be. What does not is passed over, not all that follows it."""
        for packet in self._packets():
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self.truncated = True
                continue
            for frame in frames:
                yield frame, self._told_samples(packet) or frame.samples

    def _told_samples(self, packet: "Packet[AudioStream]") -> int:
        """Return how long a packet is told to be, 0 if that is not told."""
        if not (self._tells_length and packet.duration and packet.time_base):
            return 0
        return round(packet.duration * packet.time_base * self.rate)

    def _packets(self) -> "Iterator[Packet[AudioStream]]":
        try:
            yield from self._container.demux(self._stream)
        except av.FFmpegError:
            self.truncated = True

    def _check(self, frame: AudioFrame) -> None:
        channels, form = frame.layout.nb_channels, frame.format.name
        if (channels, frame.sample_rate) != (self.channels, self.rate) or form != self._form:
            detail = f"changes to {channels} channels, {frame.sample_rate} Hz, {form} on the way"
            raise UnusableError("undecodable", detail)


def _samples(queue: AudioFifo, count: int) -> Samples:
    """Return the queue's first samples as float32 of shape (samples, channels)."""
    frame = queue.read(0)
    assert frame
    name, channels = frame.format.name, frame.layout.nb_channels
    buffers: Any = frame.planes
    kind = SAMPLE_TYPES[name.removesuffix("p")]
    if name.endswith("p"):
        samples = np.stack([np.frombuffer(plane, kind, count) for plane in buffers], axis=1)
    else:
        samples = np.frombuffer(buffers[0], kind, count * channels).reshape(-1, channels)
    return _float(samples)


def _float(samples: npt.NDArray[Any]) -> Samples:
    if samples.dtype.kind == "f":
        return samples.astype(np.float32)
    scale = np.float32(2.0 ** (8 * samples.itemsize - 1))
    return samples.astype(np.float32) / scale - np.float32(samples.dtype == np.uint8)


@contextmanager
def opened(file: BinaryIO, container: str) -> Iterator[_Sound]:
    """Open a file that sniffing called WebM, MP4 or Ogg."""
    shortened = container == sniff.OGG and _ogg_is_shortened(file)
    options = {"protocol_whitelist": "none"}
    try:
        with av.open(
            file, "r", format=DEMUXERS[container], options=options, metadata_errors="replace"
        ) as media:
            stream = _sound_stream(media)
            yield _Sound(media, stream, shortened=shortened, tells_length=_tells_length(container, stream))
    except av.FFmpegError as error:
        raise UnusableError("undecodable", error.strerror or "") from None


def _sound_stream(media: InputContainer) -> AudioStream:
    if not media.streams.audio:
        raise UnusableError("undecodable", "no stream of sound")
    chosen = media.streams.audio[0]
    for stream in media.streams:
        if stream is not chosen:
            stream.discard = Discard.all
    if chosen.codec_context is None or chosen.codec_context.name not in CODECS:
        name = "unknown" if chosen.codec_context is None else chosen.codec_context.name
        raise UnusableError("unsupported-codec", name)
    return chosen


def _tells_length(container: str, stream: AudioStream) -> bool:
    """True where MP4 tells how much of the last frame is sound: encoders fill it.

    Not for Opus in fragments, whose index lists no frames: of its last 60 ms Chromium says that they are 21.
    """
    return container == sniff.MP4 and (stream.codec_context.name != "opus" or bool(stream.frames))


def _ogg_is_shortened(file: BinaryIO) -> bool:
    """True where the last page is cut, or does not say that it is the last."""
    size = file.seek(0, 2)
    file.seek(max(0, size - MOST_PAGE_BYTES))
    tail = file.read()
    file.seek(0)
    page = tail[tail.rfind(b"OggS") :]
    if not page.startswith(b"OggS") or len(page) < 27 or not page[5] & LAST_PAGE_FLAG:
        return True
    lengths = page[27 : 27 + page[26]]
    return len(page) < 27 + page[26] + sum(lengths)
