"""The load client: HTTP/1.1 over raw sockets with keep-alive, in a process of its own.

One thread and one epoll, a few dozen lines between the socket and the clock, so that what is
measured is the server. It reads bodies of a given length and chunked ones to their very end, and
takes the time of the first byte and of the last; an answer that is cut short is a failure. Every
connection is opened, and warmed with one request, before the clock starts; each comes from a
loopback address of its own, so that a server that is fair to its clients sees as many of them.
"""

import gc
import multiprocessing
import re
import select
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from typing import NamedTuple, TypeAlias
from urllib.parse import urlencode

__all__ = ["Batch", "Client", "Done", "Reading", "Target", "address", "client", "get"]

Order: TypeAlias = "tuple[Target, list[bytes], int, bool]"

BLOCK = 1 << 18
LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:\s*chunked", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection:\s*close", re.IGNORECASE)
LINE_END = 2
PATIENCE = 120.0  # seconds without a byte from anywhere, until requests count as lost


class Target(NamedTuple):
    """A server: where it listens, and a request that warms a connection."""

    host: str
    port: int
    warm: bytes


class Done(NamedTuple):
    """One request: seconds to the first byte and to the last, its status, its body's size.

    The status is 0 where there was no whole answer.
    """

    first: float
    whole: float
    status: int
    size: int
    body: bytes = b""


class Batch(NamedTuple):
    """What came of a batch: its requests in the order they were given, and what it took."""

    done: list[Done]
    seconds: float
    client_seconds: float
    """Processor time of the client itself."""

    @property
    def failures(self) -> list[Done]:
        """The requests that were not answered by 200."""
        return [each for each in self.done if each.status != 200]


def address(client: int) -> str:
    """The loopback address of the client of that number."""
    return f"127.0.{1 + client // 250}.{1 + client % 250}"


def get(path: str, query: str, accept: str, extra: Sequence[tuple[str, str]] = ()) -> bytes:
    """The request that asks the query, as bytes."""
    target = f"{path}?{urlencode([('query', query), *extra])}"
    lines = (f"GET {target} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accept}", "", "")
    return "\r\n".join(lines).encode()


class Reading:
    """An answer as it comes in; `feed` says when it is whole."""

    def __init__(self, *, keep: bool = False) -> None:
        self.status, self.size, self.closes = 0, 0, False
        self._kept: list[bytes] | None = [] if keep else None
        self._head = self._line = b""
        self._left = 0  # of the body, or of the chunk and its line end
        self._chunked = self._last = False

    @property
    def body(self) -> bytes:
        """The body, where it was to be kept."""
        return b"".join(self._kept or ())

    def feed(self, data: bytes) -> bool:
        """Whether the answer is whole with these bytes; ValueError where it is no HTTP."""
        if not self.status:
            self._head += data
            head, found, data = self._head.partition(b"\r\n\r\n")
            if not found:
                return False
            self._read_head(head)
        if self._chunked:
            return self._chunks(data)
        self._take(data, 0, len(data))
        return self._left == 0

    def _read_head(self, head: bytes) -> None:
        self.status = int(head[9:12])
        self.closes = bool(CLOSES.search(head))
        self._chunked = bool(CHUNKED.search(head))
        if not self._chunked:
            length = LENGTH.search(head)
            if not length:
                raise ValueError("neither a length nor chunks")
            self._left = int(length[1])

    def _take(self, data: bytes, start: int, stop: int) -> None:
        self._left -= stop - start
        self.size += stop - start
        if self._kept is not None:
            self._kept.append(data[start:stop])

    def _chunks(self, data: bytes) -> bool:
        at, end = 0, len(data)
        while at < end:
            if self._left > LINE_END:
                stop = min(at + self._left - LINE_END, end)
                self._take(data, at, stop)
                at = stop
            elif self._left:
                step = min(self._left, end - at)
                self._left -= step
                at += step
            else:
                cut = data.find(b"\n", at)
                if cut < 0:
                    self._line += data[at:]
                    return False
                line, self._line = (self._line + data[at:cut]).strip(), b""
                at = cut + 1
                if self._ends(line):
                    return True
        return False

    def _ends(self, line: bytes) -> bool:
        """Whether that line, of a chunk's size or of a trailer, is the last."""
        if self._last:
            return not line
        size = int(line.partition(b";")[0], 16)
        self._last = not size
        self._left = size + LINE_END if size else 0
        return False


class _Wire:
    """A connection, and the request on it."""

    def __init__(self, target: Target, client: int) -> None:
        self.client = client
        self.socket = socket.create_connection(
            (target.host, target.port), timeout=30, source_address=(address(client), 0)
        )
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number, self.started, self.first = -1, 0.0, 0.0
        self.fresh = True
        self.reading = Reading()


