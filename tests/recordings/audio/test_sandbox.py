"""The real path of an upload: through the sandbox."""

import ctypes
import json
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import soundfile

from languages.limits import Limits
from recordings.audio import sandbox as sandboxing
from recordings.audio import walls, wire, zygote
from recordings.audio.order import Cut, CutClip, Finding, Order, Outcome
from recordings.audio.room import Room
from recordings.audio.sandbox import ROOT, KilledError, Sandbox


@pytest.fixture(autouse=True)
def _tests_are_seen(monkeypatch):
    """Children that do what is written here must find it behind walls too."""
    monkeypatch.setattr(walls, "PACKAGES", (*walls.PACKAGES, "tests"))


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


OF_WALLS = {"other-files", "other-processes"}


def missing(sandbox: Sandbox) -> set[str]:
    return {name for name, holds in sandbox.protections().items() if not holds}


def test_every_protection_is_in_force_here(sandbox):
    assert missing(sandbox) == (set() if walls.can_be_built() else OF_WALLS)


@pytest.fixture
def no_walls(monkeypatch):
    monkeypatch.setattr(walls, "PROGRAM", "nowhere")
    walls.can_be_built.cache_clear()
    yield
    walls.can_be_built.cache_clear()


def test_limits_hold_where_no_walls_can_be_built(no_walls, wav, tmp_path):
    with Sandbox() as sandbox:
        assert sandbox.examine(wav, TAKE, tmp_path).refusal is None
        assert missing(sandbox) == OF_WALLS


def test_walls_that_do_not_stand_are_not_used(no_walls, monkeypatch):
    monkeypatch.setattr(walls, "PROGRAM", "false")
    assert not walls.can_be_built()


def spy(source: Path, order: Order, into: Path) -> Outcome:
    seen = {path: Path(path).exists() for path in json.loads(order.text)}
    try:
        source.write_bytes(b"forged")
        seen["the source is writable"] = True
    except OSError:
        pass
    return Outcome(None, 1, codec=json.dumps(seen))


def test_nothing_is_seen_from_behind_walls(monkeypatch, wav, tmp_path):
    paths = [
        tmp_path,
        wav,
        ROOT / "manage.py",
        ROOT / "recordings",
        Path.home() / ".bashrc",
        "/etc/shadow",
        "/var",
    ]
    monkeypatch.setattr(sandboxing, "SERVER", serving(spy))
    asked = Order(Cut.WHOLE, text=json.dumps([str(each) for each in paths]))
    with Sandbox() as sandbox:
        seen = json.loads(sandbox.examine(wav, asked, tmp_path).codec)
    expected = (
        [str(ROOT / "recordings")] if walls.can_be_built() else [path for path in seen if Path(path).exists()]
    )
    assert [path for path, there in seen.items() if there and path != "the source is writable"] == expected
    assert walls.can_be_built() is ("the source is writable" not in seen)


def point_elsewhere(source: Path, order: Order, into: Path) -> Outcome:
    (into / "a.flac").symlink_to("/etc/passwd")
    (into / "a.mp3").write_bytes(b"")
    clip = CutClip(0, 1, 8_000, 1, into / "a.flac", into / "a.mp3", (), (), None, "", b"")
    return Outcome(None, 1, clips=(clip,))


def test_a_clip_that_points_elsewhere_is_not_followed(monkeypatch, wav, tmp_path):
    monkeypatch.setattr(sandboxing, "SERVER", serving(point_elsewhere))
    with Sandbox() as sandbox:
        assert "nonsense" in sandbox.examine(wav, TAKE, tmp_path).refusal.detail


def test_rooms_of_killed_workers_are_removed_and_no_others(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make = "from recordings.audio.room import Room; import os; room = Room(); os.kill(os.getpid(), 9)"
    killed = subprocess.run(
        [sys.executable, "-c", make], cwd=ROOT, env=os.environ | {"TMPDIR": str(tmp_path)}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    [abandoned] = tmp_path.iterdir()
    first, second = Room(), Room()
    assert not abandoned.exists()
    assert first.inbox.is_dir()
    for each in (first, second):
        each.close()
    assert list(tmp_path.iterdir()) == []


class LostError(Exception):
    pass


def lose(*_) -> None:
    raise LostError


def test_what_a_worker_does_meanwhile_may_end_the_job(monkeypatch, wav, tmp_path):
    """And the answer of the job that was ended is not taken for the next one's."""
    monkeypatch.setattr(sandboxing, "TURN_SECONDS", 0.01)
    with Sandbox() as sandbox:
        with pytest.raises(LostError):
            sandbox.examine(wav, TAKE, tmp_path, meanwhile=lose)
        assert sandbox.pid is None
        assert sandbox.examine(wav, TAKE, tmp_path).refusal is None


def test_a_worker_is_asked_again_and_again_while_it_waits(monkeypatch, wav, tmp_path):
    turns = []
    monkeypatch.setattr(sandboxing, "TURN_SECONDS", 0.01)
    with Sandbox() as sandbox:
        outcome = sandbox.examine(wav, TAKE, tmp_path, meanwhile=lambda: turns.append(1))
    assert outcome.refusal is None
    assert turns


def test_a_room_is_left_empty_and_goes_with_its_sandbox(wav, tmp_path):
    with Sandbox() as sandbox:
        sandbox.examine(wav, TAKE, tmp_path)
        room = sandbox._room
        assert [*room.inbox.iterdir(), *room.outbox.iterdir()] == []
    assert not room.inbox.parent.exists()


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


def test_a_child_that_somebody_killed_is_no_refusal(wav, monkeypatch, tmp_path):
    monkeypatch.setattr(sandboxing, "SERVER", serving(hang))
    monkeypatch.setattr(sandboxing, "TURN_SECONDS", 0.2)
    with Sandbox() as sandbox:

        def kill_the_decoder() -> None:
            for pid in descendants(sandbox.pid)[-1:]:  # the last is the one furthest down
                os.kill(pid, signal.SIGKILL)

        with pytest.raises(KilledError):
            sandbox.examine(wav, TAKE, tmp_path, meanwhile=kill_the_decoder)


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
        assert missing(sandbox) <= OF_WALLS


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


def test_zygote_and_child_die_with_the_worker(tmp_path):
    """A worker that is killed in the middle of a job leaves nobody behind."""
    source = tmp_path / "source"
    os.mkfifo(source)
    worker = f"""
from pathlib import Path
from tests.recordings.audio import test_sandbox
from recordings.audio import sandbox, walls
from recordings.audio.order import Cut, Order
walls.PACKAGES += ("tests",)
sandbox.SERVER = {serving(listen_for_ever)!r}
sandbox.Sandbox().examine(Path({str(source)!r}), Order(Cut.WHOLE), Path({str(tmp_path)!r}))
"""
    process = subprocess.Popen([sys.executable, "-c", worker], cwd=ROOT)
    with source.open("wb"):  # opens once the child reads at the other end
        watched = [os.pidfd_open(pid) for pid in descendants(process.pid)]
        assert len(watched) >= 2
        process.kill()
        process.wait()
        for each in watched:
            wait_for_end(each)


def listen_for_ever(source: Path, order: Order, into: Path) -> Outcome:
    source.read_bytes()
    raise AssertionError


def descendants(pid: int) -> list[int]:
    children = (path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    found = [int(each) for each in chain.from_iterable(children)]
    return found + [later for each in found for later in descendants(each)]


def wait_for_end(pidfd: int) -> None:
    ready, _, _ = select.select([pidfd], [], [], 30)
    assert ready, "it lives on"
    os.close(pidfd)
