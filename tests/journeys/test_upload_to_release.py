"""The main job, whole: a voice goes from a browser into a released tarball, embedded and on real servers."""

import csv
import json
import subprocess
import tarfile
import urllib.request
from datetime import UTC, datetime

import av
import pytest
from playwright.sync_api import expect

from recordings.audio.order import Cut, Order
from recordings.audio.sandbox import Sandbox
from tests import sound
from tests.browser.visitors import PHONE
from tests.servers.instance import Instance

pytestmark = pytest.mark.alone

AROUND = 2.5  # seconds of room tone: the microphone is on before and after the person speaks
PROCESSED_WITHIN = 30_000  # ms


@pytest.fixture(
    params=[None, pytest.param("servers", marks=pytest.mark.servers)], ids=["embedded", "servers"]
)
def instance(request, folder):
    """An instance of its own: a release holds every clip that anybody gave."""
    servers = request.getfixturevalue(request.param) if request.param else None
    with Instance(folder / "instance", servers) as instance:
        yield instance


@pytest.fixture
def microphone(folder):
    """A WAV that a person speaks three seconds of, once."""
    path = folder / "microphone.wav"
    path.write_bytes(sound.wav(sound.speech(seconds=3, around=AROUND)))
    return path


def test_a_voice_goes_from_a_browser_into_a_released_tarball(visitor, instance, microphone, folder):
    page = visitor(site=instance.url, microphone=f"{microphone}%noloop", viewport=PHONE)
    sentence = record(page)
    wait_until_processed(page)
    for _ in range(2):
        judge(visitor(site=instance.url), sentence)
    released = release(instance)
    table, mp3 = download(released, folder)
    assert released["clips"] == 1
    assert [row["sentence"] for row in table] == [sentence]
    assert duration(mp3) == pytest.approx(expected_duration(microphone, folder), abs=0.05)
    assert released["hours"] == pytest.approx(duration(mp3) / 3600, abs=0.001)


def record(page):
    """Agree, record one sentence, send it; return the sentence."""
    page.goto("/")
    page.get_by_role("link", name="Speak").first.click()
    for purpose in ("Store my recordings", "Publish checked recordings"):
        page.get_by_label(purpose).check()
    page.get_by_role("button", name="I agree").click()
    sentence = page.locator("[data-piece=sentence]").inner_text()
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Speak now")).to_be_visible()
    page.wait_for_timeout((AROUND + 3 + 1) * 1000)  # as long as the person speaks
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status").first).to_have_text("Sounds good.")
    page.get_by_role("button", name="Review and send").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    return sentence


def wait_until_processed(page):
    """Look at one's own recordings until the clip is there to be heard."""
    page.get_by_role("link", name="My recordings").first.click()
    clip = page.locator("audio")
    for _ in range(PROCESSED_WITHIN // 500):
        if clip.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(clip).to_be_visible()


def judge(page, sentence):
    """Hear the clip and say that it is right."""
    page.goto("/en/en/listen/")
    expect(page.locator("[data-piece=sentence]")).to_have_text(sentence)
    page.get_by_role("button", name="Play or pause").click()
    yes = page.get_by_role("button", name="Yes")
    expect(yes).to_be_enabled(timeout=15_000)
    yes.click()
    expect(page.get_by_role("heading", name="That was all for now")).to_be_visible()


def release(instance):
    """Publish and return what the command says of the archive."""
    today = datetime.now(UTC).date().isoformat()
    done = instance.manage("release", "en", "--number", "1.0", "--cutoff", today)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return next(line for line in lines if line["url"].endswith("-en.tar.gz"))


def download(released, folder):
    """Download as anyone would, check the sums, and return the rows of validated.tsv and the path of their one MP3."""
    sums = released["url"].rpartition("/")[0] + "/SHA256SUMS"
    name = released["url"].rpartition("/")[2]
    for url in (released["url"], sums):
        urllib.request.urlretrieve(url, folder / url.rpartition("/")[2])
    subprocess.run(
        ["sha256sum", "--check", "--ignore-missing", "--strict", "SHA256SUMS"], cwd=folder, check=True
    )
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    [table] = (folder / "unpacked").rglob("validated.tsv")
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return rows, table.parent / "clips" / rows[0]["path"]


def duration(path):
    """Return how many seconds a file decodes to."""
    with av.open(str(path)) as file:
        return sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))


def expected_duration(microphone, folder):
    """Return how long a clip of what went into the microphone is, measured without browser and server."""
    with Sandbox() as sandbox:
        outcome = sandbox.examine(microphone, Order(Cut.WHOLE), folder)
    return outcome.clips[0].duration_ms / 1000
