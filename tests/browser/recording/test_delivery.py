"""The MP3s that we deliver play in browsers for exactly as long as their clip is, and without a lag."""

from base64 import b64decode, b64encode

import av
import numpy as np
import pytest
import soundfile

from recordings.audio.encode import RATE
from recordings.audio.order import Cut, Order
from tests.recordings.audio import sounds

pytestmark = [pytest.mark.browser, pytest.mark.alone]

SIXTEEN_BITS = 2 / 32768  # Firefox decodes MP3 to whole numbers
FRAME = 1152  # samples of MP3: what players round to that don't know better
RECORDINGS = [  # rate and samples
    (48_000, 96_001),
    (48_000, 143_519),
    (44_100, 98_765),
    (22_050, 54_321),
    (16_000, 33_333),
    (8_000, 12_345),
    (RATE, 64_007),
    (RATE, 40 * FRAME),
    (RATE, 40 * FRAME + 1),
]
PLAYED_SECONDS = """({ bytes }) => new Promise((resolve, reject) => {
  const player = new Audio(`data:audio/mpeg;base64,${bytes}`);
  player.onloadedmetadata = () => resolve(player.duration);
  player.onerror = () => reject(player.error);
})"""


@pytest.fixture(scope="module", params=RECORDINGS, ids=str)
def clip(request, sandbox, tmp_path_factory):
    """A clip that ends where its recording ends, since somebody speaks from end to end: at any odd sample."""
    rate, samples = request.param
    folder = tmp_path_factory.mktemp("delivery")
    voice = sounds.read_speech(0, rate)[rate // 4 :][:samples]
    outcome = sandbox.examine(sounds.write(folder / "voice.wav", voice, rate), Order(Cut.WHOLE), folder)
    [clip] = outcome.clips
    assert clip.end == samples
    return clip


@pytest.fixture(params=["chromium_page", "firefox_page"])
def page(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def order(clip):
    return {"bytes": b64encode(clip.delivery.read_bytes()).decode(), "rate": RATE}


def samples_of(clip) -> int:
    return round((clip.end - clip.start) * RATE / clip.sample_rate)


def test_a_browser_decodes_it_to_the_sample(page, clip, order):
    heard = np.frombuffer(b64decode(page.evaluate("(order) => decode(order)", order)), "<f4")
    assert len(heard) == samples_of(clip)
    np.testing.assert_allclose(heard, soundfile.read(clip.delivery)[0], rtol=0, atol=SIXTEEN_BITS)


def test_a_player_tells_its_length(page, clip, order):
    assert page.evaluate(PLAYED_SECONDS, order) == pytest.approx(samples_of(clip) / RATE, abs=0.5 / RATE)


def test_other_decoders_find_the_same_length(clip):
    assert soundfile.info(clip.delivery).frames == samples_of(clip)
    with av.open(clip.delivery) as file:
        assert sum(frame.samples for frame in file.decode(audio=0)) == samples_of(clip)
