"""The real path of an upload: through the sandbox."""

import ctypes
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from recordings.audio import sandbox as sandboxing
from recordings.audio import wire, zygote
from recordings.audio.order import Cut, Finding, Limits, Order, Outcome
from recordings.audio.sandbox import ROOT, Sandbox

TAKE = Order(Cut.WHOLE, Limits(), "and mister john dashwood had then leisure to consider")


def test_a_take_becomes_one_clip(sandbox, wav, sentence, tmp_path):
    outcome = sandbox.examine(wav, TAKE, tmp_path)

    assert outcome.refusal is None
    assert (outcome.container, outcome.codec, outcome.sample_rate) == ("wav", "pcm_16", 48_000)
    assert (outcome.frames, outcome.truncated, outcome.warnings) == (len(sentence), False, ())
    [clip] = outcome.clips
    assert clip.refusal is None
    assert clip.warnings == ()
    assert 24_000 < clip.start < 48_000 < clip.end < len(sentence)
    master, rate = soundfile.read(clip.master, dtype="float32")
    assert rate == 48_000
    np.testing.assert_array_equal(master, sentence[clip.start : clip.end])
    delivered, rate = soundfile.read(clip.delivery)
    assert rate == 32_000
    assert len(delivered) == round((clip.end - clip.start) * 32 / 48)
    assert clip.duration_ms == round(len(delivered) / 32)


def test_the_same_upload_gives_the_same_bytes(sandbox, wav, tmp_path):
    (tmp_path / "one").mkdir(), (tmp_path / "two").mkdir()
    one, two = (sandbox.examine(wav, TAKE, tmp_path / name).clips[0] for name in ("one", "two"))
    assert one.master.read_bytes() == two.master.read_bytes()
    assert one.delivery.read_bytes() == two.delivery.read_bytes()
    assert (one.measures, one.fingerprint, one.pcm_sha256) == (two.measures, two.fingerprint, two.pcm_sha256)


def test_the_upload_is_left_as_it_came(sandbox, wav, tmp_path):
    before = wav.read_bytes()
    sandbox.examine(wav, TAKE, tmp_path)
    assert wav.read_bytes() == before


def test_every_protection_is_in_force_here(sandbox):
    assert set(sandbox.protections().values()) == {True}


def test_a_missing_file_is_the_systems_fault(sandbox, tmp_path):
    with pytest.raises(OSError, match="No such file"):
        sandbox.examine(tmp_path / "nowhere", TAKE, tmp_path)


def crash(source: Path, order: Order, into: Path) -> Outcome:
    ctypes.string_at(0)
    raise AssertionError


def hang(source: Path, order: Order, into: Path) -> Outcome:
    signal.pause()
    raise AssertionError


def spin(source: Path, order: Order, into: Path) -> Outcome:
    while True:
        pass


def swallow(source: Path, order: Order, into: Path) -> Outcome:
    return Outcome(Finding(str(len(bytes(1 << 40)))), 1)


def flood(source: Path, order: Order, into: Path) -> Outcome:
    with (into / "large").open("wb", buffering=0) as file:
        file.seek(1 << 40)
        file.write(b"!")
    raise AssertionError


def lie(source: Path, order: Order, into: Path) -> Outcome:
    (into / wire.OUTCOME).write_text('{"clips": [{"master": "../../etc/passwd"}]}')
    os._exit(0)


