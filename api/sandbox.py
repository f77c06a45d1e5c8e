"""What the kernel keeps a worker from: other files, other servers, other programs, too much memory.

A worker reads what anybody sends. Should the engine have a fault that lets a query take it over,
it holds nothing: no file but the snapshot's, no socket but the one it answers on. Landlock (Linux
5.13) sees to files and connections, seccomp to system calls, both for the thread that asks and what
it starts, both without any privilege. Where the kernel has them not, the limits on memory, files
and time still hold.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from struct import pack
from typing import Literal, NamedTuple

from api.errors import SandboxError

__all__ = ["Mode", "Rights", "available", "die_with_parent", "enter", "limit"]

Mode = Literal["require", "prefer", "off"]


class Rights(NamedTuple):
    """What a worker may reach: folders and files to read, and ports to connect to."""

    read: tuple[Path, ...] = ()
    ports: tuple[int, ...] = ()


# -- numbers of the kernel: linux/landlock.h, linux/seccomp.h, linux/prctl.h, asm/unistd.h

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH, _NET_PORT = 1, 2
_READ_FILE, _READ_DIR, _CONNECT_TCP = 1 << 2, 1 << 3, 1 << 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights on files each version of Landlock knows; later versions know no more of them."""
_NET_RIGHTS, _NET_SINCE = 0b11, 4

_PDEATHSIG, _GET_SECCOMP, _SECCOMP, _NO_NEW_PRIVS = 1, 21, 22, 38
_FILTER_MODE = 2
_LOAD, _EQUALS, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4


class _Machine(NamedTuple):
    """A kind of processor: what it calls itself to seccomp, and its numbers of system calls."""

    audit: int
    calls: dict[str, int]


_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        {"socket": 41, "execve": 59, "ptrace": 101, "execveat": 322, "io_uring_setup": 425},
    ),
    "aarch64": _Machine(
        0xC00000B7,
        {"socket": 198, "execve": 221, "ptrace": 117, "execveat": 281, "io_uring_setup": 425},
    ),
}


def available() -> dict[str, bool]:
    """Which parts of the sandbox this kernel has.

    >>> sorted(available())
    ['landlock', 'seccomp']
    """
    return {
        "landlock": _landlock_version() > 0,
        "seccomp": platform.machine() in _MACHINES and _prctl(_GET_SECCOMP) >= 0,
    }


def enter(mode: Mode, rights: Rights) -> tuple[str, ...]:
    """Give up all but these rights, for this thread and what it starts; which parts now hold.

    There is no way back. Raises SandboxError where the mode is `require` and a part is missing.
    """
    if mode == "off":
        return ()
    held = tuple(_enter(rights))
    missing = {"landlock", "seccomp"} - set(held)
    if missing and mode == "require":
        raise SandboxError(tuple(sorted(missing)))
    return held


def limit(memory: int, answer: int, files: int) -> None:
    """Bound what this process may take: bytes beyond what it has, bytes written, files open."""
    taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, taken + memory),
        (resource.RLIMIT_FSIZE, answer),
        (resource.RLIMIT_NOFILE, files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def die_with_parent(parent: int) -> None:
    """Have this process end when the one that forked it does, even if that is gone by now."""
    _prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _enter(rights: Rights) -> Iterator[str]:
    # either asks first that nothing this process starts can gain a privilege
    _prctl(_NO_NEW_PRIVS, 1)
    if _landlock(rights):
        yield "landlock"
    if _seccomp(connects=bool(rights.ports)):
        yield "seccomp"


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(*arguments: int) -> int:
    padded = (*arguments, 0, 0, 0, 0)[:5]
    return int(_libc().prctl(*map(ctypes.c_ulong, padded)))


# -- Landlock


def _landlock_version() -> int:
    return int(_libc().syscall(_CREATE_RULESET, None, 0, 1))


def _landlock(rights: Rights) -> bool:
    """Whether all but the rights on files and connections was given up."""
    version, libc = _landlock_version(), _libc()
    if version < 1:
        return False
    known = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    handled = pack("QQ", known, _NET_RIGHTS) if version >= _NET_SINCE else pack("Q", known)
    ruleset = libc.syscall(_CREATE_RULESET, handled, len(handled), 0)
    try:
        for path in rights.read:
            _allow_reading(libc, ruleset, path)
        for port in rights.ports if version >= _NET_SINCE else ():
            libc.syscall(_ADD_RULE, ruleset, _NET_PORT, pack("QQ", _CONNECT_TCP, port), 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow_reading(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        granted = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, pack("=Qi", granted, opened), 0)
    finally:
        os.close(opened)


# -- seccomp


def _seccomp(*, connects: bool) -> bool:
    """Whether the calls that start programs or, unless it `connects`, make sockets are refused."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    refused = [
        number for call, number in machine.calls.items() if not (connects and call == "socket")
    ]
    content = b"".join(_program(machine.audit, refused))
    program = ctypes.create_string_buffer(content, len(content))
    told = pack("HxxxxxxQ", len(content) // 8, ctypes.addressof(program))
    held = ctypes.create_string_buffer(told, len(told))
    return _prctl(_SECCOMP, _FILTER_MODE, ctypes.addressof(held)) == 0


def _program(audit: int, refused: Iterable[int]) -> Iterator[bytes]:
    """The filter, an instruction at a time: other processors' calls and these are refused."""
    yield _instruction(_LOAD, _ARCHITECTURE_AT)
    yield _instruction(_EQUALS, audit, if_so=1)
    yield _instruction(_RETURN, _REFUSE)
    yield _instruction(_LOAD, _NUMBER_AT)
    for number in refused:
        yield _instruction(_EQUALS, number, if_not=1)
        yield _instruction(_RETURN, _REFUSE)
    yield _instruction(_RETURN, _ALLOW)


def _instruction(code: int, value: int, *, if_so: int = 0, if_not: int = 0) -> bytes:
    return pack("HBBI", code, if_so, if_not, value)
