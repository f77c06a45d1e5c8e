"""What can be wrong with a request before the graph is asked.

RequestError
├── MalformedRequestError  the request cannot be read
├── NotAcceptableError     no media type the client accepts is served
├── GraphTooLargeError     the graph is longer than the service sends
├── BodyTooLargeError      the body is longer than the service reads
├── UrlTooLongError        the URL is longer than the service reads
└── UnsupportedMediaError  the body is of a kind the service does not read
"""

__all__ = [
    "BodyTooLargeError",
    "GraphTooLargeError",
    "MalformedRequestError",
    "NotAcceptableError",
    "RequestError",
    "UnsupportedMediaError",
    "UrlTooLongError",
]


class RequestError(Exception):
    """What every error about a request itself is."""


class MalformedRequestError(RequestError):
    """The request cannot be read: a parameter is missing, doubled or wrongly encoded."""


class NotAcceptableError(RequestError):
    """No media type the client accepts is served here; `offered` are the ones that are."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        self.offered = offered
        super().__init__(f"the answer can be had as {', '.join(offered)}; accept one of them")


class GraphTooLargeError(RequestError):
    """The graph is longer than the service sends; without a name it is the default graph."""

    def __init__(self, limit: int, name: str = "") -> None:
        self.limit = limit
        option = f" --graph {name}" if name else ""
        super().__init__(
            f"the whole graph takes more than {limit} bytes (setting CASPIAN_ANSWER_BYTES); "
            f"`caspian export{option} --format turtle` writes it where the graph was built, and "
            "/sparql answers with the part you need"
        )


class BodyTooLargeError(RequestError):
    """The body is longer than the service reads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"a body may have {limit} bytes (setting CASPIAN_BODY_BYTES)")


class UrlTooLongError(RequestError):
    """The URL is longer than the service reads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"a URL may have {limit} bytes (setting CASPIAN_URL_BYTES); send a long query by POST"
        )


class UnsupportedMediaError(RequestError):
    """The body is of a kind the service does not read; `supported` are the kinds it does."""

    def __init__(self, message: str, supported: tuple[str, ...]) -> None:
        self.supported = supported
        super().__init__(message)
