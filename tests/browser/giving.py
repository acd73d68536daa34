"""What browser tests need to be there: spoken sentences as sound, and clips that others gave."""

import base64
import json
import secrets
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import numpy
import soundfile

RATE = 48_000
PATIENCE = 60  # seconds for the worker to process a clip


def say(
    text: str, into: Path, *, voice: str = "en", before: float = 1.0, after: float = 1.5, room: int = 1
) -> Path:
    """Write a WAV in which a machine says the text, with the noise of a quiet room around it; return its path."""
    spoken = into.with_suffix(".espeak.wav")
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(spoken), text], check=True)
    speech, rate = soundfile.read(spoken)
    times = numpy.arange(0, len(speech) / rate, 1 / RATE)
    speech = numpy.interp(times, numpy.arange(len(speech)) / rate, speech)
    silences = numpy.zeros(int(before * RATE)), numpy.zeros(int(after * RATE))
    sound = numpy.concatenate([silences[0], speech / abs(speech).max() / 2, silences[1]])
    sound += numpy.random.default_rng(room).normal(0, 0.0005, len(sound))
    soundfile.write(into, sound, RATE, subtype="PCM_16")
    return into


def give(url: str, folder: Path, *, locale: str = "en", count: int = 1) -> None:
    """Give clips as an app would, each by somebody new, and return once they are ready to be judged."""
    for _ in range(count):
        device = f"{uuid.uuid4()}:{secrets.token_hex(20)}"
        credentials = {"Authorization": "Basic " + base64.b64encode(device.encode()).decode()}
        [sentence] = _ask(f"{url}/api/v1/{locale}/sentences?count=1", credentials)
        wav = folder / f"{uuid.uuid4()}.wav"
        # In a room of their own: where others hold nearly all sentences, somebody may get one that was given already
        room = secrets.randbits(32)
        sound = say(sentence["text"], wav, voice=locale, before=0.4, after=0.4, room=room).read_bytes()
        told = {
            "sentence-id": sentence["id"],
            "sentence": quote(sentence["text"]),
            "Content-Type": "audio/wav",
        }
        sent = _ask(f"{url}/api/v1/{locale}/clips", credentials | told, sound)
        _wait_until_processed(f"{url}/api/v1/recordings/{sent['filePrefix']}", credentials)


def _wait_until_processed(address: str, credentials: dict[str, str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while (recording := _ask(address, credentials))["state"] in {"received", "processing"}:
        assert time.monotonic() < deadline, "the worker did not process a clip"
        time.sleep(0.1)  # workers have no way to tell this process
    assert recording["state"] == "processed", recording


def _ask(address: str, headers: dict[str, str], body: bytes | None = None) -> Any:
    with urlopen(Request(address, body, headers), timeout=30) as answer:
        return json.load(answer)
