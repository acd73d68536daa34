"""Folders for work in hand are gone when their process is, and never before."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from common.workroom import Workroom

HOLD = """
import sys, time
from pathlib import Path
from common.workroom import Workroom
room = Workroom("voice-", within=Path(sys.argv[1]))
(room.folder / "take").write_bytes(b"a voice")
print(room.folder, flush=True)
time.sleep(60)
"""


def test_it_is_gone_with_all_in_it_after_the_block(tmp_path):
    with Workroom("voice-", within=tmp_path) as folder:
        (folder / "take").write_bytes(b"a voice")
    assert list(tmp_path.iterdir()) == []


def test_that_of_a_killed_process_is_removed_by_the_next_and_those_in_use_stay(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True)
    theirs = Path(holder.stdout.readline().strip())
    with Workroom("voice-", within=tmp_path) as ours:
        assert (theirs / "take").exists()
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
        with Workroom("voice-", within=tmp_path) as next_one:
            assert sorted(tmp_path.iterdir()) == sorted([ours, next_one])


def test_other_folders_are_left_alone(tmp_path):
    (tmp_path / "other-1").mkdir()
    with Workroom("voice-", within=tmp_path):
        assert (tmp_path / "other-1").exists()


def test_a_child_that_drops_it_after_a_fork_leaves_it_to_the_parent(tmp_path):
    room = Workroom("voice-", within=tmp_path)
    folder = room.folder
    if (child := os.fork()) == 0:
        del room
        os._exit(0)
    os.waitpid(child, 0)
    assert folder.exists()
    room.close()
