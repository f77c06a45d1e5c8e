"""Errors as problem details (RFC 9457): one table from what went wrong to what the client reads."""

import logging
from http import HTTPStatus
from typing import NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import errors as wrong
from api.headers import headers_for
from api.methods import allowed, options
from api.models import InvalidParameter, Problem
from api.wire import Reply
from kg import errors

__all__ = [
    "HTTP_KINDS",
    "KINDS",
    "MEDIA_TYPE",
    "Kind",
    "handle_problems",
    "problem",
    "problem_reply",
    "refusal",
    "response",
]

MEDIA_TYPE = "application/problem+json"
TYPE = "https://w3id.org/caspian/problem/"

logger = logging.getLogger(__name__)


class Kind(NamedTuple):
    """A kind of problem: its status, the end of its type's URI, its title, and what it tells."""

    status: int
    slug: str
    title: str
    detail: str = ""
    """Said instead of the error's own words, which are for the log."""
    members: tuple[str, ...] = ()
    """Attributes of the error that the problem carries too."""
    headers: tuple[tuple[str, str], ...] = ()
    """What the response's headers say besides."""


_LATER = (("Retry-After", "1"),)
_BROKEN = "the service failed; what happened is in its log"

KINDS: dict[type[Exception], Kind] = {
    wrong.MalformedRequestError: Kind(400, "malformed-request", "The request cannot be read"),
    errors.QuerySyntaxError: Kind(400, "query-syntax", "The query is no SPARQL 1.1 query"),
    errors.LimitError: Kind(400, "limit", "A limit is passed", members=("limit",)),
    errors.QueryError: Kind(400, "query", "The query cannot be answered as it stands"),
    errors.QueryRefusedError: Kind(403, "query-refused", "This service only reads its own graph"),
    errors.UnknownNameError: Kind(
        404, "unknown-name", "Nothing goes by this name", members=("near",)
    ),
    wrong.NotAcceptableError: Kind(
        406,
        "not-acceptable",
        "No media type accepted is served",
        members=("offered",),
        headers=(("Vary", "Accept"),),
    ),
    wrong.GraphTooLargeError: Kind(
        403, "graph-too-large", "The graph is too long to be sent whole", members=("limit",)
    ),
    wrong.BodyTooLargeError: Kind(
        413,
        "body-too-large",
        "The body is too long",
        members=("limit",),
        # what is still to come of the body is not read
        headers=(("Connection", "close"),),
    ),
    wrong.UrlTooLongError: Kind(414, "url-too-long", "The URL is too long", members=("limit",)),
    wrong.UnsupportedMediaError: Kind(
        415,
        "unsupported-media-type",
        "The body is of no kind read here",
        members=("supported",),
        headers=(("Accept-Encoding", "identity"),),
    ),
    wrong.UnreadableError: Kind(
        422, "unreadable", "What was sent cannot be read", members=("problems",)
    ),
    errors.ShapesRefusedError: Kind(422, "shapes-refused", "Such shapes are not taken from others"),
    errors.AmbiguousNameError: Kind(
        422, "ambiguous-name", "Several things go by this name", members=("candidates",)
    ),
    RequestValidationError: Kind(422, "invalid-parameters", "Parameters are missing or wrong"),
    wrong.ThrottledError: Kind(
        429,
        "throttled",
        "Too many questions of yours wait",
        members=("limit",),
        headers=_LATER,
    ),
    errors.RemoteError: Kind(
        502,
        "remote-failed",
        "The endpoint behind this service failed",
        "the endpoint that holds the graph failed or did not answer; try again",
    ),
    errors.SnapshotError: Kind(503, "no-graph", "No sound graph is at hand", _BROKEN),
    wrong.NoOntologyError: Kind(503, "no-ontology", "The ontology is not at hand"),
    wrong.NoPathsError: Kind(
        503, "no-paths", "Of this graph no paths are kept", members=("limit",)
    ),
    wrong.OverloadedError: Kind(503, "overloaded", "Too many questions wait", headers=_LATER),
    wrong.ExhaustedError: Kind(
        503,
        "exhausted",
        "The question takes more than it may",
        members=("limit",),
        headers=_LATER,
    ),
    wrong.TimedOutError: Kind(504, "timed-out", "The question takes too long", members=("limit",)),
    Exception: Kind(500, "internal", "The service failed", _BROKEN),
}

