"""The limit on URLs, held before a request is routed."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import UrlTooLongError
from api.problems import response

__all__ = ["UrlLimit"]


class UrlLimit:
    """Middleware that refuses a URL of more bytes than the limit."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that its URL is too long."""
        refused = None
        if scope["type"] == "http" and _length(scope) > self.limit:
            refused = response(UrlTooLongError(self.limit), scope["path"])
        await (refused or self.app)(scope, receive, send)


def _length(scope: Scope) -> int:
    query = scope["query_string"]
    return len(scope["raw_path"]) + len(query) + bool(query)
