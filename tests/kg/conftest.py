"""Fixtures of the store's tests: one small graph in memory, on disk and behind a real endpoint.

`stores` opens all three once a session; a test that takes `store` runs on each. `canary` is a
server on loopback that counts who calls it.
"""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.remote import RemoteStore
from kg.store import OxigraphStore, Store

ID = "https://w3id.org/caspian/id/"
CAS = "https://w3id.org/caspian/ontology#"
GRAPH = "https://w3id.org/caspian/graph/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = f"PREFIX id: <{ID}> PREFIX cas: <{CAS}> PREFIX graph: <{GRAPH}>\n"


def quad(subject: str, key: str, value: str, graph: str) -> bytes:
    written = value if value.startswith('"') else f"<{ID}{value}>"
    return f"<{ID}{subject}> <{CAS}{key}> {written} <{GRAPH}{graph}> .\n".encode()


# Two views share a triple; the amounts and names stand in one graph each.
LINES = (
    quad("transfer/kites", "supplier", "actor/ruritania", "view/us"),
    quad("transfer/kites", "recipient", "actor/freedonia", "view/us"),
    quad("transfer/kites", "supplier", "actor/ruritania", "view/any"),
    quad("transfer/kites", "recipient", "actor/freedonia", "view/any"),
    quad("transfer/balloons", "supplier", "actor/ruritania", "view/any"),
    quad("transfer/kites", "minimum", f'"200"^^<{XSD}integer>', "reference"),
    quad("transfer/balloons", "minimum", f'"30"^^<{XSD}integer>', "reference"),
    quad("actor/ruritania", "title", '"Ruritania"@en', "reference"),
    quad("actor/freedonia", "title", '"“Free” <donia> \\"x\\" \\n ."', "reference"),
)


class Stores(NamedTuple):
    memory: OxigraphStore
    disk: OxigraphStore
    remote: RemoteStore


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nothing listens on port {port}")


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a SPARQL server that holds LINES."""
    folder = tmp_path_factory.mktemp("endpoint") / "store"
    OxigraphStore.build(folder, LINES).close()
    with serving(folder) as address:
        yield address


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a SPARQL server over a store's folder, which it may write to."""
    binary, port = Path(sys.executable).parent / "oxigraph", free_port()
    server = subprocess.Popen(
        [binary, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def stores(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    folder = tmp_path_factory.mktemp("disk") / "store"
    OxigraphStore.build(folder, LINES).close()
    opened = Stores(OxigraphStore.memory(LINES), OxigraphStore(folder), RemoteStore(endpoint))
    yield opened
    for store in opened:
        store.close()


@pytest.fixture(params=Stores._fields)
def store(stores: Stores, request: pytest.FixtureRequest) -> Store:
    chosen: Store = getattr(stores, request.param)
    return chosen


@pytest.fixture(params=["memory", "disk"])
def embedded(stores: Stores, request: pytest.FixtureRequest) -> OxigraphStore:
    chosen: OxigraphStore = getattr(stores, request.param)
    return chosen


class Server:
    """A server on loopback that answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.methods: list[str] = []
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.asked.append((self.path, dict(self.headers), body))
                outer.methods.append(self.command)
                (outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0])(self)

            # the names http.server looks for
            do_GET = do_PUT = do_DELETE = do_HEAD = do_POST  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/query"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def will_answer(self, *answers: Callable[[BaseHTTPRequestHandler], None]) -> None:
        """One answer after the other, the last for ever."""
        self.answers[:] = answers

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def says(
    status: int, body: bytes = b"", media_type: str = "text/plain", **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer of a Server; `Server` is what it calls itself."""
    itself = headers.pop("Server", "")

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if itself:
            handler.server_version, handler.sys_version = itself, ""
        handler.send_response(status)
        handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.close()


@pytest.fixture(scope="session")
def canary() -> Iterator[Server]:
    """A SPARQL endpoint nobody should call: one empty row for everything."""
    started = Server()
    rows = b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'
    started.will_answer(says(200, rows, "application/sparql-results+json"))
    yield started
    started.close()
