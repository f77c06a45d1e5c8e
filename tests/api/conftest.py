"""Fixtures: the service over the five real articles, and over any few quads a test writes down.

`service` is for facts about the product, `service_over` for facts about the protocol.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from rdflib import Graph

from api.app import create_app
from api.settings import Settings
from kg.store import OxigraphStore, Store

ServiceOver = Callable[..., "Client"]

# how rdflib calls the media types; a graph without a name reads the same in either of two
SYNTAXES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/n-quads": "nt",
    "application/trig": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}


def triples_of(answer: httpx.Response) -> Graph:
    """The triples of an answer, read as what it says it is."""
    assert answer.status_code == 200, answer.text
    syntax = SYNTAXES[answer.headers["content-type"].partition(";")[0]]
    return Graph().parse(data=answer.text, format=syntax)


class Client:
    """Asks an application in this process; what is on the wire is tested in test_cli.py."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    # `Any`: whatever httpx takes, handed on as it is
    def request(self, method: str, url: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://caspian.test"
            ) as client:
                return await client.request(method, url, **options)

        return asyncio.run(ask())

    def get(self, url: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        return self.request("POST", url, **options)

    def query(self, query: str, **headers: str) -> httpx.Response:
        return self.get("/sparql", params={"query": query}, headers=headers)


@pytest.fixture(scope="session")
def service(graph: Store) -> Client:
    """The service over the five articles."""
    return Client(create_app(Settings(), graph))


@pytest.fixture
def service_over() -> ServiceOver:
    """Makes a service over lines of N-Quads, with these settings."""

    def make(*lines: str, **settings: Any) -> Client:  # noqa: ANN401 -- what Settings takes
        store = OxigraphStore.memory(f"{line}\n".encode() for line in lines)
        return Client(create_app(Settings(**settings), store))

    return make


class Canary(ThreadingHTTPServer):
    """A server on this machine that counts who comes by."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        super().__init__(("127.0.0.1", 0), _CanaryHandler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _CanaryHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Canary)
        self.server.hits.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle")
        self.end_headers()
        self.wfile.write(b"<urn:s> <urn:p> <urn:secret> .")

    do_POST = do_GET  # noqa: N815 -- the name http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as inherited
        """Say nothing."""


@pytest.fixture
def canary() -> Iterator[Canary]:
    server = Canary()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
