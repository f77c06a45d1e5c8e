"""Headers every response carries: what a browser may do with it, and which pages may read it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CROSS_ORIGIN", "PAGE_POLICY", "VARY", "SafeHeaders", "headers_for", "missing"]

CROSS_ORIGIN = (
    *("/sparql", "/graph", "/.well-known/void", "/paths", "/resolve", "/queries"),
    *("/things", "/conflicts", "/origins", "/timeline"),
    *("/id", "/claim", "/value", "/ontology", "/shapes", "/validate"),
)
"""Where pages of other sites may read the answers; never with the reader's credentials."""

VARY = "Accept, Accept-Encoding"
"""What an answer's form depends on."""

_Header: TypeAlias = tuple[bytes, bytes]

_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""For pages: style and images of our own, forms to ourselves, no script at all."""


def headers_for(path: str) -> dict[str, str]:
    """The headers of a response to a request of that path.

    >>> headers_for("/sparql")["Access-Control-Allow-Origin"]
    '*'
    """
    safe = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _DATA_POLICY,
        "Referrer-Policy": "no-referrer",
    }
    shared = any(
        path.startswith(place) and path[len(place) :][:1] in {"", "/", "."}
        for place in CROSS_ORIGIN
    )
    return safe | ({"Access-Control-Allow-Origin": "*"} if shared else {})


class SafeHeaders:
    """Middleware that adds these headers to each response that has no others in their place."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of what comes back."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                message = {**message, "headers": [*given, *missing(given, scope["path"])]}
            await send(message)

        await self.app(scope, receive, complete)


def missing(given: Iterable[_Header], path: str) -> list[_Header]:
    """Those of the headers that a response of these has no others in the place of, as sent.

    >>> [name for name, _ in missing([(b"Referrer-Policy", b"origin")], "/")]
    [b'x-content-type-options', b'content-security-policy']
    """
    names = {name.lower() for name, _ in given}
    return [each for each in _raw(path) if each[0] not in names]


@lru_cache(maxsize=256)
def _raw(path: str) -> tuple[_Header, ...]:
    return tuple((name.lower().encode(), text.encode()) for name, text in headers_for(path).items())