FAULTS = {
    crash: "crashed with SIGSEGV",
    hang: "hung",
    spin: "crashed with SIGXCPU",
    swallow: "MemoryError",
    flood: "OSError in flood",
    lie: "nonsense",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_what_a_child_does_to_itself_is_a_refusal(fault, monkeypatch, wav, tmp_path):
    monkeypatch.setattr("recordings.audio.sandbox.SERVER", serving(fault))
    monkeypatch.setattr("recordings.audio.sandbox.MORE_SECONDS", 1)
    monkeypatch.setattr("recordings.audio.sandbox.WALL_TIMES", 1 if fault is hang else 100)
    with Sandbox() as sandbox:
        outcome = sandbox.examine(wav, Order(Cut.WHOLE, Limits(whole_decoded_seconds=1)), tmp_path)
    assert outcome.refusal.code == "undecodable"
    assert FAULTS[fault] in outcome.refusal.detail


def test_a_killed_zygote_is_replaced(wav, tmp_path):
    with Sandbox() as sandbox:
        first = sandbox.examine(wav, TAKE, tmp_path)
        os.kill(sandbox._zygote.pid, signal.SIGKILL)
        assert sandbox.examine(wav, TAKE, tmp_path) == first


def test_threads_share_a_sandbox(sandbox, wav, tmp_path):
    outcomes = []

    def work(name: str) -> None:
        (tmp_path / name).mkdir()
        outcomes.append(sandbox.examine(wav, TAKE, tmp_path / name).pcm_sha256)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 4
    assert len(set(outcomes)) == 1


def test_lower_limits_of_the_system_are_kept(wav, monkeypatch, tmp_path):
    lowered = ("bash", "-c", f"ulimit -t 20 -n 25 && exec {' '.join(sandboxing.SERVER)}")
    monkeypatch.setattr(sandboxing, "SERVER", lowered)
    with Sandbox() as sandbox:
        assert sandbox.examine(wav, TAKE, tmp_path).refusal is None
        assert set(sandbox.protections().values()) == {True}


def break_off(source: Path, order: Order, into: Path) -> Outcome:
    os._exit(zygote.FAULT)


def test_a_child_that_cannot_work_is_no_refusal(wav, monkeypatch, tmp_path):
    monkeypatch.setattr(sandboxing, "SERVER", serving(break_off))
    with Sandbox() as sandbox, pytest.raises(OSError, match="could not work: 70"):
        sandbox.examine(wav, TAKE, tmp_path)


def examine_in_a_daemon(wav: Path, into: Path, answers) -> None:
    with Sandbox() as sandbox:
        answers.put(sandbox.examine(wav, TAKE, into).pcm_sha256)


def test_a_daemonic_process_may_use_it(wav, sandbox, tmp_path):
    """As Celery's workers are: they may not have children of their own by multiprocessing."""
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()
    process = fork.Process(target=examine_in_a_daemon, args=(wav, tmp_path, answers), daemon=True)
    process.start()
    process.join()
    assert answers.get() == sandbox.examine(wav, TAKE, tmp_path).pcm_sha256


def test_after_a_fork_it_has_a_zygote_of_its_own(wav, sandbox, tmp_path):
    sandbox.examine(wav, TAKE, tmp_path)
    before, (inside, outside) = sandbox.pid, os.pipe()
    child = os.fork()
    if child == 0:
        sandbox.examine(wav, TAKE, tmp_path)
        os.write(outside, str(sandbox.pid).encode())
        sandbox.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(inside, 100)) != before
    assert sandbox.examine(wav, TAKE, tmp_path).refusal is None
    assert sandbox.pid == before


def test_a_child_does_a_number_of_jobs_and_no_more(wav, monkeypatch, tmp_path):
    monkeypatch.setattr("recordings.audio.sandbox.SERVER", serving(tell_who))
    monkeypatch.setattr("recordings.audio.sandbox.JOBS_PER_CHILD", 3)
    with Sandbox() as sandbox:
        who = [sandbox.examine(wav, TAKE, tmp_path).codec for _ in range(7)]
    assert [len(set(who[at : at + 3])) for at in (0, 3)] == [1, 1]
    assert len(set(who)) == 3


def tell_who(source: Path, order: Order, into: Path) -> Outcome:
    return Outcome(None, 1, codec=str(os.getpid()))


def serving(process) -> tuple[str, ...]:
    """Return the command of a zygote whose children do something else."""
    serve = f"""
from tests.recordings.audio import test_sandbox
from recordings.audio import zygote
zygote.serve(test_sandbox.{process.__name__})
"""
    return (sys.executable, "-c", serve)


def test_zygote_and_child_die_with_the_worker(wav, tmp_path):
    """A worker that is killed in the middle of a job leaves nobody behind."""
    worker = f"""
import sys
from pathlib import Path
from recordings.audio import sandbox
from recordings.audio.order import Cut, Order
sandbox.SERVER = {serving(tell_and_hang)!r}
sandbox.Sandbox().examine(Path({str(wav)!r}), Order(Cut.WHOLE), Path({str(tmp_path)!r}))
"""
    os.mkfifo(tmp_path / "pids")
    process = subprocess.Popen([sys.executable, "-c", worker], cwd=ROOT)
    child, parent = map(int, (tmp_path / "pids").read_text().split())
    watched = [os.pidfd_open(pid) for pid in (child, parent)]
    process.kill()
    process.wait()
    for each in watched:
        wait_for_end(each)


def tell_and_hang(source: Path, order: Order, into: Path) -> Outcome:
    (into / "pids").write_text(f"{os.getpid()} {os.getppid()}")
    return hang(source, order, into)


def wait_for_end(pidfd: int) -> None:
    ready, _, _ = select.select([pidfd], [], [], 30)
    assert ready, "it lives on"
    os.close(pidfd)
