"""A worker that dies at work, again and again: each acknowledged take becomes one clip; none is lost, none doubled."""

import random
import sqlite3
import threading
import time
from collections import Counter

import pytest

from tests import sound
from tests.journeys.devices import Device
from tests.servers.instance import Instance

SEED = 20
KILLS, UPLOADS_A_KILL = 20, 10
UPLOADS_A_DEVICE = 50  # below the limit of one speaker
AT_WORK = 0.15  # seconds: a take is worked on for about as long
SETTLED_WITHIN = 120


@pytest.mark.slow
def test_two_hundred_takes_survive_twenty_killed_workers(folder):
    chance = random.Random(SEED)
    with Instance(folder / "instance") as instance:
        rows = sqlite3.connect(instance.data / "voicecollect.sqlite3", isolation_level=None)
        sent, seen = [], set()
        takes = taken_by_devices(instance.url)
        for _ in range(KILLS):
            sent += [next(takes) for _ in range(UPLOADS_A_KILL)]
            wait_for_work(rows, seen)
            threading.Event().wait(chance.uniform(0, AT_WORK))
            instance.kill_worker()
        found = settled(sent)
        [(worked_on_again,)] = rows.execute("SELECT count(*) FROM recordings_recording WHERE attempts > 1")
        rows.close()
    assert Counter(take["state"] for take in found) == {"processed": KILLS * UPLOADS_A_KILL}
    clips = [clip["id"] for take in found for clip in take["clips"]]
    assert len(clips) == len(set(clips)) == KILLS * UPLOADS_A_KILL
    assert worked_on_again >= KILLS / 4, "the worker was seldom killed at work"


def taken_by_devices(url):
    """Send take after take, from one device after the other; yield the device and the id that it was given."""
    while True:
        device = Device(url)
        for sentence in device.sentences(UPLOADS_A_DEVICE):
            yield device, device.send(sentence, sound.flac(sound.speech(seconds=1.5)))


def wait_for_work(rows, seen):
    """Wait until the worker takes up a take that it had not when it was killed last."""
    while True:
        held = set(rows.execute("SELECT token FROM recordings_recording WHERE state = 'processing'"))
        [(left,)] = rows.execute("SELECT count(*) FROM recordings_recording WHERE state = 'received'")
        if held - seen or not left:
            seen |= held
            return
        threading.Event().wait(0.01)


def settled(sent):
    """Wait until no take is waiting or being worked on, and return what became of them."""
    until = time.monotonic() + SETTLED_WITHIN
    while True:
        found = [device.became(take_id) for device, take_id in sent]
        if not {"received", "processing"} & {take["state"] for take in found}:
            return found
        assert time.monotonic() < until, Counter(take["state"] for take in found)
        threading.Event().wait(0.5)
