"""The page for recording in Firefox: its microphone starts late, its worklets and its storage are its own."""

import numpy as np
import pytest
import soundfile
import soxr

from tests.browser.comparing import aligned, correlation, gain_db, lost_ms
from tests.browser.giving import RATE, say

pytestmark = [pytest.mark.browser, pytest.mark.alone]

AGREE = """async () => {
  for (const box of document.querySelectorAll("[name=purpose]")) box.checked = true;
  const form = document.querySelector("form.consent");
  await fetch(form.action, { method: "POST", body: new FormData(form) });
}"""
# Each step waits for what the page then shows
STEPS = """async (seconds) => {
  const page = document.querySelector("vc-speak");
  const until = async (what) => {
    for (let i = 0; i < 300; i++) {
      if (what()) return;
      await new Promise((go) => setTimeout(go, 100));
    }
    throw new Error(`${what} (${page.dataset.state}, ${page.querySelector("[role=status]").textContent})`);
  };
  const press = (piece) => page.querySelector(`[data-piece=${piece}]`).click();
  await until(() => page.querySelector("[data-piece=place]").textContent);
  press("main");
  await until(() => page.dataset.state === "recording");
  await new Promise((go) => setTimeout(go, 1000 * seconds));
  press("main");
  await until(() => ["kept", "doubtful"].includes(page.dataset.state));
  press("review");
  press("send");
  await until(() => document.querySelector("vc-outbox").dataset.state === "empty" && page.dataset.view === "thanks");
}"""


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    text = "Seven swans swam slowly south, and nobody on the shore said a word about it all day long."
    return say(text, tmp_path_factory.mktemp("firefox") / "reading.wav", before=0.5, after=0.5)


def originals(instance):
    return {
        path for path in (instance.data / "objects" / "private" / "originals").rglob("*") if path.is_file()
    }


def test_a_voice_arrives_whole(firefox, pulseaudio, embedded_instance, reading):
    before = originals(embedded_instance)
    over_and_over = reading.with_name("over-and-over.wav")  # since between two players there is a gap
    soundfile.write(over_and_over, np.tile(soundfile.read(reading)[0], 12), RATE, subtype="PCM_16")
    with pulseaudio.speaking(over_and_over):
        firefox.goto(f"{embedded_instance.url}/en/consent/")
        firefox.evaluate(AGREE, None)
        firefox.goto(f"{embedded_instance.url}/en/en/speak/")
        firefox.evaluate(STEPS, 4)
    [original] = originals(embedded_instance) - before
    samples, rate = soundfile.read(original)
    heard = soxr.resample(samples, rate, RATE, quality="VHQ")
    source = aligned(heard, np.asarray(soundfile.read(reading)[0]))
    assert correlation(heard, source) >= 0.99
    assert abs(gain_db(heard, source)) <= 0.1
    assert lost_ms(heard, source, RATE) < 1
