"""The limits on URLs, held before a request is routed: each part of one may cost a step."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import RequestError, TooManyParametersError, UrlTooLongError
from api.problems import response
from api.settings import Settings

__all__ = ["UrlLimit", "refused"]


class UrlLimit:
    """Middleware that refuses a URL of more bytes, or more parameters, than the limits."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that there is too much of its URL."""
        error = refused(scope, self._settings) if scope["type"] == "http" else None
        await (response(error, scope["path"]) if error else self.app)(scope, receive, send)


def refused(scope: Scope, settings: Settings) -> RequestError | None:
    """What is wrong with the size of a request's URL; None where nothing is."""
    if _length(scope) > settings.url_bytes:
        return UrlTooLongError(settings.url_bytes)
    if scope["query_string"].count(b"&") >= settings.parameters:
        return TooManyParametersError(settings.parameters)
    return None


def _length(scope: Scope) -> int:
    query = scope["query_string"]
    return len(scope["raw_path"]) + len(query) + bool(query)
