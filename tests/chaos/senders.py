"""Volunteers who send take after take, each again until it is acknowledged, whatever happens meanwhile."""

import hashlib
import itertools
import threading
import time
import urllib.error
from dataclasses import dataclass, field

import numpy as np

from tests import sound
from tests.journeys.devices import Device

UPLOADS_A_DEVICE = 50  # below the limit of one speaker
AGAIN_AFTER = 0.5  # seconds


@dataclass(frozen=True)
class Sent:
    """A take that was acknowledged."""

    device: Device
    take_id: str
    sha256: str


@dataclass
class Senders:
    """Threads that send `count` takes in all, `a_second` at most."""

    url: str
    count: int
    a_second: float
    threads: int = 4
    acknowledged: list[Sent] = field(default_factory=list)
    attempts: int = 0
    faults: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Begin to send."""
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._threads = [threading.Thread(target=self._send_all, daemon=True) for _ in range(self.threads)]
        for thread in self._threads:
            thread.start()

    @property
    def is_done(self) -> bool:
        """Tell whether everything is acknowledged."""
        return not any(thread.is_alive() for thread in self._threads)

    def _send_all(self) -> None:
        sentences: list[dict[str, str]] = []
        while (number := next(self._numbers)) < self.count:
            threading.Event().wait(max(0.0, self._began + number / self.a_second - time.monotonic()))
            if not sentences:
                device = Device(self.url)
                sentences = self._until_done(lambda: device.sentences(UPLOADS_A_DEVICE))  # noqa: B023
            self._send(device, sentences.pop(), number)

    def _send(self, device: Device, sentence: dict[str, str], number: int) -> None:
        with self._lock:
            body = sound.flac(_saying(number))
        take_id = self._until_done(lambda: device.send(sentence, body))
        self.acknowledged.append(Sent(device, take_id, hashlib.sha256(body).hexdigest()))

    def _until_done(self, call):
        while True:
            self.attempts += 1
            try:
                return call()
            except (OSError, urllib.error.URLError, ValueError, EOFError) as fault:
                self.faults.append(f"{getattr(fault, 'code', '')} {type(fault).__name__}")
                threading.Event().wait(AGAIN_AFTER)
            except Exception as fault:  # http.client's own, of an answer that was cut off
                self.faults.append(type(fault).__name__)
                threading.Event().wait(AGAIN_AFTER)


def _saying(number: int) -> np.ndarray:
    """Return speech that no other number has: a sound that is there already would be refused."""
    speech = sound.speech(seconds=2.0, around=0.3)
    return speech + np.random.default_rng(number).normal(0, 1e-4, len(speech)).astype(np.float32)
