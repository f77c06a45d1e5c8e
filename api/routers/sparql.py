"""/sparql: the query part of the SPARQL 1.1 Protocol."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.descriptions import VOID_PATH, service_description
from api.evaluation import Question
from api.openapi import answers, problems
from api.protocol import DIRECT, FORM, accepted, public_url, read_question
from api.service import ServiceDep, sent

__all__ = ["router"]

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
_PROBLEMS = problems(400, 403, 406, 414)

router = APIRouter(tags=["SPARQL"])


async def _question(request: Request, service: ServiceDep) -> Question:
    return await read_question(request, service.settings)


_QuestionDep = Annotated[Question, Depends(_question)]


async def _question_if_any(request: Request, service: ServiceDep) -> Question | None:
    """What the request asks; nothing where it has no parameter at all (service description)."""
    return await read_question(request, service.settings) if request.scope["query_string"] else None


@router.get(
    "/sparql",
    response_class=Response,
    summary="Query the graph",
    responses=answers("select", "graph") | _PROBLEMS,
    openapi_extra={"parameters": [_parameter("query", _QUERY), *_GRAPH_PARAMETERS]},
)
def query(
    question: Annotated[Question | None, Depends(_question_if_any)],
    request: Request,
    service: ServiceDep,
) -> Response:
    """Answers a SPARQL 1.1 query, in the format the Accept header asks for.

    The default graph holds the merge of all graphs, each triple once. Updates and calls to other
    servers (SERVICE) are refused. Without any parameter the answer is the description of the
    service: what it can do, and which graphs it has.
    """
    if question:
        return service.answer(question)
    base = public_url(request, service.settings)
    described = service_description(service.store, base, accepted(request))
    return sent(described, Link=f'<{base}{VOID_PATH}>; rel="describedby"')


@router.post(
    "/sparql",
    response_class=Response,
    summary="Query the graph by POST",
    responses=answers("select", "graph") | _PROBLEMS | problems(413, 415),
    openapi_extra={"parameters": _GRAPH_PARAMETERS, "requestBody": _BODY},
)
def query_by_post(question: _QuestionDep, service: ServiceDep) -> Response:
    """The same for queries too long for a URL: as a form, or the query itself as the body."""
    return service.answer(question)
