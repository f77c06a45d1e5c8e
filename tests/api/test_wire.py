"""Messages between the service and its workers."""

import gc
import socket
from pathlib import Path
from struct import pack

import pytest

from api.wire import (
    INLINE,
    Reply,
    Spool,
    channel,
    receive_job,
    receive_reply,
    send_job,
    send_reply,
)


@pytest.fixture
def ends():  # noqa: ANN201 -- two sockets, closed in the end
    here, there = channel()
    with here, there:
        yield here, there


def whole(reply: Reply) -> bytes:
    """A reply's body, gathered piece by piece."""
    if isinstance(reply.body, bytes):
        return reply.body
    body = b""
    while len(body) < reply.size:
        body += reply.body.piece(len(body))
    assert reply.body.piece(len(body)) == b""
    return body


@pytest.mark.parametrize("length", [1, INLINE, INLINE + 1, 3_000_000])
def test_a_job_arrives_as_it_was_sent(
    ends: tuple[socket.socket, socket.socket], length: int
) -> None:
    job = bytes(range(256)) * (length // 256 + 1)
    send_job(ends[0], job[:length])
    assert receive_job(ends[1]) == job[:length]


@pytest.mark.parametrize("length", [0, 1, INLINE, INLINE + 1, 3_000_000])
def test_a_reply_arrives_as_it_was_sent(
    ends: tuple[socket.socket, socket.socket], length: int
) -> None:
    body = (bytes(range(256)) * (length // 256 + 1))[:length]
    sent = Reply(200, "text/csv", body, (("Vary", "Accept"), ("X", "é")), lasting=True)
    send_reply(ends[0], sent)
    got = receive_reply(ends[1])
    assert got is not None
    assert (got.status, got.media_type, got.headers, got.lasting) == (
        200,
        "text/csv",
        sent.headers,
        True,
    )
    assert (got.size, whole(got)) == (length, body)


def test_a_long_body_stays_outside_this_process(ends: tuple[socket.socket, socket.socket]) -> None:
    send_reply(ends[0], Reply(200, "text/csv", b"x" * (INLINE + 1)))
    got = receive_reply(ends[1])
    assert got is not None
    assert isinstance(got.body, Spool)


def test_a_long_reply_is_sent_on_as_it_came(ends: tuple[socket.socket, socket.socket]) -> None:
    send_reply(ends[0], Reply(200, "text/csv", b"y" * 300_000))
    first = receive_reply(ends[1])
    assert first is not None
    send_reply(ends[0], first)
    again = receive_reply(ends[1])
    assert again is not None
    assert whole(again) == b"y" * 300_000


def test_messages_do_not_run_together(ends: tuple[socket.socket, socket.socket]) -> None:
    for job in (b"one", b"two"):
        send_job(ends[0], job)
    assert [receive_job(ends[1]), receive_job(ends[1])] == [b"one", b"two"]


def test_an_end_that_is_gone_is_told(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].close()
    assert receive_job(ends[1]) == b""
    assert receive_reply(ends[1]) is None


@pytest.mark.parametrize(
    "message",
    [
        b"x",
        b"\x00" * 12,
        pack("!IQ", 4, 0) + b"nope",
        pack("!IQ", 2, 0) + b"{}",
        pack("!IQ", 1, 0) + b"1",
        pack("!IQ", 19, 0) + b'[200, "a", 1, true]',
        pack("!IQ", 26, 0) + b'[200, "a", [["b"]], false]',
        pack("!IQ", 24, 0) + b'["x", "a", [], false]   ',
        pack("!IQ", 60_000, 0) + b"[" * 60_000,
        pack("!IQ", 1 << 31, 1 << 63) + b"[]",
    ],
)
@pytest.mark.parametrize("with_file", [False, True])
def test_what_is_no_reply_is_told_and_leaves_no_file_open(
    ends: tuple[socket.socket, socket.socket], message: bytes, *, with_file: bool
) -> None:
    """As from a worker that a query has taken over."""
    before = len([*Path("/proc/self/fd").iterdir()])
    if with_file:
        with Path("/dev/null").open("rb") as file:
            socket.send_fds(ends[0], [message], [file.fileno()])
    else:
        ends[0].send(message)
    with pytest.raises(ValueError, match=r"."):
        receive_reply(ends[1])
    gc.collect()
    assert len([*Path("/proc/self/fd").iterdir()]) == before


def test_a_file_that_ends_early_is_told(ends: tuple[socket.socket, socket.socket]) -> None:
    head = b'[200, "text/csv", [], false]'
    with Path("/dev/null").open("rb") as file:
        told = pack("!IQ", len(head), 1 << 60) + head
        socket.send_fds(ends[0], [told], [file.fileno()])
    reply = receive_reply(ends[1])
    assert reply is not None
    assert isinstance(reply.body, Spool)
    with pytest.raises(EOFError, match="ends before"):
        reply.body.piece(0)
