"""A request that offers HTTP/2, as Java's client sends it, is answered like one that does not."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from threading import Thread
from typing import Any

import pytest
import uvicorn

from api.upgrade import PlainHttp

OFFER = (
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\n"
)


# `Any`: what ASGI hands over
async def echo(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401
    """Answers with the method, the path and the body it was sent."""
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event["body"], event["more_body"]
    told = json.dumps([scope["method"], scope["path"], body.decode()]).encode()
    head = [(b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    config = uvicorn.Config(
        echo, http=PlainHttp, ws="none", lifespan="off", port=0, log_level="critical"
    )
    server, listening = uvicorn.Server(config), config.bind_socket()
    listening.listen()
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()
    listening.close()


def answers(port: int, *pieces: bytes) -> list[list[str]]:
    """What the pieces get, sent one by one on one connection that the last of them closes."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        told = b""
        while piece := connection.recv(65_536):
            told += piece
    bodies = [part.partition(b"\r\n\r\n")[2] for part in told.split(b"HTTP/1.1 200 OK")[1:]]
    return [json.loads(body) for body in bodies]


def post(body: bytes, *, framing: bytes = b"") -> bytes:
    framing = framing or b"Content-Length: %d\r\n" % len(body)
    return b"POST /a HTTP/1.1\r\nHost: caspian.test\r\n" + OFFER + framing + b"\r\n" + body


LAST = b"GET /last HTTP/1.1\r\nHost: caspian.test\r\nConnection: close\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
REQUESTS = {
    "a body": post(b"ASK {}"),
    "a body in chunks": post(b"3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n", framing=CHUNKED),
}


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("size", [1, 7, 400, 100_000])
def test_the_body_is_read_however_it_comes(port: int, name: str, size: int) -> None:
    sent = REQUESTS[name] * 2 + LAST
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    told = ["POST", "/a", "ASK {}"]
    assert answers(port, *pieces) == [told, told, ["GET", "/last", ""]]


def test_no_body_is_needed(port: int) -> None:
    head = b"GET /b HTTP/1.1\r\nHost: caspian.test\r\n" + OFFER + b"\r\n"
    assert answers(port, head, LAST) == [["GET", "/b", ""], ["GET", "/last", ""]]


def test_thousands_of_offers_at_once_are_answered(port: int) -> None:
    many = b"GET /b HTTP/1.1\r\nConnection:upgrade\r\nUpgrade:x\r\n\r\n" * 3_000
    assert answers(port, many + LAST) == [["GET", "/b", ""]] * 3_000 + [["GET", "/last", ""]]


def test_a_request_without_an_offer_is_read_as_ever(port: int) -> None:
    plain = post(b"ASK {}").replace(OFFER, b"")
    assert answers(port, plain + LAST) == [["POST", "/a", "ASK {}"], ["GET", "/last", ""]]


def test_a_tunnel_is_no_offer(port: int) -> None:
    tunnel = LAST.replace(b"GET /last", b"CONNECT /a")
    assert answers(port, tunnel) == [["CONNECT", "/a", ""]]
