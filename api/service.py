"""What the endpoints share: who answers, what is kept of the answers, and how they are sent."""

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from http import HTTPStatus
from typing import Annotated, NamedTuple, Protocol, TypeAlias, cast
from weakref import WeakKeyDictionary

from fastapi import Depends, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.cache import Cache
from api.errors import OverloadedError
from api.headers import VARY
from api.jobs import Job
from api.settings import Settings
from api.wire import Answered, Holding, Reply, Spool
from kg.queries import StoredQuery

__all__ = ["Evaluator", "Sent", "Service", "ServiceDep", "client", "route_of", "transmit"]

_SHORTEST = (("Cache-Control", "no-cache"),)
"""Kept by anyone, and asked for again each time: the graph may have changed."""


_OVERHEAD = 500
_Words: TypeAlias = tuple[bytes, bytes, bytes, bytes, str | None]


class _Asked(NamedTuple):
    """What the words of a request were found to be: the tag of its answer, its route and query."""

    tag: str
    route: str
    query: str


class Evaluator(Protocol):
    """Whoever answers: workers in processes of their own (api/pool.py), or threads of this one."""

    @property
    def holding(self) -> Holding:
        """What is served now."""

    @property
    def ready(self) -> bool:
        """Whether questions are answered."""

    @property
    def since(self) -> float:
        """Since when this is served, by the monotonic clock."""

    @property
    def waiting(self) -> int:
        """How many questions wait to be worked on."""

    @property
    def busy(self) -> int:
        """How many questions are worked on."""

    @property
    def stopped(self) -> Mapping[str, int]:
        """How many workers were stopped or lost, by reason."""

    async def start(self) -> None:
        """Begin to answer."""

    async def stop(self) -> None:
        """Answer no more."""

    async def run(self, job: bytes, client: str) -> Answered:
        """The reply to a pickled Job, and the snapshot it was made from."""


