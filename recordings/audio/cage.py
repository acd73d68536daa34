"""Takes from a process, for good, what decoding a file does not need.

Limits on memory, time and files; no capabilities; no new processes, no sockets, no signals to others; a network with
nothing in it. Where the system does not allow one of them the others still hold, and `in_force` tells which do, by
trying.
"""

import ctypes
import os
import resource
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recordings.audio import callfilter

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
CLONE_NEWUSER, CLONE_NEWIPC, CLONE_NEWNET = 0x10000000, 0x08000000, 0x40000000
OWN_PROCESSES = 3  # behind walls: what holds them up, the zygote, and its child
CAPABILITIES_3 = 0x20080522  # version of the structure

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Bounds:
    """What one job may use at most."""

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int = 1 << 30  # of address space
    file_bytes: int = 1 << 28  # of any one file it writes
    open_files: int = 32


def close(bounds: Bounds) -> None:
    """Close the cage around this process; there is no way out of it."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _libc.prctl(PR_SET_DUMPABLE, 0)
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: bounds.memory_bytes,
        resource.RLIMIT_FSIZE: bounds.file_bytes,
        resource.RLIMIT_NOFILE: bounds.open_files,
        resource.RLIMIT_NPROC: 0,
    }
    for name, limit in limits.items():
        lowered = _at_most(name, limit)
        resource.setrlimit(name, (lowered, lowered))
    _libc.capset((ctypes.c_uint32 * 2)(CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)())
    callfilter.install()


def allow_cpu(bounds: Bounds) -> float:
    """Let this process go on for another job's time; returns the seconds that it used so far."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(
        resource.RLIMIT_CPU, (_at_most(resource.RLIMIT_CPU, int(used) + bounds.cpu_seconds), hard)
    )
    return used


def _at_most(name: int, limit: int) -> int:
    """Return the limit, or what the system has set if that is lower."""
    hard = resource.getrlimit(name)[1]
    return limit if hard == resource.RLIM_INFINITY else min(limit, hard)


def leave_network() -> None:
    """Move this process into a network of its own without a way out, where the system allows that."""
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(CLONE_NEWNET | CLONE_NEWIPC) == 0:
        return
    if _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0:
        lines = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
        for name, line in lines.items():
            Path("/proc/self", name).write_text(line)


def in_force() -> dict[str, bool]:
    """Try from inside the cage what it should prevent, and return what is prevented."""
    return {
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY,
        "cpu": resource.getrlimit(resource.RLIMIT_CPU)[0] != resource.RLIM_INFINITY,
        "file-size": resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY,
        "open-files": resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 100,
        "core-dumps": resource.getrlimit(resource.RLIMIT_CORE)[0] == 0,
        "capabilities": "CapEff:\t0000000000000000\n" in Path("/proc/self/status").read_text(),
        "processes": _refused(_fork),
        "programs": _refused(lambda: os.execv("/nowhere", ["nowhere"]), by=PermissionError),  # noqa: S606
        "signals": _refused(lambda: os.kill(os.getppid(), 0)),
        "sockets": _refused(lambda: socket.socket().close()),
        "network": Path("/proc/self/net/route").read_text().count("\n") <= 1,
        "other-files": not Path("/etc/passwd").exists(),
        "other-processes": sum(path.name.isdigit() for path in Path("/proc").iterdir()) <= OWN_PROCESSES,
    }


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _refused(attempt: Callable[[], object], by: type[OSError] = OSError) -> bool:
    try:
        attempt()
    except OSError as error:
        return isinstance(error, by)
    return False
