"""Workers that die at any moment: every take that was acknowledged becomes one clip, none is lost, none comes twice."""

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
UPLOADS, DEVICES, KILLS = 200, 4, 20
SETTLED_WITHIN = 60  # seconds after the last kill: a lease runs for 20


@pytest.mark.slow
def test_two_hundred_takes_survive_twenty_killed_workers(folder):
    chance = random.Random(SEED)
    with Instance(folder / "instance", workers=1) as instance:
        rows = sqlite3.connect(instance.data / "voicecollect.sqlite3", isolation_level=None)
        sending = Sending(instance.url)
        sending.start()
        seen = set()
        for _ in range(KILLS):
            wait_for_work(rows, seen)
            threading.Event().wait(chance.uniform(0, 0.15))  # a take is worked on for about as long
            instance.kill_worker()
        sending.join()
        assert not sending.faults
        found = settled(sending.sent)
        [(worked_on_again,)] = rows.execute("SELECT count(*) FROM recordings_recording WHERE attempts > 1")
        rows.close()
    assert worked_on_again >= KILLS / 4, "the worker was seldom killed at work"
    assert Counter(take["state"] for take in found) == {"processed": UPLOADS}
    clips = [clip["id"] for take in found for clip in take["clips"]]
    assert len(clips) == len(set(clips)) == UPLOADS


class Sending(threading.Thread):
    """Sends all takes from a few devices, one after the other."""

    def __init__(self, url):
        super().__init__()
        self.devices = [Device(url) for _ in range(DEVICES)]
        self.sent = []
        self.faults = []
        self.over = threading.Event()

    def run(self):
        try:
            for device in self.devices:
                for sentence in device.sentences(UPLOADS // DEVICES):
                    self.sent.append((device, device.send(sentence, sound.flac(sound.speech(seconds=1.5)))))
        except Exception as fault:
            self.faults.append(fault)
        self.over.set()


def wait_for_work(rows, seen):
    """Wait until the worker takes up a take that it had not when it was killed last, or until all are done."""
    while True:
        held = set(rows.execute("SELECT token FROM recordings_recording WHERE state = 'processing'"))
        [(left,)] = rows.execute("SELECT count(*) FROM recordings_recording WHERE state = 'received'")
        if held - seen or not (left or held):
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
