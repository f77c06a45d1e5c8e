"""Reading a request of the SPARQL 1.1 Protocol: a query, its graphs, what the client accepts."""

from binascii import unhexlify
from collections.abc import Sequence
from itertools import product
from string import hexdigits
from typing import NamedTuple

from starlette.requests import Request

from api.errors import (
    BodyTooLargeError,
    MalformedRequestError,
    TooManyParametersError,
    UnsupportedMediaError,
)
from api.evaluation import Question
from api.negotiation import media_type
from api.settings import Settings
from kg.errors import QueryRefusedError
from kg.store import Dataset

__all__ = [
    "DIRECT",
    "FORM",
    "UPDATE",
    "accepted",
    "public_url",
    "read_body",
    "read_graph",
    "read_question",
]

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
_GRAPHS = frozenset(("default", "graph"))

_WITH_BODY = frozenset(("POST", "QUERY"))
_ENCODED = "parameters must be percent-encoded UTF-8"
_STRAY = 300
_ESCAPED = {bytes(pair): unhexlify(bytes(pair)) for pair in product(hexdigits.encode(), repeat=2)}
_Pairs = Sequence[tuple[str, str]]


class _Body(NamedTuple):
    """What the body of a POST holds: a query, or parameters."""

    query: str | None
    parameters: _Pairs


async def read_question(request: Request, settings: Settings) -> Question:
    """The question a request puts, by GET, by a form, or by a query as the body.

    Parameters of the URL count beside those of a form (the W3C's protocol tests put graphs there).
    Raises MalformedRequestError, QueryRefusedError for an update, UnsupportedMediaError or
    BodyTooLargeError.
    """
    pairs = _pairs(request.scope["query_string"], settings)
    body = await _body(request, settings) if request.method in _WITH_BODY else _Body(None, ())
    pairs = [*pairs, *body.parameters]
    if any(name == "update" for name, _ in pairs):
        raise QueryRefusedError("updates are refused: the graph changes only by `caspian build`")
    queries = [value for name, value in pairs if name == "query"]
    if body.query is not None:
        queries.append(body.query)
    if len(queries) != 1:
        raise MalformedRequestError(f"give one query; this request has {len(queries) or 'none'}")
    dataset = Dataset(
        default=tuple(value for name, value in pairs if name == "default-graph-uri"),
        named=tuple(value for name, value in pairs if name == "named-graph-uri"),
    )
    return Question(queries[0], dataset, accepted(request))


def read_graph(request: Request, settings: Settings) -> tuple[str | None, ...]:
    """The graph that a request names, None for the default graph; nothing where it names none.

    SPARQL 1.1 Graph Store Protocol, section 4.2. Raises MalformedRequestError.
    """
    pairs = _pairs(request.scope["query_string"], settings)
    asked = [None if name == "default" else value for name, value in pairs if name in _GRAPHS]
    if len(asked) > 1:
        raise MalformedRequestError(f"give one graph, or default; this request has {len(asked)}")
    return tuple(asked)


def accepted(request: Request) -> str | None:
    """The request's Accept header, its lines joined; None where it has none."""
    lines = request.headers.getlist("accept")
    return ", ".join(lines) if lines else None


def public_url(request: Request, settings: Settings) -> str:
    """Where the service is reached, without a slash at the end: as set, else where it listens.

    Never what the Host header says, which the client writes.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host, port = request.scope["server"] or (settings.host, settings.port)
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}" if port else f"http://{name}"


def _pairs(encoded: bytes, settings: Settings) -> _Pairs:
    fields = encoded.split(b"&")
    if len(fields) > settings.parameters:
        raise TooManyParametersError(settings.parameters)
    if 3 * encoded.count(b"%") > len(encoded) + _STRAY:  # not all of them can begin an escape
        raise MalformedRequestError(_ENCODED)
    try:
        return [
            (_decoded(name), _decoded(value))
            for name, _, value in (field.partition(b"=") for field in fields if field)
        ]
    except UnicodeDecodeError as error:
        raise MalformedRequestError(_ENCODED) from error


def _decoded(text: bytes) -> str:
    """A name or value of a form; a sign of percentage that begins no escape stands for itself.

    The standard library takes up to four times longer over signs that begin none: a tenth of a
    second for the longest form a client may send, in which nobody else is served.
    """
    first, *rest = text.replace(b"+", b" ").split(b"%")
    bits = [first]
    for bit in rest:
        escaped = _ESCAPED.get(bit[:2])
        bits += (b"%", bit) if escaped is None else (escaped, bit[2:])
    text.decode("ascii")  # what is sent, whatever it stands for
    return b"".join(bits).decode("utf-8")


async def _body(request: Request, settings: Settings) -> _Body:
    kind = _content_type(request)
    content = await read_body(request, settings.body_bytes)
    if kind == FORM:
        return _Body(None, _pairs(content, settings))
    try:
        # SPARQL 1.1 Protocol, section 2.1.3: the body is the query itself, not encoded
        return _Body(content.decode("utf-8"), ())
    except UnicodeDecodeError as error:
        raise MalformedRequestError("a query must be UTF-8") from error


def _content_type(request: Request) -> str:
    """FORM or DIRECT: what the body is declared to be; anything else is refused."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaError("send the body without Content-Encoding", (FORM, DIRECT))
    kind = media_type(request.headers.get("content-type", ""))
    if kind and kind.essence == UPDATE:
        raise QueryRefusedError("updates are refused: the graph changes only by `caspian build`")
    if not kind or kind.essence not in {FORM, DIRECT}:
        raise UnsupportedMediaError(f"send a query as {FORM} or as {DIRECT}", (FORM, DIRECT))
    if kind.parameters.get("charset", "utf-8") != "utf-8":
        raise UnsupportedMediaError("send a query in UTF-8", (FORM, DIRECT))
    return kind.essence


async def read_body(request: Request, limit: int, setting: str = "CASPIAN_BODY_BYTES") -> bytes:
    """The body of the request; BodyTooLargeError where it has more bytes than the limit."""
    # a length that is declared is refused before a byte is read; the server has checked it is one
    if int(request.headers.get("content-length", 0)) > limit:
        raise BodyTooLargeError(limit, setting)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise BodyTooLargeError(limit, setting)
    return bytes(content)
