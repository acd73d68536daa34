"""Whatever is sent: refused or read right, quickly, in little memory, with a reason, and nobody else is asked."""

import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

from languages.limits import Limits
from recordings import pipeline
from recordings.audio import judge
from recordings.audio.order import Cut, Order
from recordings.audio.sandbox import Sandbox
from tests.recordings.audio import hostile, mutants

TAKE = Order(Cut.WHOLE, Limits())
NEVER_LONG_ENOUGH = Order(Cut.WHOLE, Limits(min_seconds=9))  # encoders are not what is tried here
MOST_MEMORY, MOST_SECONDS = 300e6, 1.0
CUTS, MUTANTS = 500, 5_000


@pytest.fixture(scope="module")
def good(short_wav, tmp_path_factory):
    return hostile.encoded(short_wav, tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module")
def short_wav(sentence, tmp_path_factory) -> Path:
    """2 s: short, so that five thousand mutants are soon done."""
    path = tmp_path_factory.mktemp("short") / "short.wav"
    soundfile.write(path, sentence[36_000 : 36_000 + 96_000], 48_000, "PCM_16")
    return path


class Canary:
    """A server on this machine that counts who comes."""

    def __init__(self) -> None:
        self.hits: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/sound.webm"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.hits.append(connection.recv(1000))

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def canary():
    one = Canary()
    yield one
    one.close()


def test_a_hundred_kinds_are_refused_or_read_right(sandbox, good, short_wav, canary, tmp_path):
    neighbour = tmp_path / "neighbour.wav"
    neighbour.write_bytes(short_wav.read_bytes())
    pcm = soundfile.read(short_wav, dtype="int16")[0].tobytes()
    kinds = hostile.kinds(good, pcm, canary.address, str(neighbour))
    assert len(kinds) >= 100

    source, wrong = tmp_path / "source", {}
    for name, (data, right) in kinds.items():
        source.write_bytes(data)
        outcome = sandbox.examine(source, TAKE, tmp_path)
        said = outcome.refusal.code if outcome.refusal else ""
        used = sandbox.last
        if said not in right.split(" ") or used.memory_bytes > MOST_MEMORY or used.cpu_seconds > MOST_SECONDS:
            wrong[name] = (outcome.refusal, right, used)
    assert wrong == {}, "\n".join(f"{name}: {each}" for name, each in wrong.items())
    assert canary.hits == []


def test_the_canary_sings(canary):
    with socket.create_connection(("127.0.0.1", int(canary.address.split(":")[2].split("/")[0]))) as visitor:
        visitor.sendall(b"GET / HTTP/1.0\r\n\r\n")
        visitor.recv(1)
    assert canary.hits == [b"GET / HTTP/1.0\r\n\r\n"]


@pytest.mark.parametrize("name", ["webm", "ogg", "flac", "mp3", "frag.mp4", "fast.mp4", "wav"])
def test_what_is_cut_anywhere_is_told(sandbox, good, short_wav, name, tmp_path):
    data = (good | {"wav": short_wav.read_bytes()})[name]
    source, silent = tmp_path / "source", []
    places = np.linspace(1, len(data) - 1, -(-CUTS // 7)).astype(int)
    for at in places:
        source.write_bytes(data[:at])
        outcome = sandbox.examine(source, TAKE, tmp_path)
        if outcome.refusal is None and "truncated" not in outcome.warnings:
            silent.append(at)
    assert len(silent) <= 2, (
        f"of {len(places)} cuts nothing was said of those at {silent}"
    )  # between two blocks
    source.write_bytes(data)
    assert not sandbox.examine(source, TAKE, tmp_path).truncated


@pytest.mark.slow
def test_mutants_neither_crash_nor_hang(good, short_wav, tmp_path):
    seeds = {
        name: good[name]
        for name in ("webm", "two.webm", "ogg", "vorbis.ogg", "mp4", "frag.mp4", "flac", "mp3")
    }
    seeds |= {"wav": short_wav.read_bytes()}
    jobs = [(number, list(seeds.values())[number % len(seeds)]) for number in range(MUTANTS)]

    def work(part: int) -> list[tuple[int, str]]:
        source, bad = tmp_path / f"source-{part}", []
        into = tmp_path / f"into-{part}"
        into.mkdir()
        with Sandbox() as sandbox:
            for number, data in jobs[part::2]:
                source.write_bytes(mutants.mutated(data, number))
                outcome = sandbox.examine(source, NEVER_LONG_ENOUGH, into)
                if outcome.version != pipeline.VERSION or sandbox.last.memory_bytes > MOST_MEMORY:
                    bad.append((number, outcome.refusal))
        return bad

    with ThreadPoolExecutor(2) as pool:
        assert [bad for part in pool.map(work, range(2)) for bad in part] == []


def test_every_refusal_is_in_the_table(sandbox, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(struct.pack("<I", 7))
    assert sandbox.examine(source, TAKE, tmp_path).refusal.code in judge.REFUSALS
