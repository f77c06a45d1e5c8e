"""HTTP to endpoints: each request held to a deadline, and tried again where that is safe.

Tried again is what failed before an answer began (refused, reset) and what is said to pass (429,
502, 503, 504, after the time in Retry-After where that is short); every request made here may be
done twice. Nothing is followed to another address, no cookie is kept, and nothing is taken from the
environment: no proxy and no .netrc. Only the certificates to trust are certifi's, or those of
SSL_CERT_FILE.
"""

import math
import os
import re
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple, cast

import httpcore
import httpx

from kg.credentials import NOBODY, Credentials
from kg.errors import RemoteError, StoreError

__all__ = ["Limits", "Wire", "address"]

_AGAIN = frozenset((429, 502, 503, 504))
# All of these come before an answer: afterwards they are not met where this is looked at.
_UNANSWERED = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.ReadError,
    httpcore.WriteError,
    httpcore.RemoteProtocolError,
)
_FAILED = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpx.HTTPError,
    NotImplementedError,  # httpx.DigestAuth, of a challenge it cannot answer
)
_SHOWN = 300
_CONNECTIONS = 100
_KEPT = 5.0  # seconds: engines close idle connections after about ten
_KEYS = re.compile(r"//[^/@]*@")
_ADVICE = {
    401: "set CASPIAN_ENDPOINT_USER and CASPIAN_ENDPOINT_PASSWORD, or CASPIAN_ENDPOINT_TOKEN, and "
    "CASPIAN_ENDPOINT_AUTH=digest where it wants that",
    403: "it does not allow this to who asks, or to anybody where it is read-only",
    404: "give the address of the service itself, which often ends in /query, /sparql or /store",
    405: "give the address of the service itself, which often ends in /query, /sparql or /store",
    413: "it takes nothing as long as this; send less at a time",
    429: "it asks for fewer requests; wait, or ask less often",
    503: "it is overloaded or starting; ask again later",
    504: "it gave up; ask for less, or allow it more time",
}
_NOT_TAKEN = (
    "it does not take what CASPIAN_ENDPOINT_USER and CASPIAN_ENDPOINT_PASSWORD, or "
    "CASPIAN_ENDPOINT_TOKEN, say, told the way of CASPIAN_ENDPOINT_AUTH (basic, digest or bearer)"
)


class Limits(NamedTuple):
    """How long an endpoint may take, in seconds, and how much it may say."""

    connect: float = 5.0
    """For a connection."""
    silence: float = 30.0
    """For each silence, before an answer and within it."""
    total: float = 60.0
    """For the whole answer, with all tries and pauses."""
    most: int = 256 * 2**20
    """Bytes of an answer."""
    pauses: tuple[float, ...] = (0.2, 0.8)
    """Before each further try."""
    patience: float = 10.0
    """The longest time in Retry-After that is waited for."""


