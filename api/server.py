"""The HTTP server: uvicorn, with a deadline for clients and an answer to a URL of any length."""

import asyncio
import resource
from collections.abc import Callable
from typing import cast

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.settings import Settings

__all__ = ["Protocol", "configured", "serve"]

# httptools counts the parts of a URL in 16 bits and fails on more; uvicorn then says a bare 400,
# and only after it has kept all of the URL in memory
_URL_KEPT = 65_000
_IDLE_SECONDS = 5
_BACKLOG = 4_096
_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class _Config(uvicorn.Config):
    """The server's configuration, and how many seconds it waits for a client."""

    patience: float


class _Gathering:
    """A transport that sends what is written in one turn of the loop at once.

    The server writes the head of an answer and its body one after the other, and a call to the
    kernel for each is most of what a short answer costs. A connection that is to be closed is
    dropped when the client does not take the rest of what was sent within that many seconds.
    """

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, patience: float
    ) -> None:
        self._transport, self._loop, self._patience = transport, loop, patience
        self._written = list[bytes]()
        self._drop: asyncio.TimerHandle | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Have the data sent at the end of this turn."""
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        """Close the connection when all that was written is sent."""
        self._send()
        self._transport.close()
        if self._drop is None:
            self._drop = self._loop.call_later(self._patience, self._transport.abort)

    def lost(self) -> None:
        """Note that the connection is gone."""
        if self._drop:
            self._drop.cancel()

    def _send(self) -> None:
        written, self._written = self._written, []
        if written and not self._transport.is_closing():
            self._transport.write(b"".join(written))


class Protocol(HttpToolsProtocol):
    """The protocol: it disconnects a client that takes too long to send a request, or to take what
    is sent; it gives up the request of a client that is gone; of a URL it keeps only so much that
    it is seen to be too long.
    """

    config: _Config
    _gathering: _Gathering
    _late: asyncio.TimerHandle | None = None
    _task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request."""
        self._gathering = _Gathering(transport, self.loop, self.config.patience)
        super().connection_made(cast("asyncio.Transport", self._gathering))
        self._expect(self._send_late)

    def on_message_begin(self) -> None:
        """Wait for the rest of the request."""
        super().on_message_begin()
        self._expect(self._send_late)

    def on_message_complete(self) -> None:
        """Wait no longer: the request is whole."""
        super().on_message_complete()
        self._expect_nothing()

    def pause_writing(self) -> None:
        """Wait for the client to take what was sent."""
        super().pause_writing()
        self._expect(self.transport.abort)

    def resume_writing(self) -> None:
        """Wait no longer: it did."""
        super().resume_writing()
        self._expect_nothing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give up the request, if there is one."""
        self._expect_nothing()
        self._gathering.lost()
        super().connection_lost(exc)
        if self._task and not self._task.done() and not self.cycle.response_complete:
            self.cycle.scope["gone"] = True  # type: ignore[typeddict-unknown-key]
            self._task.cancel()

    def on_url(self, url: bytes) -> None:
        """Take the next piece of the URL."""
        super().on_url(url)
        self.url = self.url[:_URL_KEPT]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:  # type: ignore[override]
        self._task = self.loop.create_task(cycle.run_asgi(app))  # type: ignore[arg-type]
        self._task.add_done_callback(self.tasks.discard)
        self.tasks.add(self._task)

    def _expect(self, otherwise: Callable[[], None]) -> None:
        self._expect_nothing()
        self._late = self.loop.call_later(self.config.patience, otherwise)

    def _expect_nothing(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None

    def _send_late(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_LATE)
            self.transport.close()


def configured(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """The server's configuration."""
    config = _Config(
        app,
        host=settings.host,
        port=settings.port,
        http=Protocol,
        ws="none",
        lifespan="on",
        server_header=False,
        access_log=False,  # api/telemetry.py writes a better one
        log_level=settings.log_level,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        backlog=_BACKLOG,
        limit_concurrency=settings.connections,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=int(settings.query_seconds + settings.waiting_seconds) + 1,
    )
    config.patience = settings.client_seconds
    return config


def serve(app: FastAPI, settings: Settings) -> bool:
    """Serve until a signal stops it, and answer what was asked before; whether it could start."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server = uvicorn.Server(configured(app, settings))
    try:
        server.run()
    except SystemExit:
        # it could not start, and has logged why
        return False
    except KeyboardInterrupt:
        # it has ended in good order, and passes on the signal that it caught
        pass
    return True
