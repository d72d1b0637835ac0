"""The walls a child puts around itself before it touches a file: memory, time, size, no network, no new programs.

They are raised by the child, from our own code, so that the parent needs no code between fork and exec.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 1  # EPERM

_LOAD_WORD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_JUMP_IF_GREATER_OR_EQUAL: Final = 0x35
_RETURN: Final = 0x06
_X32_BIT: Final = 0x40000000

#: audit architecture, then the numbers of socket, connect, ptrace and (last two) execve, execveat
_SYSCALLS: Final = {
    "x86_64": (0xC000003E, (41, 42, 101, 59, 322)),
    "aarch64": (0xC00000B7, (198, 203, 117, 221, 281)),
}


def confine(*, memory_bytes: int, cpu_seconds: int, file_bytes: int, may_execute: bool) -> str:
    """Limit this process for good. Returns how the network is closed: `seccomp`, `namespace` or `open`."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    if not sys.platform.startswith("linux"):
        return "open"
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if _filter_calls(libc, may_execute=may_execute):
        return "seccomp"
    return "namespace" if _leave_network(libc) else "open"


def _filter_calls(libc: ctypes.CDLL, *, may_execute: bool) -> bool:
    known = _SYSCALLS.get(platform.machine())
    if known is None or sys.maxsize < 2**32:
        return False
    architecture, numbers = known
    refused = numbers[:-2] if may_execute else numbers
    program = _program(architecture, refused)
    code = ctypes.create_string_buffer(program, len(program))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    filter_ = Filter(len(program) // 8, ctypes.addressof(code))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0) == 0)


def _program(architecture: int, refused: tuple[int, ...]) -> bytes:
    """A BPF program: refuse another architecture, the x32 calls and the listed numbers; allow the rest."""
    count = len(refused)
    steps = [
        (_LOAD_WORD, 0, 0, 4),
        (_JUMP_EQUAL, 0, count + 3, architecture),
        (_LOAD_WORD, 0, 0, 0),
        (_JUMP_IF_GREATER_OR_EQUAL, count + 1, 0, _X32_BIT),
        *((_JUMP_EQUAL, count - index, 0, number) for index, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _leave_network(libc: ctypes.CDLL) -> bool:
    new_network, new_user = 0x40000000, 0x10000000
    flags = new_network if os.geteuid() == 0 else new_network | new_user
    return bool(libc.unshare(flags) == 0)
