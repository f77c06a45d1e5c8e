"""Files that change, told by the kernel as they are saved: nobody polls."""

import ctypes
import ctypes.util
import os
import select
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kg.errors import InputError, Problem

__all__ = ["watching"]

_CLOSE_WRITE, _MOVED_FROM, _MOVED_TO, _DELETE = 0x8, 0x40, 0x80, 0x200
_MASK = _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _DELETE
_HEAD = struct.Struct("iIII")  # struct inotify_event: watch, mask, cookie, length of the name
_ROOM = 65536


@contextmanager
def watching(folders: Sequence[Path]) -> Iterator[Iterator[frozenset[Path]]]:
    """The sets of files in these folders that are saved, moved or deleted, as it happens.

    Raises InputError where the system has no inotify.
    """
    kernel = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if not hasattr(kernel, "inotify_init1"):
        raise InputError(Problem("--watch", 0, "", "needs Linux: it asks inotify"))
    handle = kernel.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        watched: dict[int, Path] = {}
        for folder in folders:
            number = kernel.inotify_add_watch(handle, os.fsencode(folder), _MASK)
            if number < 0:
                error = os.strerror(ctypes.get_errno())
                raise InputError(Problem(str(folder), 0, "", f"cannot be watched: {error}"))
            watched[number] = folder
        yield _changes(handle, watched)
    finally:
        os.close(handle)


def _changes(handle: int, watched: dict[int, Path]) -> Iterator[frozenset[Path]]:
    while True:
        select.select([handle], [], [])  # sleeps until the kernel has something to tell
        yield frozenset(_events(os.read(handle, _ROOM), watched))


def _events(told: bytes, watched: dict[int, Path]) -> Iterator[Path]:
    place = 0
    while place < len(told):
        number, _, _, length = _HEAD.unpack_from(told, place)
        place += _HEAD.size
        name = told[place : place + length].rstrip(b"\0")
        place += length
        yield watched[number] / os.fsdecode(name)
