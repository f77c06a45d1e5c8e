"""Requests that offer to go on in another protocol, read as if they did not.

Java's own HTTP client, and so Jena and many others, offers HTTP/2 with every request. A server may
ignore that (RFC 9110, section 7.8), but the parser stops after such a head, and uvicorn then loses
the body (its issue 2722).
"""

from collections.abc import Iterator

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["PlainHttp"]


class PlainHttp(HttpToolsProtocol):
    """uvicorn's protocol, which answers an offer to upgrade like a request without one."""

    # `object`: whatever uvicorn gives, handed on as it is
    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self.parser = _Parser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def on_headers_complete(self) -> None:
        """Start to answer, unless the head is to be read again without its offer."""
        if not self.offers():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Tell the answer that the body is whole, as above."""
        if not self.offers():
            super().on_message_complete()

    def offers(self) -> bool:
        """Whether the request just read has an offer that is not taken up."""
        # the parser calls CONNECT an upgrade too; it has no body, and is a 405 like any other
        return self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"

    def plain_head(self) -> bytes:
        """The head just read, without the offer."""
        return b"\r\n".join([*self._plain_lines(), b"", b""])

    def _plain_lines(self) -> Iterator[bytes]:
        version = self.parser.get_http_version().encode("ascii")
        yield b" ".join([self.parser.get_method(), self.url, b"HTTP/" + version])
        for name, value in self.headers:
            if name != b"upgrade":
                yield name + b": " + value


class _Parser(httptools.HttpRequestParser):
    def __init__(self, protocol: PlainHttp) -> None:
        super().__init__(protocol)
        self._protocol = protocol

    # uvicorn feeds bytes and nothing else
    def feed_data(self, data: bytes) -> None:  # type: ignore[override]
        """Read on; an offer to upgrade stops the parser after the head, where it starts anew."""
        while True:
            try:
                super().feed_data(data)
            except httptools.HttpParserUpgrade as stop:
                if not self._protocol.offers():
                    raise
                data = self._protocol.plain_head() + data[stop.args[0] :]
            else:
                return
