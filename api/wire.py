"""Messages between the service and its workers, over a socket that keeps them apart.

The socket is of the kind SOCK_SEQPACKET: a message arrives whole or not at all, and an empty one
says that the other end is gone. A body too long for a message travels as a file in memory, of which
only the descriptor is sent: however long an answer is, the service never holds it.
"""

import json
import os
import socket
import struct
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

__all__ = [
    "INLINE",
    "Answered",
    "Holding",
    "Reply",
    "Spool",
    "channel",
    "receive_job",
    "receive_reply",
    "send_job",
    "send_reply",
]

INLINE = 65_536
"""The longest body that is sent in a message, in bytes."""

_ROOM = 1 << 20
_HEAD = struct.Struct("!IQ")
_LONGEST = 2 * INLINE
_PIECE = 1 << 18


class Spool:
    """A body in a file in memory, read a piece at a time; the file is gone when this is."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor, self.size = descriptor, size

    def __del__(self) -> None:
        os.close(self._descriptor)

    def piece(self, start: int) -> bytes:
        """What stands from there on, as far as a piece goes; empty at the end.

        Raises EOFError where the file ends before: who made it said what is not so.
        """
        piece = os.pread(self._descriptor, min(_PIECE, self.size - start), start)
        if not piece and start < self.size:
            raise EOFError(f"an answer of {self.size:,} bytes ends before them, at {start:,}")
        return piece


@dataclass(frozen=True)
class Reply:
    """An answer ready to be sent: its status, media type, further headers and body.

    `lasting` says that the same question has the same answer for as long as the graph is the same.
    """

    status: int
    media_type: str
    body: bytes | Spool
    headers: tuple[tuple[str, str], ...] = ()
    lasting: bool = False

    @property
    def size(self) -> int:
        """How many bytes the body has."""
        return self.body.size if isinstance(self.body, Spool) else len(self.body)

    @cached_property
    def head(self) -> list[tuple[bytes, bytes]]:
        """Its headers as they are sent, those of its length and media type too."""
        headers = [*self.headers, ("Content-Length", str(self.size))]
        if kind := self.media_type:
            text = kind.startswith("text/")
            headers.append(("Content-Type", f"{kind}; charset=utf-8" if text else kind))
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class Holding(NamedTuple):
    """What is served: a snapshot and how many statements it holds, where known, and from where."""

    snapshot: str | None
    quads: int | None
    store: str


class Answered(NamedTuple):
    """A reply, and the snapshot it was made from."""

    reply: Reply
    snapshot: str | None


def channel() -> tuple[socket.socket, socket.socket]:
    """Two ends of a new socket for messages.

    >>> here, there = channel()
    >>> send_job(here, b"a job"); receive_job(there)
    b'a job'
    >>> here.close(); receive_job(there)
    b''
    >>> there.close()
    """
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ROOM)
    return ends


def send_job(end: socket.socket, job: bytes) -> None:
    """Send a job to a worker."""
    _send(end, b"", job)


def receive_job(end: socket.socket) -> bytes:
    """The next job; empty where the service is gone."""
    received = _receive(end)
    if received is None:
        return b""
    _, body = received
    return body if isinstance(body, bytes) else b"".join(_pieces(body))


def send_reply(end: socket.socket, reply: Reply) -> None:
    """Send a reply to the service."""
    head = json.dumps([reply.status, reply.media_type, reply.headers, reply.lasting]).encode()
    body = reply.body if isinstance(reply.body, bytes) else b"".join(_pieces(reply.body))
    _send(end, head, body)


def receive_reply(end: socket.socket) -> Reply | None:
    """The next reply, a long body as a file; None where the worker is gone.

    Nothing in it is taken for more than text and bytes: who sends it has read a client's words.
    Raises ValueError where it is no reply.
    """
    try:
        received = _receive(end)
        if received is None:
            return None
        head, body = received
        status, media_type, headers, lasting = json.loads(head)
        told = tuple((str(name), str(value)) for name, value in headers)
        return Reply(int(status), str(media_type), body, told, lasting=bool(lasting))
    except (struct.error, TypeError, RecursionError) as error:
        raise ValueError("what a worker sent is no reply") from error


def _send(end: socket.socket, head: bytes, body: bytes) -> None:
    lengths = _HEAD.pack(len(head), len(body))
    if len(body) <= INLINE:
        end.send(lengths + head + body)
        return
    file = os.memfd_create("caspian", os.MFD_CLOEXEC)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(file, rest) :]
        socket.send_fds(end, [lengths + head], [file])
    finally:
        os.close(file)


def _receive(end: socket.socket) -> tuple[bytes, bytes | Spool] | None:
    message, files, _, _ = socket.recv_fds(end, _LONGEST, 1)
    if not message:
        return None
    # before anything is read of the message, so that the file is closed whatever it says
    spool = Spool(files[0], 0) if files else None
    length, size = _HEAD.unpack_from(message)
    start = _HEAD.size + length
    if spool is None:
        return message[_HEAD.size : start], message[start:]
    spool.size = size
    return message[_HEAD.size : start], spool


def _pieces(spool: Spool) -> list[bytes]:
    return [spool.piece(start) for start in range(0, spool.size, _PIECE)]
