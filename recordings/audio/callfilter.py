"""A filter on system calls (seccomp): what decoding never needs is refused by the kernel, without any privilege."""

import ctypes
import errno
import platform
import struct

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
SECCOMP_MODE_FILTER = 2
LOAD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of classic BPF
NUMBER, MACHINE = 0, 4  # offsets in what the filter sees of a call
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
SECOND_NUMBERING = 0x40000000  # x86_64 has other numbers for the same calls from here on

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the table, audit number
NONE = -1
CALLS = {
    # to the network
    "socket": (41, 198),
    "connect": (42, 203),
    "socketpair": (53, 199),
    # new processes and programs
    "clone": (56, 220),
    "fork": (57, NONE),
    "vfork": (58, NONE),
    "clone3": (435, 435),
    "execve": (59, 221),
    "execveat": (322, 281),
    # signals to others
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    # looking into others
    "ptrace": (101, 117),
    "kcmp": (312, 272),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "perf_event_open": (298, 241),
    # out of its place in the file system
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "open_by_handle_at": (304, 265),
    "unshare": (272, 97),
    "setns": (308, 268),
    # large and rarely used parts of the kernel
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install() -> bool:
    """Refuse the calls above to this process for good; false on machines whose numbers are not in the table."""
    if platform.machine() not in MACHINES:
        return False
    code = _code(*MACHINES[platform.machine()])
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _code(column: int, machine: int) -> bytes:
    numbers = [each[column] for each in CALLS.values() if each[column] != NONE]
    left = len(numbers)
    steps = [
        _step(LOAD, MACHINE),
        _step(JUMP_IF_EQUAL, machine, 1, 0),
        _step(RETURN, KILL),
        _step(LOAD, NUMBER),
        _step(JUMP_IF_AT_LEAST, SECOND_NUMBERING, left + 1, 0),
        *(_step(JUMP_IF_EQUAL, number, left - at, 0) for at, number in enumerate(numbers)),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
