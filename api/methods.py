"""HEAD and OPTIONS, for every route alike."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import headers_for

__all__ = ["HeadAsGet", "allowed", "options"]

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, QUERY",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class HeadAsGet:
    """Middleware that answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as GET where it is HEAD."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            is_body = message["type"] == "http.response.body"
            await send({**message, "body": b""} if is_body else message)

        await self.app({**scope, "method": "GET"}, receive, headers_only)


def allowed(request: Request) -> str:
    """The methods the path answers, as an Allow header."""
    found = [method for method in ("GET", "POST", "QUERY") if _answers(request, method)]
    return ", ".join([*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"])


def _answers(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def options(request: Request) -> Response:
    """The answer to OPTIONS, a browser's question before a cross-origin request included."""
    headers = headers_for(request.scope["path"])
    shared = "Access-Control-Allow-Origin" in headers
    return Response(
        None, 204, {"Allow": allowed(request)} | headers | (_PREFLIGHT if shared else {})
    )
