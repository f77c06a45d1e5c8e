"""The OpenAPI document: what answers and problems an operation has, from the tables in force."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from api.models import Problem
from api.offers import OFFERS
from api.problems import KINDS, MEDIA_TYPE

__all__ = ["Documented", "Responses", "answers", "problem_responses", "problems", "texts"]

Responses = dict[int | str, dict[str, Any]]

_TERM = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "datatype": {"type": "string"},
        "xml:lang": {"type": "string"},
    },
}
_ROWS = {"type": "array", "items": {"type": "object", "additionalProperties": _TERM}}
_RESULTS = {
    "description": "SPARQL 1.1 Query Results JSON: rows under their variables, or a boolean.",
    "type": "object",
    "required": ["head"],
    "properties": {
        "head": {
            "type": "object",
            "properties": {"vars": {"type": "array", "items": {"type": "string"}}},
        },
        "results": {"type": "object", "properties": {"bindings": _ROWS}},
        "boolean": {"type": "boolean"},
    },
    "oneOf": [{"required": ["results"]}, {"required": ["boolean"]}],
}
_PAGE = "text/html"
_PARSED = {
    "application/sparql-results+json": _RESULTS,
    "application/json": _RESULTS,
    "application/ld+json": {"anyOf": [{"type": "array"}, {"type": "object"}]},
}
"""What a reader of JSON finds; every other media type is a text to it."""


def texts(*media_types: str) -> dict[str, Any]:
    """The content of a response in these media types, as a reader of each finds it.

    >>> texts("text/turtle")
    {'text/turtle': {'schema': {'type': 'string'}}}
    """
    return {name: {"schema": _PARSED.get(name, {"type": "string"})} for name in media_types}


def answers(*kinds: str) -> Responses:
    """The response that answers a query of these kinds, with every media type on offer.

    >>> list(answers("graph")[200]["content"])[0]
    'text/turtle'
    """
    media_types = dict.fromkeys(each.media_type for kind in kinds for each in OFFERS[kind])
    return {
        200: {
            "description": "The answer, in the media type chosen by the Accept header.",
            "content": {
                name: {"schema": _PARSED.get(name, {"type": "string"})} for name in media_types
            },
        }
    }


def problems(*statuses: int) -> Responses:
    """The responses that tell of problems with these statuses, for the framework.

    >>> problems(406)[406]["description"]
    'No media type accepted is served.'
    """
    return {status: {"model": Problem, "description": _titles(status)} for status in statuses}


def problem_responses(*statuses: int) -> dict[str, Any]:
    """The same as they stand in the document, for what is written there by hand."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        str(status): {
            "description": _titles(status),
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def _titles(status: int) -> str:
    return "; or: ".join(kind.title for kind in KINDS.values() if kind.status == status) + "."


def _told(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """A problem, whatever media type the framework gave it, and the page that some are told by."""
    for name, each in content.items():
        yield (name if name == _PAGE else MEDIA_TYPE), each


class Documented(FastAPI):
    """An application whose OpenAPI document says that problems are problem+json.

    Something may stand before it that answers a part of the requests.
    """

    by_hand: Mapping[str, Any] = {}
    """Paths the framework does not know, as they stand in the document."""

    entrance: ASGIApp | None = None
    """What sees a request before the framework does, and hands it on; the framework otherwise."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await (self.entrance or self.framework)(scope, receive, send)

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the framework does."""
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The document; FastAPI writes each further response as the media type of the first."""
        if self.openapi_schema:
            return self.openapi_schema
        document = super().openapi()
        document["paths"] = {**self.by_hand, **document["paths"]}
        for path in document["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST:
                        response["content"] = dict(_told(response["content"]))
        return document