class _Run:
    """A batch while it runs: wires take the next request as soon as they have their answer."""

    def __init__(self, target: Target, requests: Sequence[bytes], *, keep: bool) -> None:
        self.target, self.requests, self.keep = target, requests, keep
        self.queue = deque(range(len(requests)))
        self.done: list[Done | None] = [None] * len(requests)
        self.epoll = select.epoll()
        self.wires: dict[int, _Wire] = {}

    def open(self, client: int) -> None:
        """Opens a wire that has answered one request."""
        wire = _Wire(self.target, client)
        wire.socket.sendall(self.target.warm)
        reading = Reading()
        while not reading.feed(self._block(wire)):
            pass
        if reading.closes:
            wire.socket.close()
            wire = _Wire(self.target, client)
        self._add(wire)

    def _block(self, wire: _Wire) -> bytes:
        data = wire.socket.recv(BLOCK)
        if not data:
            raise ConnectionError("the server hung up on a first request")
        return data

    def _add(self, wire: _Wire) -> None:
        wire.socket.settimeout(0)
        self.wires[wire.socket.fileno()] = wire
        self.epoll.register(wire.socket.fileno(), select.EPOLLIN)

    def _drop(self, wire: _Wire) -> None:
        descriptor = wire.socket.fileno()
        self.epoll.unregister(descriptor)
        del self.wires[descriptor]
        wire.socket.close()

    def run(self) -> None:
        """Until every request has its answer, or none comes any more."""
        for wire in list(self.wires.values()):
            self._next(wire)
        while self.wires:
            events = self.epoll.poll(PATIENCE)
            for descriptor, _ in events:
                self._read(self.wires[descriptor])
            if not events:
                for wire in list(self.wires.values()):
                    self._fail(wire)
        self.epoll.close()

    def _next(self, wire: _Wire) -> None:
        if not self.queue:
            self._drop(wire)
            return
        wire.number = self.queue.popleft()
        wire.reading, wire.first = Reading(keep=self.keep), 0.0
        wire.started = time.perf_counter()
        wire.socket.send(self.requests[wire.number])

    def _read(self, wire: _Wire) -> None:
        try:
            data = wire.socket.recv(BLOCK)
            now = time.perf_counter()
            wire.first = wire.first or now
            if not data:
                self._hung_up(wire)
            elif wire.reading.feed(data):
                self._answered(wire)
        except (OSError, ValueError):
            self._fail(wire)

    def _answered(self, wire: _Wire) -> None:
        ended, reading = time.perf_counter(), wire.reading
        self.done[wire.number] = Done(
            wire.first - wire.started,
            ended - wire.started,
            reading.status,
            reading.size,
            reading.body,
        )
        wire.fresh = False
        self._next(self._again(wire) if reading.closes else wire)

    def _again(self, wire: _Wire) -> _Wire:
        self._drop(wire)
        fresh = _Wire(self.target, wire.client)
        self._add(fresh)
        return fresh

    def _hung_up(self, wire: _Wire) -> None:
        """A server may close a wire that has answered; one that has not is a failure."""
        if wire.fresh or wire.reading.status:
            self._fail(wire)
        else:
            self.queue.appendleft(wire.number)
            self._next(self._again(wire))

    def _fail(self, wire: _Wire) -> None:
        waited = time.perf_counter() - wire.started
        self.done[wire.number] = Done(waited, waited, 0, wire.reading.size)
        self._next(self._again(wire))


class Client:
    """The client as the bench holds it: the other end is a process of its own."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def batch(
        self, target: Target, requests: Sequence[bytes], *, clients: int = 1, keep: bool = False
    ) -> Batch:
        """What comes of these requests, sent by that many clients that each wait for an answer."""
        self._pipe.send((target, list(requests), clients, keep))
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return Batch(*answer)


@contextmanager
def client() -> Iterator[Client]:
    """A client, and its process for as long as it is used."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield Client(here)
    finally:
        here.close()
        process.terminate()
        process.join()


def _serve(pipe: Pipe) -> None:
    gc.disable()
    while True:
        try:
            order: Order = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(_batch(order))
        except OSError as error:
            pipe.send(error)
        gc.collect()


def _batch(order: Order) -> tuple[list[Done], float, float]:
    target, requests, clients, keep = order
    run = _Run(target, requests, keep=keep)
    for number in range(min(clients, len(requests))):
        run.open(number)
    began, used = time.perf_counter(), time.process_time()
    run.run()
    seconds, used = time.perf_counter() - began, time.process_time() - used
    return [each for each in run.done if each is not None], seconds, used
