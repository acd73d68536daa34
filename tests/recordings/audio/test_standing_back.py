"""Decoders are as nice as their worker, also where the scheduler has groups."""

import os
import subprocess
import sys
from pathlib import Path

from recordings.audio import zygote
from recordings.audio.sandbox import ROOT

WORKER = """
from pathlib import Path
from recordings.audio.sandbox import Sandbox

def parent_of(stat):
    return stat.read_text().rpartition(")")[2].split()[1]

with Sandbox() as sandbox:
    sandbox.protections()
    innermost = str(sandbox.pid)
    while inner := [each for each in Path("/proc").glob("[0-9]*/stat") if parent_of(each) == innermost]:
        innermost = inner[0].parent.name
    group = Path(f"/proc/{innermost}/autogroup")
    print(group.read_text().split()[-1] if group.exists() else "")
"""


class Busy:
    """A kernel that has just let somebody else do this."""

    def __init__(self, times):
        self.times, self.written = times, []

    def write_text(self, text):
        self.times -= 1
        if self.times >= 0:
            raise BlockingIOError
        self.written.append(text)


def test_a_session_becomes_as_nice_as_its_worker(monkeypatch, tmp_path):
    monkeypatch.setattr(zygote, "GROUP", tmp_path / "autogroup")
    zygote.stand_back()
    assert (tmp_path / "autogroup").read_text() == str(os.getpriority(os.PRIO_PROCESS, 0))


def test_it_tries_again_while_the_kernel_is_busy(monkeypatch):
    group = Busy(2)
    monkeypatch.setattr(zygote, "GROUP", group)
    zygote.stand_back()
    assert len(group.written) == 1


def test_it_goes_on_where_there_are_no_groups(monkeypatch):
    monkeypatch.setattr(zygote, "GROUP", Path("/proc/nothing-here/autogroup"))
    zygote.stand_back()


def test_decoders_are_as_nice_as_their_worker():
    command = ["nice", "-n", "7", sys.executable, "-c", WORKER]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    has_groups = Path("/proc/self/autogroup").exists()
    assert done.stdout.strip() == ("7" if has_groups else "")
