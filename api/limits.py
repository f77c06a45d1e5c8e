"""The limits on URLs, held before a request is routed: each part of one may cost a step."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import RequestError, TooManyParametersError, UrlTooLongError
from api.problems import response

__all__ = ["UrlLimit"]


class UrlLimit:
    """Middleware that refuses a URL of more bytes, or more parameters, than the limits."""

    def __init__(self, app: ASGIApp, limit: int, parameters: int) -> None:
        self.app, self.limit, self.parameters = app, limit, parameters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that there is too much of its URL."""
        refused = self._refused(scope) if scope["type"] == "http" else None
        await (response(refused, scope["path"]) if refused else self.app)(scope, receive, send)

    def _refused(self, scope: Scope) -> RequestError | None:
        if _length(scope) > self.limit:
            return UrlTooLongError(self.limit)
        if scope["query_string"].count(b"&") >= self.parameters:
            return TooManyParametersError(self.parameters)
        return None


def _length(scope: Scope) -> int:
    query = scope["query_string"]
    return len(scope["raw_path"]) + len(query) + bool(query)
