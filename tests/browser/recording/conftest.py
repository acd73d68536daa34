"""A page that records, in two browsers, and the sentence that it hears."""

from pathlib import Path

import pytest
import soxr

from recordings.audio.sandbox import Sandbox
from tests.browser.recording.firefox import Firefox, PulseAudio
from tests.browser.recording.webkit import Screen, WebKit
from tests.recordings.audio import sounds

PAGE = Path(__file__).with_name("recorder.html").as_uri()
MICROPHONE_RATE = 44_100  # of Chromium's microphone, which would resample a file of another rate


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox() as one:
        yield one


@pytest.fixture(scope="session")
def played():
    """Samples and rate of 3 s of speech, with half a second of a quiet room before and after."""
    return sounds.in_room(sounds.read_speech(0)[: 3 * sounds.RATE + 1234]), sounds.RATE


@pytest.fixture(scope="session")
def spoken():
    """The same as the microphone has it, with more room, since it speaks before a recorder is ready."""
    voice = soxr.resample(sounds.read_speech(0)[: 3 * sounds.RATE], sounds.RATE, MICROPHONE_RATE)
    return sounds.in_room(voice, MICROPHONE_RATE, seconds=1.5), MICROPHONE_RATE


@pytest.fixture(scope="session")
def chromium_page(chromium, spoken, tmp_path_factory):
    wav = sounds.write(tmp_path_factory.mktemp("microphone") / "spoken.wav", *spoken)
    visitor = chromium.visitor(PAGE, Path(f"{wav}%noloop"))
    visitor.page.goto(PAGE)
    yield visitor.page
    visitor.leave()
    assert not visitor.complaints


@pytest.fixture(scope="session")
def pulseaudio(servers_folder):
    with PulseAudio(servers_folder / "pulseaudio") as sound:
        yield sound


@pytest.fixture(scope="session")
def firefox(servers_folder, pulseaudio):
    with Firefox(servers_folder / "firefox", pulseaudio) as firefox:
        yield firefox


@pytest.fixture(scope="module")
def firefox_page(firefox):
    firefox.goto(PAGE)
    return firefox


@pytest.fixture(scope="session")
def webkit(servers_folder, pulseaudio):
    folder = servers_folder / "webkit"
    folder.mkdir(mode=0o700)
    with Screen(folder) as screen, WebKit(folder, screen, pulseaudio) as webkit:
        yield webkit
