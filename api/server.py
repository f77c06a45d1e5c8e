"""The HTTP server: uvicorn, with a deadline for clients and an answer to a URL of any length."""

import asyncio
import gc
import resource
from http import HTTPStatus
from typing import cast

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.settings import Settings
from api.upgrade import PlainHttp

__all__ = ["Protocol", "configured", "serve"]

# httptools counts the parts of a URL in 16 bits and fails on more; uvicorn then says a bare 400,
# and only after it has kept all of the URL in memory
_URL_KEPT = 65_000
_IDLE_SECONDS = 5
_BACKLOG = 4_096
_HEAD_KEPT = 131_072
_PIPELINED = 100
_GATHERED = 65_536


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
        self._written, self._size = list[bytes](), 0
        self._drop: asyncio.TimerHandle | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Have the data sent at the end of this turn, or now, where it is much."""
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)
        self._size += len(data)
        if self._size > _GATHERED:  # so that whoever writes is told to wait for the client
            self._send()

    def get_write_buffer_size(self) -> int:
        """How many bytes are not sent yet."""
        return self._size + self._transport.get_write_buffer_size()

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
        written, self._written, self._size = self._written, [], 0
        if written and not self._transport.is_closing():
            self._transport.write(b"".join(written))


class Protocol(PlainHttp):
    """The protocol: it disconnects a client that takes too long to send a request, or to take what
    is sent, or that sends more than is kept; it gives up the request of a client that is gone; of a
    URL it keeps only so much that it is seen to be too long.
    """

    config: _Config
    _gathering: _Gathering
    _late: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _untaken: asyncio.TimerHandle | None = None
    _task: asyncio.Task[None] | None = None
    _asked: RequestResponseCycle | None = None
    """The request that is answered now, or was last; others may have come after it."""
    _answered = 0
    _head = 0
    """How many bytes have come that belong neither to a URL nor to a body."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request."""
        self._gathering = _Gathering(transport, self.loop, self.config.patience)
        super().connection_made(cast("asyncio.Transport", self._gathering))
        self._expect_request()

    def data_received(self, data: bytes) -> None:
        """Take what has come, up to a bound where it is no body."""
        if self._late is None and (self._asked is None or self._asked.response_complete):
            self._expect_request()
        self._head += len(data)
        super().data_received(data)
        if self._head > _HEAD_KEPT:
            self._turn_away(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Wait for the rest of the request."""
        super().on_message_begin()
        self._head = 0
        self._expect_request()

    def on_url(self, url: bytes) -> None:
        """Take the next piece of the URL."""
        super().on_url(url)
        self._head -= len(url)
        self.url = self.url[:_URL_KEPT]

    def on_headers_complete(self) -> None:
        """Begin with the request, or keep it until those before it are answered."""
        super().on_headers_complete()
        if len(self.pipeline) > _PIPELINED:
            raise OverflowError  # which is how the parser is told to stop: it answers 400

    def on_body(self, body: bytes) -> None:
        """Take the next piece of the body."""
        super().on_body(body)
        self._head -= len(body)

    def on_message_complete(self) -> None:
        """Wait no longer: the request is whole."""
        super().on_message_complete()
        self._late = _cancel(self._late)

    def pause_writing(self) -> None:
        """Wait for the client to take what was sent."""
        super().pause_writing()
        self._stuck = self.loop.call_later(self.config.patience, self.transport.abort)

    def resume_writing(self) -> None:
        """Wait no longer: it did."""
        super().resume_writing()
        self._stuck = _cancel(self._stuck)

    def on_response_complete(self) -> None:
        """Wait for the client to take the end of it."""
        self._answered += 1
        super().on_response_complete()
        self._expect_end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give up the request, if there is one."""
        for timer in (self._late, self._stuck, self._untaken):
            _cancel(timer)
        self._gathering.lost()
        super().connection_lost(exc)
        if self._asked and self._task and not self._asked.response_complete:
            self._asked.disconnected = True
            self._asked.scope["gone"] = True  # type: ignore[typeddict-unknown-key]
            self._task.cancel()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- it says no more than a status
        """Turn away a client that does not speak HTTP."""
        self._turn_away(HTTPStatus.BAD_REQUEST)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:  # type: ignore[override]
        self._asked = cycle
        self._task = self.loop.create_task(cycle.run_asgi(app))  # type: ignore[arg-type]
        self._task.add_done_callback(self.tasks.discard)
        self.tasks.add(self._task)

    def _expect_request(self) -> None:
        _cancel(self._late)
        self._late = self.loop.call_later(self.config.patience, self._be_late)

    def _be_late(self) -> None:
        if self._answering():  # it is the client who waits
            self._expect_request()
        else:
            self._turn_away(HTTPStatus.REQUEST_TIMEOUT)

    def _answering(self) -> bool:
        """Whether what is said now would be taken for, or into, the answer to a whole request."""
        asked = self._asked
        return bool(
            asked
            and not asked.response_complete
            and (asked.response_started or not asked.more_body)
        )

    def _turn_away(self, status: HTTPStatus) -> None:
        if not self._answering():
            line = f"HTTP/1.1 {status} {status.phrase}"
            said = f"{line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            self.transport.write(said.encode("ascii"))
        self.transport.close()

    def _expect_end(self) -> None:
        if self._untaken is None and self.transport.get_write_buffer_size():
            wait = self.config.patience
            self._untaken = self.loop.call_later(wait, self._abort_unless_taken, self._answered)

    def _abort_unless_taken(self, answered: int) -> None:
        self._untaken = None
        # where another answer has begun since, the client took this one
        if answered != self._answered or self._answering():
            self._expect_end()
        elif self.transport.get_write_buffer_size():
            self.transport.abort()


def _cancel(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """What is kept of a timer that is not needed any more: nothing."""
    if timer:
        timer.cancel()
    return None


def configured(app: ASGIApp, settings: Settings) -> uvicorn.Config:
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
    gc.collect()
    gc.freeze()  # what is here by now stays, so that it is not looked through again and again
    try:
        server.run()
    except SystemExit:
        # it could not start, and has logged why
        return False
    except KeyboardInterrupt:
        # it has ended in good order, and passes on the signal that it caught
        pass
    return True
