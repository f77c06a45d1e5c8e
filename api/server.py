"""The HTTP server: uvicorn, made to answer a URL of any length."""

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.settings import Settings

__all__ = ["serve"]

# httptools counts the parts of a URL in 16 bits and fails on more; uvicorn then says a bare 400,
# and only after it has kept all of the URL in memory
_URL_KEPT = 65_000


class _Protocol(HttpToolsProtocol):
    """The protocol, keeping of a URL only so much that it is seen to be too long."""

    def on_url(self, url: bytes) -> None:
        """Take the next piece of the URL."""
        super().on_url(url)
        self.url = self.url[:_URL_KEPT]


def serve(app: FastAPI, settings: Settings) -> bool:
    """Serve until a signal stops it; whether the service could start."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=_Protocol,
        ws="none",
        lifespan="on",
        server_header=False,
        log_level=settings.log_level,
    )
    server = uvicorn.Server(config)
    try:
        server.run()
    except SystemExit:
        # it could not start, and has logged why
        return False
    except KeyboardInterrupt:
        # it has ended in good order, and passes on the signal that it caught
        pass
    return True
