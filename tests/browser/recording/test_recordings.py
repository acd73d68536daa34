"""What MediaRecorder writes in real browsers comes through the pipeline whole and in its place.

A browser hears a sentence with a recorder of each type at once: from Web Audio, or from a microphone. Recorders
begin and end when it suits them and no container says where in the sentence that was, so the clip that the pipeline
cut is compared with the stretch of the sentence that it is most like.
"""

import math
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from recordings.audio import decode
from recordings.audio.order import Cut, Order, Outcome
from tests.recordings.audio import sounds

pytestmark = [pytest.mark.browser, pytest.mark.alone]

CHROMIUM = {
    "audio/webm;codecs=opus": ("webm", "opus"),
    "audio/webm;codecs=pcm": ("webm", "pcm_f32le"),
    "audio/mp4;codecs=opus": ("mp4", "opus"),
}
FIREFOX = {"audio/webm;codecs=opus": ("webm", "opus"), "audio/ogg;codecs=opus": ("ogg", "opus")}
HEARD = {"chromium_playback": CHROMIUM, "chromium_microphone": CHROMIUM, "firefox_playback": FIREFOX}
TAKES = [(way, kind) for way, types in HEARD.items() for kind in types]
LOSSLESS = [(way, kind) for way, kind in TAKES if "pcm" in kind]


@dataclass(repr=False)
class Session:
    """What one browser recorded at once."""

    page: Any
    source: np.ndarray
    rate: int  # of the source
    written: dict[str, bytes]  # by type


@dataclass(repr=False)
class Take:
    """One recording, and what became of it."""

    told: tuple[str, str]  # container and codec by its type
    outcome: Outcome
    decoded: np.ndarray  # by the browser that made it
    clip: np.ndarray
    stretch: np.ndarray  # of the source, that the clip should be


@pytest.fixture(scope="module")
def chromium_playback(chromium_page, played, tmp_path_factory):
    return play(chromium_page, played, CHROMIUM, tmp_path_factory.mktemp("played") / "played.wav")


@pytest.fixture(scope="module")
def firefox_playback(firefox_page, played, tmp_path_factory):
    return play(firefox_page, played, FIREFOX, tmp_path_factory.mktemp("played") / "played.wav")


def play(page, sound, types, wav: Path) -> Session:
    file = sounds.write(wav, *sound).read_bytes()
    order = {"wav": b64encode(file).decode(), "rate": sound[1], "types": list(types)}
    return session(page, sound, types, page.evaluate("(order) => recordPlayback(order)", order))


@pytest.fixture(scope="module")
def chromium_microphone(chromium_page, spoken):
    samples, rate = spoken
    order = {"seconds": len(samples) / rate, "types": list(CHROMIUM)}
    written = chromium_page.evaluate("(order) => recordMicrophone(order)", order)
    return session(chromium_page, spoken, CHROMIUM, written)


def session(page, sound, types, written: list[str]) -> Session:
    return Session(page, *sound, dict(zip(types, map(b64decode, written), strict=True)))


@pytest.fixture(scope="module", params=TAKES, ids="-".join)
def take(request, sandbox, tmp_path_factory) -> Take:
    way, kind = request.param
    session = request.getfixturevalue(way)
    folder = tmp_path_factory.mktemp("take")
    (folder / "upload").write_bytes(session.written[kind])
    outcome = sandbox.examine(folder / "upload", Order(Cut.WHOLE), folder)
    assert outcome.refusal is None
    [cut] = outcome.clips
    clip, rate = soundfile.read(cut.master, dtype="float32")
    source = session.source if rate == session.rate else soxr.resample(session.source, session.rate, rate)
    start = place(clip, source)
    return Take(
        told=HEARD[way][kind],
        outcome=outcome,
        decoded=decoded(session.page, session.written[kind], rate),
        clip=clip,
        stretch=source[start : start + len(clip)],
    )


def decoded(page, recording: bytes, rate: int) -> np.ndarray:
    order = {"bytes": b64encode(recording).decode(), "rate": rate}
    return np.frombuffer(b64decode(page.evaluate("(order) => decode(order)", order)), "<f4")


def place(part: np.ndarray, whole: np.ndarray) -> int:
    """Return the sample of the whole at which the part lies."""
    return -sounds.lag(whole, part)


def test_it_is_taken_for_what_it_is(take):
    assert (take.outcome.container, take.outcome.codec) == take.told
    assert not take.outcome.truncated
    assert (take.outcome.warnings, take.outcome.clips[0].warnings) == ((), ())


def test_it_is_as_long_as_its_own_browser_finds_it(take):
    assert take.outcome.frames == len(take.decoded)


def test_it_sounds_like_the_source_and_as_loud(take):
    assert len(take.clip) == len(take.stretch) > 3 * take.outcome.sample_rate
    assert np.corrcoef(take.clip, take.stretch)[0, 1] >= 0.99
    assert abs(20 * math.log10(np.std(take.clip) / np.std(take.stretch))) <= 0.1


def test_no_sample_is_missing_or_too_much_on_the_way(take):
    thirds = np.array_split(np.arange(len(take.clip)), 3)
    assert [place(take.clip[third], take.stretch) for third in thirds] == [third[0] for third in thirds]


@pytest.mark.parametrize("take", LOSSLESS, indirect=True, ids="-".join)
def test_what_is_lossless_is_bit_exact(take):
    np.testing.assert_array_equal(take.clip, take.stretch)
    assert take.outcome.pcm_sha256 == sha256(decode.pcm16(take.decoded).tobytes()).hexdigest()
