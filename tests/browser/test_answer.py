"""Answering a question in one's own words, from the microphone to clips that others write down."""

import json
import time

import numpy
import pytest
import soundfile
import soxr
from playwright.sync_api import expect

from tests.browser.comparing import likeness
from tests.browser.giving import PATIENCE, RATE, say
from tests.browser.speaking import open_speak, outbox, record, send, wait_until_sent
from tests.browser.visitors import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.alone]

SAID = [
    "Well, I got up before the sun and walked down to the harbour.",
    "Then it rained for hours, and we played cards in the kitchen.",
    "In the evening my sister came by with a large cake.",
]
QUIET = 8.0  # seconds at the end
ONE_TAKE = """
import json
from recordings.models import Recording
take = Recording.objects.get(take_id="{take}")
clips = list(take.clips.order_by("position").values_list("start", "end", "state"))
print(json.dumps([take.state, take.cut, take.sample_rate, take.original_key, clips]))
"""


@pytest.fixture(scope="module")
def telling(tmp_path_factory):
    """Three sentences with a second and a half between them, as one sound that goes on quietly: where the microphone
    begins it anew, samples are missing."""
    folder = tmp_path_factory.mktemp("telling")
    around = [(2.0, 0.75), (0.75, 0.75), (0.75, QUIET)]
    parts = [
        say(text, folder / f"{n}.wav", before=before, after=after)
        for n, (text, (before, after)) in enumerate(zip(SAID, around, strict=True))
    ]
    whole = folder / "telling.wav"
    soundfile.write(whole, numpy.concatenate([soundfile.read(part)[0] for part in parts]), RATE)
    return whole


def processed(instance, take):
    """Wait until the worker is done with a take; return what became of it."""
    deadline = time.monotonic() + PATIENCE
    while True:
        state, *told = json.loads(
            instance.manage("shell", "-v", "0", "-c", ONE_TAKE.format(take=take)).stdout
        )
        if state not in {"received", "processing"}:
            assert state == "processed"
            return told
        assert time.monotonic() < deadline, "the worker did not process the answer"


def test_an_answer_is_kept_as_it_was_said_and_cut_at_its_pauses(visitor, embedded_instance, telling):
    page = visitor(microphone=telling, viewport=PHONE)
    page.goto("/en/en/")
    page.get_by_role("link", name="Answer a question").click()
    expect(page.get_by_text("Leave out what is private").or_(page.locator("form.consent"))).to_be_visible()
    open_speak(page, to="answer")
    expect(page.get_by_text("Answer in your own words, for up to 5 minutes")).to_be_visible()
    spoken = soundfile.info(telling).duration - QUIET
    assert record(page, spoken + 1) in {"kept", "doubtful"}
    [take] = outbox(page)
    assert (take["kind"], take["type"], take["settings"]["lost_ms"]) == ("topic", "audio/flac", 0)
    send(page)
    wait_until_sent(page)

    cut, rate, key, clips = processed(embedded_instance, take["id"])
    samples, _rate = soundfile.read(embedded_instance.data / "objects" / "private" / key)
    heard = soxr.resample(samples, rate, RATE, quality="VHQ")
    # Piece by piece: where the machine is busy the browser's pretended microphone leaves out some of its file
    pieces = likeness(heard, soundfile.read(telling)[0], RATE // 2)
    assert len(pieces) >= 12
    assert sorted(pieces)[len(pieces) // 10] >= 0.999
    assert cut == "pauses"
    assert len(clips) >= len(SAID)
    edges = [edge for start, end, _state in clips for edge in (start, end)]
    assert edges == sorted(edges)
    assert {state for *_edges, state in clips} == {"untranscribed"}


def test_an_answer_waits_on_its_own_page_and_offline(visitor, telling):
    page = visitor(microphone=telling, forgive="ERR_INTERNET_DISCONNECTED|Failed to load resource")
    open_speak(page, to="answer")
    question = page.locator("[data-piece=sentence]").inner_text()
    page.context.set_offline(True)
    record(page, 4)
    send(page)
    [take] = outbox(page)
    assert (take["state"], take["text"]) == ("waiting", question)
    page.get_by_role("button", name="Record more").click()
    expect(page.locator("[data-piece=sentence]")).not_to_have_text(question)
    record(page, 4)
    page.context.set_offline(False)
    open_speak(page)
    expect(page.locator("[data-piece=count]").first).to_have_text("0")
    wait_until_only_kept(page)
    open_speak(page, to="answer")
    expect(page.locator("[data-piece=count]").first).to_have_text("1")


def wait_until_only_kept(page):
    """Wait until what was to be sent has gone, and what is still looked at has stayed."""
    expect(page.locator("vc-outbox")).to_have_attribute("data-state", "empty", timeout=30_000)
    assert [take["state"] for take in outbox(page)] == ["kept"]
