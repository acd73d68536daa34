import os
import select
import signal
import subprocess
import sys
import textwrap

import pytest

from tests.servers.process import Process

SLEEP = [sys.executable, "-c", "print('ready', flush=True); import time; time.sleep(600)"]


def test_output_is_in_the_log(tmp_path):
    with Process(SLEEP, log=tmp_path / "log") as process:
        process.wait_until(lambda: "ready" in process.log.read_text())
        assert process.alive
    assert not process.alive


def test_one_that_ignores_the_signal_is_killed(tmp_path):
    stubborn = [
        sys.executable,
        "-c",
        "import signal; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); signal.pause()",
    ]
    process = Process(stubborn, log=tmp_path / "log")
    process.start()
    process.wait_until(lambda: "ready" in process.log.read_text())
    process.stop(seconds=0.1)
    assert not process.alive


def test_its_children_end_with_it(tmp_path):
    parent = f"import subprocess; p = subprocess.Popen({SLEEP!r}); print(p.pid, flush=True); p.wait()"
    process = Process([sys.executable, "-c", parent], log=tmp_path / "log")
    process.start()
    process.wait_until(lambda: "ready" in process.log.read_text())
    child = int(process.log.read_text().split()[0])
    process.stop()
    assert _ends(child)


def test_it_does_not_outlive_a_test_run_that_is_killed(tmp_path):
    run = textwrap.dedent(f"""
        import os
        from pathlib import Path
        from tests.servers.process import Process
        process = Process({SLEEP!r}, log=Path({str(tmp_path / "log")!r}))
        process.start()
        process.wait_until(lambda: "ready" in process.log.read_text())
        print(process.pid, flush=True)
        os.kill(os.getpid(), {signal.SIGKILL.value})
        """)
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert _ends(int(done.stdout))


def test_one_that_ends_early_is_reported_with_its_log(tmp_path):
    process = Process([sys.executable, "-c", "raise SystemExit('no such file')"], log=tmp_path / "log")
    process.start()
    with pytest.raises(RuntimeError, match=r"ended.*\n.*no such file"):
        process.wait_until(lambda: False)


def _ends(pid: int) -> bool:
    """Wait for the end of a process that is no child of ours, and tell whether it came."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(watched) as end:
        return bool(select.select([end], [], [], 30)[0])
