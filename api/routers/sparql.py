"""/sparql: the query part of the SPARQL 1.1 Protocol, past the framework's own calls.

The framework takes a tenth of a millisecond to call a function, longer than a short question takes;
so this is an ASGI application of its own, and its place in the reference is written by hand.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.headers import missing
from api.jobs import Described
from api.limits import refused
from api.openapi import answers, problem_responses
from api.problems import refusal
from api.protocol import DIRECT, FORM, accepted, public_url, read_question
from api.service import Service, transmit
from api.wire import Reply

__all__ = ["EXAMPLE", "METHODS", "OPERATIONS", "PATH", "Endpoint", "route"]

_SAME = "The client has the answer already, by its If-None-Match."
PATH = "/sparql"
METHODS = ("GET", "POST", "QUERY")

EXAMPLE = """\
PREFIX cas: <https://w3id.org/caspian/ontology#>
SELECT ?transfer ?supplier WHERE { ?transfer cas:supplier ?supplier } LIMIT 5"""

_VIEW = "https://w3id.org/caspian/graph/view/us"

_QUERY = {"type": "string", "description": "A SPARQL 1.1 query.", "examples": [EXAMPLE]}
_GRAPHS: dict[str, dict[str, Any]] = {
    "default-graph-uri": {
        "type": "array",
        "items": {"type": "string"},
        "description": "IRI of a graph to query as the default graph, instead of the merge of all; "
        "may be repeated.",
        "examples": [[_VIEW]],
    },
    "named-graph-uri": {
        "type": "array",
        "items": {"type": "string"},
        "description": "IRI of a graph that GRAPH may name; may be repeated.",
        "examples": [[_VIEW]],
    },
}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    description = schema["description"]
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }


_GRAPH_PARAMETERS = [_parameter(name, schema) for name, schema in _GRAPHS.items()]
_BODY = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["query"],
                "properties": {"query": _QUERY, **_GRAPHS},
            }
        },
        DIRECT: {"schema": _QUERY},
    },
}
OPERATIONS: Mapping[str, Any] = {
    "get": {
        "tags": ["SPARQL"],
        "summary": "Query the graph",
        "description": "Answers a SPARQL 1.1 query, in the format the Accept header asks for.\n\n"
        "The default graph holds the merge of all graphs, each triple once. Updates and calls to "
        "other servers (SERVICE) are refused. Without any parameter the answer is the description "
        "of the service: what it can do, and which graphs it has.",
        "operationId": "query",
        "parameters": [_parameter("query", _QUERY), *_GRAPH_PARAMETERS],
        "responses": {"304": {"description": _SAME}, "200": answers("select", "graph")[200]}
        | problem_responses(400, 403, 406, 414, 429, 503, 504),
    },
    "post": {
        "tags": ["SPARQL"],
        "summary": "Query the graph by POST",
        "description": "The same for queries too long for a URL: as a form, or the query itself as "
        "the body.",
        "operationId": "query_by_post",
        "parameters": _GRAPH_PARAMETERS,
        "requestBody": _BODY,
        "responses": {"200": answers("select", "graph")[200]}
        | problem_responses(400, 403, 406, 413, 414, 415, 429, 503, 504),
    },
}
"""What the reference says of it."""


def route(endpoint: "Endpoint") -> Route:
    """The route of the endpoint, for what goes by the framework's table of routes."""
    return Route(PATH, endpoint, methods=METHODS, name="query")


class Endpoint:
    """The endpoint as an application of its own, which answers errors too."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scope["template"] = PATH
        try:
            reply = await self._reply(scope, receive)
        except Exception as error:  # noqa: BLE001 -- it is told, and logged where it is ours
            reply = refusal(error, scope["method"], PATH)
        await transmit(reply, send, missing(reply.head, PATH))

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        request, service = Request(scope, receive), self._service
        if error := refused(scope, service.settings):
            raise error
        if scope["method"] == "GET" and not scope["query_string"]:
            # SPARQL 1.1 Service Description, section 2
            asked = Described(public_url(request, service.settings), accepted(request))
            return await service.answer("service", asked, scope)
        question = await read_question(request, service.settings)
        scope["query"] = question.query
        return await service.answer("sparql", question, scope)