class Service:
    """Settings, stored questions, whoever answers, and the answers that are kept."""

    def __init__(
        self, settings: Settings, evaluator: Evaluator, questions: tuple[StoredQuery, ...]
    ) -> None:
        self.settings, self.evaluator, self.questions = settings, evaluator, questions
        self.cache = Cache[str, Reply](most=settings.cache_bytes, weigh=_weight)
        self._asked = Cache[_Words, _Asked](most=settings.cache_bytes // 8, weigh=_weight_asked)
        self._untaken = WeakKeyDictionary[Spool, str]()

    @property
    def untaken(self) -> int:
        """How many bytes of long answers are not sent yet."""
        return sum(spool.size for spool in self._untaken)

    async def answer(self, name: str, argument: object, scope: Scope) -> Reply:
        """The reply to the job of that name, to be sent to whoever made the request.

        It is 304 where the client has the very answer; an answer that is kept is not worked out
        again.
        """
        headers = _named(scope["headers"], b"accept-encoding", b"if-none-match")
        packed = _takes_gzip(headers.get(b"accept-encoding", b""))
        job = pickle.dumps(Job(name, argument, packed), pickle.HIGHEST_PROTOCOL)
        tag = _tag(job, self.evaluator.holding.snapshot)
        if tag and (known := self._known(tag, headers.get(b"if-none-match", b""), scope)):
            return known
        reply, snapshot = await self.evaluator.run(job, client(scope))
        self._hold(reply, client(scope))
        tag = _tag(job, snapshot)
        if tag and reply.lasting:
            reply = replace(reply, headers=(*reply.headers, ("ETag", tag), *_SHORTEST))
            if isinstance(reply.body, bytes):
                self.cache.put(tag, reply)
            if scope["method"] == "GET":
                asked = _Asked(tag, route_of(scope), scope.get("query", ""))
                self._asked.put(_words(scope, snapshot), asked)
        return reply

    def kept(self, scope: Scope) -> Reply | None:
        """The reply to a GET of the very same words as one before, where it is kept.

        Nothing of the request is read for it but its words.
        """
        asked = self._asked.get(_words(scope, self.evaluator.holding.snapshot))
        if asked is None:
            return None
        scope["template"], scope["query"] = asked.route, asked.query
        condition = _named(scope["headers"], b"if-none-match").get(b"if-none-match", b"")
        return self._known(asked.tag, condition, scope)

    def _known(self, tag: str, condition: bytes, scope: Scope) -> Reply | None:
        """The reply that has this tag, where it is kept, or where the client has it."""
        if condition and tag.encode() in condition:
            return Reply(HTTPStatus.NOT_MODIFIED, "", b"", (("ETag", tag), ("Vary", VARY)))
        kept = self.cache.get(tag)
        if kept is not None:
            scope["cached"] = True
        return kept

    def _hold(self, reply: Reply, who: str) -> None:
        """Note a long answer for as long as it is sent; OverloadedError where too many are."""
        if not isinstance(reply.body, Spool):
            return
        size, most = reply.body.size, self.settings.untaken_bytes
        theirs = sum(spool.size for spool, whose in self._untaken.items() if whose == who)
        if self.untaken + size > most or (theirs and theirs + size > most / 2):
            raise OverloadedError
        self._untaken[reply.body] = who


class Sent(Response):
    """A reply as a response of the framework, which sends it as it is."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.status_code, self.background, self.body = reply.status, None, b""
        self.raw_headers = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send it."""
        await transmit(self.reply, send)


async def transmit(reply: Reply, send: Send, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Send the reply, a long body a piece at a time, with these headers too."""
    headers = [*reply.head, *more]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    body, start = reply.body, 0
    while isinstance(body, Spool):
        piece = body.piece(start)
        start += len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": start < body.size})
        if start >= body.size:
            return
    await send({"type": "http.response.body", "body": body})


def route_of(scope: Scope) -> str:
    """The route that answers a request, as the reference writes it."""
    route = scope.get("template") or getattr(scope.get("route"), "path", "other")
    return str(route)


def client(scope: Scope) -> str:
    """Who made the request: an address, as the server or a trusted proxy has it."""
    return scope["client"][0] if scope.get("client") else ""


def _named(headers: Iterable[tuple[bytes, bytes]], *names: bytes) -> dict[bytes, bytes]:
    return {name: value for name, value in headers if name in names}


def _words(scope: Scope, snapshot: str | None) -> "_Words":
    """What the answer to a GET depends on, unread."""
    accept = accept_encoding = b""
    for name, value in scope["headers"]:
        if name == b"accept":
            accept += b"," + value
        elif name == b"accept-encoding":
            accept_encoding = value
    return scope["raw_path"], scope["query_string"], accept, accept_encoding, snapshot


def _weight(_: str, reply: Reply) -> int:
    return reply.size + _OVERHEAD


def _weight_asked(words: "_Words", asked: "_Asked") -> int:
    return sum(map(len, words[:4])) + len(asked.query) + _OVERHEAD


def _takes_gzip(accepted: bytes) -> bool:
    """Whether an answer may be packed, by the request's Accept-Encoding.

    >>> _takes_gzip(b"br, gzip;q=0.5"), _takes_gzip(b"gzip;q=0"), _takes_gzip(b"")
    (True, False, False)
    """
    for each in accepted.lower().split(b","):
        coding, _, weight = each.partition(b";")
        if coding.strip() in (b"gzip", b"*"):
            return weight.strip().rstrip(b"0") not in (b"q=", b"q=0.")
    return False


def _tag(job: bytes, snapshot: str | None) -> str:
    """The entity tag of the answer to this job; none without a snapshot that stays as it is."""
    if snapshot is None:
        return ""
    return f'"{blake2b(job, digest_size=16, key=snapshot.encode()[:64]).hexdigest()}"'


# `async`, or it would wait for a thread, behind the slow queries
async def _service(request: Request) -> Service:
    return cast("Service", request.app.state.service)


ServiceDep = Annotated[Service, Depends(_service)]
