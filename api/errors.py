"""What can be wrong with a request, and with the service itself.

RequestError
├── MalformedRequestError  the request cannot be read
│   └── TooManyParametersError  it has more parameters than the service reads
├── NotAcceptableError     no media type the client accepts is served
├── GraphTooLargeError     the graph is longer than the service sends
├── BodyTooLargeError      the body is longer than the service reads
├── UrlTooLongError        the URL is longer than the service reads
├── UnreadableError        what is to be validated cannot be read
└── UnsupportedMediaError  the body is of a kind the service does not read
CapacityError              the service gives the request no more of itself
├── NoOntologyError        the files of the ontology, the shapes or the seeds cannot be read
├── NoPathsError           the graph is larger than those of which paths are kept
├── TimedOutError          it takes longer than a question may
├── ExhaustedError         it takes more memory or depth than a question may
├── OverloadedError        too many requests wait already
└── ThrottledError         too many requests of this client wait already
SandboxError               the kernel has not what the settings require
"""

from kg.errors import CaspianError, Problem

__all__ = [
    "BodyTooLargeError",
    "CapacityError",
    "ExhaustedError",
    "GraphTooLargeError",
    "MalformedRequestError",
    "NoOntologyError",
    "NoPathsError",
    "NotAcceptableError",
    "OverloadedError",
    "RequestError",
    "SandboxError",
    "ThrottledError",
    "TimedOutError",
    "TooManyParametersError",
    "UnreadableError",
    "UnsupportedMediaError",
    "UrlTooLongError",
]


class RequestError(Exception):
    """What every error about a request itself is."""


class MalformedRequestError(RequestError):
    """The request cannot be read: a parameter is missing, doubled or wrongly encoded."""


class TooManyParametersError(MalformedRequestError):
    """The request has more parameters than the service reads."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"a request may have at most {most} parameters (setting CASPIAN_PARAMETERS)"
        )


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

    def __init__(self, limit: int, setting: str = "CASPIAN_BODY_BYTES") -> None:
        self.limit = limit
        super().__init__(f"a body may have {limit} bytes (setting {setting})")


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


class UnreadableError(RequestError):
    """What is to be validated cannot be read; `problems` are the first things wrong in it."""

    FIRST = 100

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems[: self.FIRST]
        more = f"; and {len(problems) - 1:,} more" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")


class CapacityError(Exception):
    """The service gives the request no more of itself; where it says so, `limit` was passed."""


class NoOntologyError(CapacityError):
    """The files of the ontology, the shapes or the seeds cannot be read."""

    def __init__(self) -> None:
        super().__init__(
            "the ontology, the shapes or the seeds of this service cannot be read: its log says "
            "which file and line; the graph is answered all the same"
        )


class NoPathsError(CapacityError):
    """The graph is larger than those of which paths are kept."""

    def __init__(self, most: int) -> None:
        self.limit = most
        super().__init__(
            f"paths are kept of graphs of {most:,} statements at most (setting "
            "CASPIAN_PATHS_QUADS); ask /sparql"
        )


class TimedOutError(CapacityError):
    """The question takes longer than a question may; it was stopped."""

    def __init__(self, seconds: float) -> None:
        self.limit = seconds
        super().__init__(
            f"it was stopped after {seconds:g} seconds (setting CASPIAN_QUERY_SECONDS); "
            "ask for less: fewer patterns, a named graph, a LIMIT"
        )


class ExhaustedError(CapacityError):
    """The question takes more memory, or more depth, than a question may; it was stopped."""

    def __init__(self, memory: int) -> None:
        self.limit = memory
        super().__init__(
            f"its worker ended: most likely it needs more than {memory:,} bytes of memory "
            "(setting CASPIAN_QUERY_BYTES); ask for less at a time, or try again"
        )


class OverloadedError(CapacityError):
    """Too many requests wait already."""

    def __init__(self) -> None:
        super().__init__("more questions wait than can be answered soon; ask again later")


class ThrottledError(CapacityError):
    """Too many requests of this client wait already."""

    def __init__(self, most: int) -> None:
        self.limit = most
        super().__init__(
            f"{most} questions of yours wait already (setting CASPIAN_WAITING_PER_CLIENT); "
            "ask fewer at a time"
        )


class SandboxError(CaspianError):
    """The kernel has not what the setting requires; `missing` are the parts it lacks."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(
            f"this kernel has no {' and no '.join(missing)}, and CASPIAN_SANDBOX is `require`; "
            "run on a kernel that has them, or set it to `prefer`"
        )
