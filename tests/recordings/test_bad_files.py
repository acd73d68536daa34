"""Two thousand bad files, from the upload to what the speaker is told: no crash, no hang, always a reason."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
import soundfile
from django.core.files.storage import storages

from languages.limits import Limits
from recordings import processing
from recordings.audio.order import Cut, Order
from recordings.audio.sandbox import Sandbox
from recordings.models import Recording
from recordings.states import RecordingState
from recordings.wording import REFUSALS
from tests import make, sound
from tests.api.test_recordings import browser_of
from tests.recordings.audio import faults, hostile

pytestmark = pytest.mark.django_db

CONTAINERS = ("webm", "two.webm", "ogg", "vorbis.ogg", "mp4", "fast.mp4", "frag.mp4", "flac", "mp3", "wav")
# encoders are not what is tried here
NEVER_LONG_ENOUGH = Order(Cut.WHOLE, Limits(min_seconds=9))
MOST_MEMORY, MOST_SECONDS = 600e6, 30


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> dict[str, bytes]:
    """Two seconds of speech, well-formed, in every container."""
    folder = tmp_path_factory.mktemp("good")
    wav = folder / "voice.wav"
    soundfile.write(wav, sound.speech(seconds=1.5, around=0.25), sound.RATE, "PCM_16")
    made = hostile.encoded(wav, folder, CONTAINERS) | {"wav": wav.read_bytes()}
    return {name: made[name] for name in CONTAINERS}


@pytest.fixture
def browser(settings):
    settings.API_LIMITS = settings.API_LIMITS | {"upload": (1_000_000, 60)}
    return browser_of(make.speaker())


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    yield
    processing.sandbox().close()
    processing.sandbox.cache_clear()


def test_there_are_two_thousand(good):
    names = [name for name, _ in faults.crafted(good)]
    assert len(set(names)) == len(names) >= 2000


@pytest.mark.slow
def test_each_is_refused_with_a_reason(good, tmp_path):
    files = list(faults.crafted(good))

    def work(part: int) -> dict[str, object]:
        wrong, into = {}, tmp_path / str(part)
        into.mkdir()
        with Sandbox() as sandbox:
            for name, data in files[part::2]:
                (into / "source").write_bytes(data)
                refusal = sandbox.examine(into / "source", NEVER_LONG_ENOUGH, into).refusal
                used = sandbox.last
                reason = refusal and REFUSALS.get(refusal.code)
                if (
                    not reason
                    or used.code
                    or used.memory_bytes > MOST_MEMORY
                    or used.cpu_seconds > MOST_SECONDS
                ):
                    wrong[name] = refusal, used
        return wrong

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, range(2))) == [{}, {}]


@pytest.mark.slow
def test_each_tenth_is_taken_in_by_the_site_and_told_to_the_speaker(good, browser):
    prompt = make.prompt(language=make.language(audio_limits={"min_seconds": 9}))
    wrong, said = {}, Counter()
    for name, data in islice(faults.crafted(good), 0, None, 10):
        answer = put(browser, prompt, data)
        row = Recording.objects.get(take_id=answer.json()["id"]) if answer.status_code == 201 else None
        if row:
            processing.process(row.pk)
            row.refresh_from_db()
        told = (
            browser.get(f"/api/v1/recordings/{row.take_id}").json() if row else {"state": "", "reason": None}
        )
        if told["state"] != "refused" or not told["reason"]["words"]:
            wrong[name] = answer.status_code, told
        said[row.refusal if row else ""] += 1
    assert wrong == {}, said
    assert said.keys() >= {"not-audio", "undecodable", "too-short"}


def test_what_was_refused_is_kept_as_it_came(good, browser):
    data = good["webm"][:500]
    row = Recording.objects.get(take_id=put(browser, make.prompt(), data).json()["id"])
    processing.process(row.pk)
    row.refresh_from_db()
    assert row.state == RecordingState.REFUSED
    with storages["private"].open(row.original_key) as kept:
        assert kept.read() == data


def put(browser, prompt, data):
    return browser.put(
        f"/api/v1/recordings/{uuid.uuid4()}?prompt={prompt.pk}",
        data=data,
        content_type="audio/webm",
        headers={"X-CSRFToken": "t" * 32},
    )