class Wire:
    """Connections to the host of an endpoint, which threads may share.

    None is made before the first request, and a forked process makes its own.
    """

    def __init__(
        self, url: httpx.URL, credentials: Credentials = NOBODY, limits: Limits | None = None
    ) -> None:
        self.url, self._credentials = url, credentials
        self._limits = limits or Limits()
        # Read now: a process may be shut off from files later.
        self._trusted = httpx.create_ssl_context() if url.scheme == "https" else None
        self._pools: dict[int, httpcore.ConnectionPool] = {}
        self._mine = _Mine()
        self.closed = False

    @contextmanager
    def asked(
        self,
        method: str,
        query: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str | list[str]] | None = None,
        content: bytes | None = None,
    ) -> Iterator[httpx.Response]:
        """The response of any status; its body is to be read within, held to the same deadline.

        `query` is added to that of the address.
        """
        self._mine.until = time.monotonic() + self._limits.total
        queries = filter(None, (self.url.query, query.encode()))
        url = self.url.copy_with(query=b"&".join(queries) or None)
        told = {"Accept-Encoding": "identity", "User-Agent": "caspian", **(headers or {})}
        timeouts = {
            "connect": self._limits.connect,
            "pool": self._limits.connect,
            "read": self._limits.silence,
            "write": self._limits.silence,
        }
        request = httpx.Request(
            method,
            url,
            headers=told,
            data=form,
            content=content,
            extensions={"timeout": timeouts},
        )
        with closing(self._answered(request, self._limits.pauses)) as response:
            try:
                yield response
            except _FAILED as error:
                raise self._broken("broke off", error) from error

    def error(self, what: str, advice: str) -> RemoteError:
        """The error that says this of the endpoint, without what its address may hold of keys."""
        return RemoteError(f"{self.url.copy_with(query=None)} {self.hidden(what)}; {advice}")

    def refused(self, response: httpx.Response) -> RemoteError:
        """The error that a status stands for."""
        status, said = response.status_code, self.said(response)
        advice = _ADVICE.get(status, "its log may say why")
        if status == HTTPStatus.UNAUTHORIZED and self._credentials != NOBODY:
            advice = _NOT_TAKEN
        if wait := _asked_to_wait(response):
            advice = f"it asks to wait {wait:.0f} seconds"
        if to := response.headers.get("Location"):
            place = _KEYS.sub("//", to.partition("?")[0])
            advice = f"it has moved; give the address {self.hidden(place)[:_SHOWN]}"
        return self.error(f"answered {status}{said and f' ({said})'}", advice)

    def said(self, response: httpx.Response) -> str:
        """The beginning of what an endpoint says with an error, on one line."""
        start = next(response.iter_raw(), b"").decode(errors="replace")
        return self.hidden(" ".join(start.split()))[:_SHOWN]

    def hidden(self, text: str) -> str:
        """The text without the credentials."""
        return self._credentials.hidden(text)

    def close(self) -> None:
        """Let go of the connections."""
        self.closed = True
        if pool := self._pools.pop(os.getpid(), None):
            pool.close()

    def _answered(self, request: httpx.Request, pauses: tuple[float, ...]) -> httpx.Response:
        wait = pauses[0] if pauses else math.inf
        try:
            response = self._authorized(request)
        except _UNANSWERED as error:
            if wait >= self._left():
                raise self._broken("cannot be reached", error) from error
        except _FAILED as error:
            raise self._broken("gave no answer", error) from error
        else:
            wait = max(wait, _asked_to_wait(response))
            longest = min(self._limits.patience, self._left())
            if response.status_code not in _AGAIN or wait > longest:
                return response
            response.close()
        time.sleep(wait)
        return self._answered(request, pauses[1:])

    def _authorized(self, request: httpx.Request) -> httpx.Response:
        """The response, after what the way of showing the credentials takes."""
        if self._mine.auth is None:
            self._mine.auth = self._credentials.auth()
        flow = self._mine.auth.sync_auth_flow(request)
        following = next(flow)
        while True:
            response = self._sent(following)
            with ExitStack() as unless_it_is_the_answer:
                unless_it_is_the_answer.callback(response.close)
                try:
                    following = flow.send(response)
                except StopIteration:
                    unless_it_is_the_answer.pop_all()
                    return response

    def _sent(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        given = self._pool().handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=cast("httpx.SyncByteStream", request.stream),
                extensions=request.extensions,
            )
        )
        stream = _Stream(given)
        return httpx.Response(given.status, headers=given.headers, stream=stream, request=request)

    def _pool(self) -> httpcore.ConnectionPool:
        if self.closed:
            raise StoreError("the store is closed; open it again to ask")
        own = os.getpid()
        if own not in self._pools:
            pool = httpcore.ConnectionPool(
                ssl_context=self._trusted,
                max_connections=_CONNECTIONS,
                keepalive_expiry=_KEPT,
                network_backend=_Backend(self._mine),
            )
            self._pools.setdefault(own, pool)
            # A parent's connections are the parent's: this process lets go of its copies.
            self._pools = {own: self._pools[own]}
        return self._pools[own]

    def _left(self) -> float:
        return self._mine.until - time.monotonic()

    def _broken(self, what: str, error: Exception) -> RemoteError:
        more = "ask for less, or allow it more time"
        if self._left() <= 0:
            return self.error(f"took longer than {self._limits.total:g} seconds", more)
        if isinstance(error, httpcore.ReadTimeout):
            return self.error(f"said nothing for {self._limits.silence:g} seconds", more)
        if what == "cannot be reached":
            more = "see whether it runs, and at this address"
        return self.error(f"{what} ({type(error).__name__}: {error})", more)


def address(url: str) -> httpx.URL:
    """The address as a URL; an error where it is none, or holds a password."""
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise RemoteError(f"“{url}” is no address: {error}") from error
    if found.userinfo:
        raise RemoteError(
            "the address holds a password; set CASPIAN_ENDPOINT_USER and CASPIAN_ENDPOINT_PASSWORD"
        )
    if found.scheme not in ("http", "https") or not found.host:
        raise RemoteError(f"“{url}” is no address; it looks like http://localhost:7878/query")
    return found


def _asked_to_wait(response: httpx.Response) -> float:
    """The seconds in Retry-After (RFC 9110 §10.2.3); 0 where there are none."""
    text = response.headers.get("Retry-After", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, at.timestamp() - time.time())


class _Mine(threading.local):
    """What a thread keeps to itself: until when it waits, and how it shows its credentials."""

    until: float = math.inf
    auth: httpx.Auth | None = None


class _Stream(httpx.SyncByteStream):
    def __init__(self, given: httpcore.Response) -> None:
        self._given = given

    def __iter__(self) -> Iterator[bytes]:
        yield from self._given.iter_stream()

    def close(self) -> None:
        self._given.close()


class _Backend(httpcore.NetworkBackend):
    """Connections whose every wait ends when the time of the thread is up."""

    def __init__(self, mine: _Mine) -> None:
        self._backend, self._mine = httpcore.SyncBackend(), mine

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._backend.connect_tcp(
            host, port, _within(self._mine, timeout), local_address, socket_options
        )
        return _Held(stream, self._mine)


class _Held(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, mine: _Mine) -> None:
        self._stream, self._mine = stream, mine

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within(self._mine, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within(self._mine, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        within = _within(self._mine, timeout)
        return _Held(self._stream.start_tls(ssl_context, server_hostname, within), self._mine)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 -- as inherited
        return self._stream.get_extra_info(info)


def _within(mine: _Mine, timeout: float | None) -> float:
    left = mine.until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return min(left, math.inf if timeout is None else timeout)