HTTP_KINDS = {
    404: Kind(404, "not-found", "There is no such page", "see / for what there is"),
    405: Kind(
        405,
        "method-not-allowed",
        "The page does not answer this method",
        "use a method that the Allow header names; nothing is written over HTTP, the graph changes "
        "only by `caspian build`",
    ),
}


def problem(error: Exception) -> Problem:
    """What a client reads of the error.

    >>> problem(errors.UnknownNameError("Amirabat", ("place/amirabad",))).near
    ('place/amirabad',)
    """
    kind = _kind(error)
    told = {"type": TYPE + kind.slug, "title": kind.title, "status": kind.status}
    if isinstance(error, RequestValidationError):
        invalid = _invalid(error)
        # the error's own words would repeat what the client sent
        detail = "; ".join(f"{each.where}: {each.message}" for each in invalid)
        return Problem.model_validate({**told, "detail": detail, "errors": invalid})
    members = {member: getattr(error, member) for member in kind.members}
    return Problem.model_validate({**told, "detail": kind.detail or str(error), **members})


def _kind(error: Exception) -> Kind:
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        usual = Kind(error.status_code, "http", phrase, phrase)
        return HTTP_KINDS.get(error.status_code, usual)
    return next(KINDS[base] for base in type(error).__mro__ if base in KINDS)


def _invalid(error: RequestValidationError) -> tuple[InvalidParameter, ...]:
    return tuple(
        InvalidParameter(where=".".join(map(str, each["loc"])), message=each["msg"])
        for each in error.errors()
    )


def problem_reply(error: Exception) -> Reply:
    """The error as a reply.

    >>> problem_reply(errors.QueryError("too much")).status
    400
    """
    body = problem(error).model_dump_json(exclude_none=True).encode()
    kind = _kind(error)
    return Reply(kind.status, MEDIA_TYPE, body, kind.headers)


def refusal(error: Exception, method: str, path: str) -> Reply:
    """The error as a reply to that request; what the client is not told is written to the log."""
    if _kind(error).detail:
        logger.error("%s %r failed", method, path, exc_info=error)
    return problem_reply(error)


def response(error: Exception, path: str) -> Response:
    """The error as an HTTP response to a request of that path."""
    told = problem(error)
    headers = headers_for(path) | dict(_kind(error).headers)
    body = told.model_dump_json(exclude_none=True)
    return Response(body, told.status, headers, MEDIA_TYPE)


def handle_problems(app: FastAPI) -> None:
    """Have the application answer every error as a problem."""
    for caught in (
        errors.CaspianError,
        wrong.CapacityError,
        wrong.RequestError,
        RequestValidationError,
    ):
        app.add_exception_handler(caught, _answer)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unexpected)


# `async`, so that they wait for no worker thread; they touch no store
async def _answer(request: Request, error: Exception) -> Response:
    answer = response(error, request.scope["path"])
    if _kind(error).detail:
        logger.error("%s %r failed", request.method, request.scope["path"], exc_info=error)
    return answer


async def _answer_http(request: Request, error: Exception) -> Response:
    """As above; the router raises 405 for OPTIONS too, as no route declares it."""
    answer = response(error, request.scope["path"])
    if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        if request.method == "OPTIONS":
            return options(request)
        answer.headers["Allow"] = allowed(request)
    return answer


async def _answer_unexpected(request: Request, error: Exception) -> Response:
    """As above; the server logs the error, as it is raised on after the answer."""
    return response(error, request.scope["path"])
