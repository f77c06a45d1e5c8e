"""/graph: the SPARQL 1.1 Graph Store Protocol, as far as it reads."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.graph_store import LISTINGS
from api.jobs import Described, GraphAsked
from api.models import GraphList
from api.openapi import answers, problems, texts
from api.protocol import accepted, public_url, read_graph
from api.service import Sent, ServiceDep
from kg.vocab import GRAPH

__all__ = ["router"]

_PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "graph",
        "in": "query",
        "required": False,
        "description": "IRI of a named graph to send whole.",
        "schema": {"type": "string", "examples": [f"{GRAPH}view/us"]},
    },
    {
        "name": "default",
        "in": "query",
        "required": False,
        "allowEmptyValue": True,
        "description": "Send the default graph whole; it needs no value, and stands alone.",
        "schema": {"type": "string", "examples": [""]},
    },
]
_LIST: dict[int | str, dict[str, Any]] = {
    200: {
        "model": GraphList,
        "description": "The graphs there are; or the graph asked for, as RDF.",
        "content": texts(*LISTINGS[1:]),
    }
}

router = APIRouter(tags=["Graphs"])


@router.get(
    "/graph",
    response_class=Response,
    summary="List the graphs, or send one",
    responses=_LIST | problems(400, 403, 404, 406, 414),
    openapi_extra={"parameters": _PARAMETERS},
)
async def graph_store(request: Request, service: ServiceDep) -> Response:
    """The named graphs with how many triples each holds, as JSON or RDF.

    With `graph` or `default` it is that graph, whole, as RDF (SPARQL 1.1 Graph Store Protocol).
    Nothing can be written.
    """
    named, settings = read_graph(request, service.settings), service.settings
    asked = Described(public_url(request, settings), accepted(request))
    if named:
        return Sent(await service.answer("graph", GraphAsked(named[0], asked), request.scope))
    return Sent(await service.answer("graphs", asked, request.scope))


_Name = Annotated[
    str,
    Path(
        max_length=2_000,
        description="What follows https://w3id.org/caspian/graph/ in the graph's IRI.",
        examples=["view/us"],
    ),
]


@router.get(
    "/graph/{name:path}",
    response_class=Response,
    summary="Send a named graph",
    responses=answers("graph") | problems(403, 404, 406, 414, 422),
)
async def named_graph(name: _Name, request: Request, service: ServiceDep) -> Response:
    """The graph whose IRI ends so, whole, in the format the Accept header asks for.

    This is where https://w3id.org/caspian/graph/ and the name lead.
    """
    asked = Described(public_url(request, service.settings), accepted(request))
    return Sent(await service.answer("graph", GraphAsked(GRAPH + name, asked), request.scope))
