"""The HTTP server: what it does with clients that are slow, gone, or send too much.

The server runs in a thread of this process and is asked over sockets; workers are not needed.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import NamedTuple

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.server import configured
from api.settings import Settings
from tests.hostile import answers

PATIENCE = 0.5
CLOSE = b"Connection: close\r\n\r\n"


class Served(NamedTuple):
    """A server in this process, and what became of the requests its application was given."""

    server: uvicorn.Server
    ended: list[str]
    release: threading.Event

    def connect(self) -> socket.socket:
        return socket.create_connection(self.server.servers[0].sockets[0].getsockname(), timeout=30)

    def connect_narrowly(self) -> socket.socket:
        """A connection on which the kernel takes little of what the server sends."""
        listening = self.server.servers[0].sockets[0]
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.settimeout(30)
        connection.connect(listening.getsockname())
        return connection


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode()


def post(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n".encode()


def statuses(connection: socket.socket) -> list[int]:
    """The statuses of all answers, once the server has closed the connection."""
    received = b""
    try:
        while piece := connection.recv(1 << 20):
            received += piece
    except ConnectionResetError:
        received += b""
    return [answer.status for answer in answers(received)]


def first(connection: socket.socket) -> int:
    """The status of an answer that fits into a packet."""
    return answers(connection.recv(1 << 16))[0].status


def taken(reads: Callable[[], bool]) -> None:
    """Return once it holds; a test that waits for ever is stopped by whoever runs it."""
    while not reads():
        time.sleep(0.01)


class Noting:
    """Notes of each request whether it was answered or given up."""

    def __init__(self, app: ASGIApp, ended: list[str]) -> None:
        self.app, self.ended = app, ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
            self.ended.append(f"answered {scope.get('path')}")
        except asyncio.CancelledError:
            self.ended.append(f"{'given up' if scope.get('gone') else 'lost'} {scope['path']}")


@pytest.fixture
def served() -> Iterator[Served]:
    """A server in a thread."""
    ended, release = list[str](), threading.Event()

    async def body(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def slow(request: Request) -> Response:
        while not release.is_set():  # noqa: ASYNC110 -- set by another thread
            await asyncio.sleep(0.01)
        return PlainTextResponse("slow")

    async def long(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"30000000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for n in range(100):
            await send({"type": "http.response.body", "body": b"x" * 300_000, "more_body": n < 99})

    routes = [
        Route("/quick", PlainTextResponse("quick")),
        Route("/page", PlainTextResponse(b"x" * 40_000)),
        Route("/some", PlainTextResponse(b"x" * 3_000_000)),
        Mount("/long", long),
        Route("/slow", slow),
        Route("/body", body, methods=["POST"]),
    ]
    given = Settings(port=0, client_seconds=PATIENCE, log_level="critical")
    server = uvicorn.Server(configured(Noting(Starlette(routes=routes), ended), given))
    thread = threading.Thread(target=server.run)
    thread.start()
    taken(lambda: server.started)
    yield Served(server, ended, release)
    release.set()
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost:",
        post("/body", 10) + b"half",
        b"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
    ids=["nothing", "half a header", "half a body", "half of the chunks"],
)
def test_slow_clients_are_turned_away_while_others_are_served(served: Served, sent: bytes) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(served.connect()) for _ in range(60)]
        for connection in slow:
            connection.sendall(sent)
        with served.connect() as other:
            other.sendall(get("/quick")[:-2] + CLOSE)
            assert statuses(other) == [200]
        assert [statuses(connection) for connection in slow] == [[408]] * 60


@pytest.mark.parametrize(
    "end",
    [b"\r\n", CLOSE, b"\r\n" + get("/quick")],
    ids=["kept alive", "closed", "with another request"],
)
def test_a_client_that_never_reads_is_disconnected(served: Served, end: bytes) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(served.connect()) for _ in range(10)]
        for connection in slow:
            connection.sendall(get("/long/")[:-2] + end)
        with served.connect() as other:
            other.sendall(get("/quick")[:-2] + CLOSE)
            assert statuses(other) == [200]
        taken(lambda: served.ended == ["answered /quick", *["given up /long/"] * 10])
        taken(lambda: not served.server.server_state.connections)


def test_a_client_that_reads_on_keeps_its_connection(served: Served) -> None:
    """However long it does so: each answer here ends with bytes it has not taken yet."""
    with served.connect_narrowly() as connection:
        begun = time.monotonic()
        while time.monotonic() - begun < 3 * PATIENCE:
            connection.sendall(get("/some"))
            received = 0
            while received < 3_000_000:
                received += len(connection.recv(1 << 16))


@pytest.mark.parametrize("end", [b"\r\n", CLOSE], ids=["kept alive", "closed"])
def test_the_end_of_an_answer_must_be_taken_too(served: Served, end: bytes) -> None:
    """What is left of it lies below the mark from which the server is told that it must wait."""
    with served.connect_narrowly() as connection:
        connection.sendall(get("/page")[:-2] + end)
        taken(lambda: served.ended == ["answered /page"])
        taken(lambda: not served.server.server_state.connections)


def test_a_client_that_takes_the_end_late_but_asks_on_is_served(served: Served) -> None:
    with served.connect_narrowly() as connection:
        connection.sendall(get("/page"))
        taken(lambda: served.ended == ["answered /page"])
        connection.sendall(get("/slow"))
        time.sleep(1.5 * PATIENCE)
        connection.sendall(b"GET")  # the next request has begun, but it is the client who waits
        time.sleep(1.5 * PATIENCE)
        served.release.set()
        assert statuses(connection) == [200, 200, 408]


def test_a_client_that_hangs_up_has_its_request_given_up(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(get("/slow") + b"GET /quick")
        taken(lambda: len(served.server.server_state.tasks) == 1)
    taken(lambda: served.ended == ["given up /slow"])
    taken(lambda: not served.server.server_state.tasks)


def test_pipelined_requests_are_answered_in_order(served: Served) -> None:
    with served.connect() as connection:
        sent = b"".join(post("/body", n) + b"a" * n for n in range(60))
        connection.sendall(sent + get("/quick")[:-2] + CLOSE)
        received = b""
        while piece := connection.recv(1 << 16):
            received += piece
    found = [answer.body for answer in answers(received)]
    assert found == [*(str(n).encode() for n in range(60)), b"quick"]


def test_more_of_them_than_are_kept_are_turned_away(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(get("/slow") + get("/quick") * 200)
        assert statuses(connection) == []
    with served.connect() as connection:
        connection.sendall(get("/quick") * 90 + get("/quick")[:-2] + CLOSE)
        assert statuses(connection) == [200] * 91


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_400_but_never_within_an_answer(
    served: Served, sent: bytes
) -> None:
    with served.connect() as connection:
        connection.sendall(sent)
        assert statuses(connection) == [400]
    with served.connect() as connection:
        connection.sendall(get("/slow") + sent)
        assert statuses(connection) == []
    taken(lambda: served.ended == ["given up /slow"])


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (b"GET / HTTP/1.1\r\nX: ", b"a"),
        (b"GET / HTTP/1.1\r\nX", b"a"),
        (b"GET / HTTP/1.1\r\n", b"X: a\r\n"),
        (
            post("/body", 3)[:-2].replace(b"Content-Length: 3", b"Transfer-Encoding: chunked")
            + b"\r\n0\r\nX: ",
            b"a",
        ),
        (b"", b"\r\n"),
    ],
    ids=["a header", "a name", "headers", "a trailer", "empty lines"],
)
def test_a_head_without_an_end_is_turned_away(served: Served, begun: bytes, more: bytes) -> None:
    with served.connect() as connection:
        connection.sendall(begun + more * 10)
        with suppress(ConnectionError):
            for _ in range(1_000):
                connection.sendall(more * 4_096)
        assert statuses(connection) in ([431], [])


def test_a_long_body_is_no_head(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(post("/body", 3_000_000)[:-2] + CLOSE)
        for _ in range(300):
            connection.sendall(b"a" * 10_000)
        assert statuses(connection) == [200]


def test_empty_lines_keep_no_connection_open(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(get("/quick"))
        assert first(connection) == 200
        with suppress(ConnectionError):
            while True:
                connection.sendall(b"\r\n")
                time.sleep(PATIENCE / 10)
    taken(lambda: not served.server.server_state.connections)
