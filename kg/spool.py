"""What comes in pieces as one file to read again: small in memory, large out of it."""

import io
import os
from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO

__all__ = ["anonymous", "spooled"]

_SMALL = 2**20


def spooled(pieces: Iterable[bytes], *, small: int = _SMALL) -> IO[bytes]:
    """The pieces as a file at its start; past `small` bytes they leave this process's memory.

    >>> spooled([b"a", b"b"]).read()
    b'ab'
    """
    out: IO[bytes] = io.BytesIO()
    try:
        for piece in pieces:
            if isinstance(out, io.BytesIO) and out.tell() + len(piece) > small:
                kept, out = out, anonymous()
                out.write(kept.getbuffer())
            out.write(piece)
        out.seek(0)
    except BaseException:
        out.close()
        raise
    return out


def anonymous() -> IO[bytes]:
    """An empty file without a name, gone when it is closed.

    It is on disk, in the folder for temporary files. A process that may write no file gets one in
    the kernel's memory, which counts for the machine and not for the process.
    """
    try:
        return TemporaryFile()
    except OSError:
        return os.fdopen(os.memfd_create("caspian"), "w+b")
