"""What is answered ahead of the framework: what is kept, and the queries of /sparql.

The framework takes longer to find out what to call, and to call it, than a short question takes.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.headers import missing
from api.routers import sparql
from api.service import Service, transmit

__all__ = ["Ahead"]


class Ahead:
    """An application that answers what it can, and hands the rest to another."""

    def __init__(self, app: ASGIApp, service: Service, endpoint: sparql.Endpoint) -> None:
        self._app, self._service, self._endpoint = app, service, endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        method = scope["method"] if scope["type"] == "http" else ""
        if method == "GET" and (reply := self._service.kept(scope)):
            await transmit(reply, send, missing(reply.head, scope["path"]))
        elif method in sparql.METHODS and scope["path"] == sparql.PATH:
            await self._endpoint(scope, receive, send)
        else:
            await self._app(scope, receive, send)
