"""Walls around what decodes, by bubblewrap where the system allows: in there are Python, our rules, and a room.

No other file can be seen from inside, no other process, and no network; files can be written in the room alone.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from recordings.audio.room import Room

ROOT = Path(__file__).parents[2]
# What is imported of ours; beside them may lie data and secrets.
PACKAGES = ("recordings", "languages", "common")
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache")
PROGRAM = "bwrap"
TRY_SECONDS = 10
MARK = "BEHIND_WALLS"


def around(command: tuple[str, ...], room: Room) -> tuple[str, ...]:
    """Return the command as it runs behind walls, or as it is where none can be built."""
    if not can_be_built():
        return command
    shared = ("--ro-bind", str(room.inbox), str(room.inbox), "--bind", str(room.outbox), str(room.outbox))
    return (
        *_walls(),
        *shared,
        "--setenv",
        "TMPDIR",
        str(room.outbox),
        "--setenv",
        MARK,
        "yes",
        "--",
        *command,
    )


def are_around() -> bool:
    """Tell whether this process runs behind walls."""
    return MARK in os.environ


@cache
def can_be_built() -> bool:
    """Tell whether Python starts behind walls here, found out by trying once: containers often forbid them."""
    if not shutil.which(PROGRAM):
        return False
    command = (*_walls(), "--", sys.executable, "-I", "-c", "")
    try:
        return subprocess.run(command, capture_output=True, timeout=TRY_SECONDS, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _walls() -> tuple[str, ...]:
    seen = (*SYSTEM, sys.base_prefix, sys.prefix, *(str(ROOT / name) for name in PACKAGES))
    return (
        PROGRAM,
        *("--unshare-all", "--cap-drop", "ALL", "--new-session", "--die-with-parent"),
        *(part for path in seen for part in ("--ro-bind-try", path, path)),
        *("--proc", "/proc", "--dev", "/dev", "--chdir", str(ROOT)),
    )
