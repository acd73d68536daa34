"""The site in Firefox and in WebKit: their worklets, their storage and their players are their own.

The page for recording gets a microphone that is made of Web Audio, since neither browser has one that plays a file.
"""

from base64 import b64encode

import numpy as np
import pytest
import soundfile
import soxr

from tests.browser.comparing import aligned, correlation, gain_db, lost_ms
from tests.browser.giving import RATE, give, say

pytestmark = [pytest.mark.browser, pytest.mark.alone]

SECONDS = 4
UNTIL = """const until = async (what) => {
  while (!await what()) await new Promise((go) => setTimeout(go, 50));
};
const piece = (name) => document.querySelector(`main [data-piece=${name}]`);"""
AGREE = """async () => {
  for (const box of document.querySelectorAll("[name=purpose]")) box.checked = true;
  const form = document.querySelector("form.consent");
  await fetch(form.action, { method: "POST", body: new FormData(form) });
}"""
GIVE_MICROPHONE = """async (wav) => {
  const context = new AudioContext({ sampleRate: 48000 });
  const bytes = Uint8Array.from(atob(wav), (letter) => letter.charCodeAt(0));
  const buffer = await context.decodeAudioData(bytes.buffer);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  source.connect(microphone);
  source.start();
  navigator.mediaDevices.getUserMedia = async () => microphone.stream.clone();
}"""
SPEAK = """async (seconds) => {
  %s
  const page = document.querySelector("vc-speak");
  const takesOnDevice = () => new Promise((tell) => {
    indexedDB.open("voicecollect").onsuccess = ({ target: { result: database } }) => {
      database.transaction("takes").objectStore("takes").count().onsuccess = ({ target }) => {
        tell(target.result);
        database.close();
      };
    };
  });
  await until(() => piece("place").textContent);
  piece("main").click();
  await until(() => page.dataset.state === "recording");
  await new Promise((go) => setTimeout(go, 1000 * seconds));
  piece("main").click();
  await until(() => ["kept", "doubtful"].includes(page.dataset.state));
  piece("review").click();
  piece("send").click();
  await until(() => page.dataset.view === "thanks");
  await until(async () => await takesOnDevice() === 0);
}"""
VOTE = """async () => {
  %s
  await until(() => document.querySelector("vc-listen.is-awake"));
  const opened = !piece("yes").disabled;
  piece("play").click();
  await until(() => !piece("yes").disabled);
  piece("yes").click();
  await until(() => piece("judged").textContent === "1");
  return opened;
}"""


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def browser(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    text = "Seven swans swam slowly south, and nobody on the shore said a word about it all day long."
    return say(text, tmp_path_factory.mktemp("elsewhere") / "reading.wav", before=0.5, after=0.5)


def originals(instance):
    folder = instance.data / "objects" / "private" / "originals"
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def arrived(browser, embedded_instance, reading):
    """The file that the server stored of a take."""
    before = originals(embedded_instance)
    browser.goto(f"{embedded_instance.url}/en/consent/")
    browser.evaluate(AGREE, None)
    browser.goto(f"{embedded_instance.url}/en/en/speak/")
    browser.evaluate(GIVE_MICROPHONE, b64encode(reading.read_bytes()).decode())
    browser.evaluate(SPEAK % UNTIL, SECONDS)
    [original] = originals(embedded_instance) - before
    return original


def test_a_take_arrives_once_and_lossless(arrived):
    told = soundfile.info(arrived)
    assert (told.format, told.channels) == ("FLAC", 1)
    assert told.duration > SECONDS


def test_it_holds_sound(arrived):
    assert np.abs(soundfile.read(arrived)[0]).max() > 0.1


@pytest.mark.parametrize("browser", ["firefox"], indirect=True)
def test_it_is_what_was_heard(arrived, reading):
    """Not in WebKitGTK, whose Web Audio drops and repeats stretches of sound: docs/recording.md."""
    samples, rate = soundfile.read(arrived)
    heard = soxr.resample(samples, rate, RATE, quality="VHQ")
    source = aligned(heard, soundfile.read(reading)[0])
    assert correlation(heard, source) >= 0.999
    assert abs(gain_db(heard, source)) <= 0.1
    assert lost_ms(heard, source, RATE) < 1


def test_a_vote_opens_once_the_voice_was_heard_and_counts(browser, embedded_instance, tmp_path):
    give(embedded_instance.url, tmp_path)
    votes = "SELECT count(*) FROM validation_vote"
    [(before,)] = embedded_instance.rows(votes)
    browser.goto(f"{embedded_instance.url}/en/en/listen/")
    assert not browser.evaluate(VOTE % UNTIL, None)
    assert embedded_instance.rows(votes) == [(before + 1,)]
