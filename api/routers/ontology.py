"""/ontology and /shapes: where the IRIs of the terms and of the shapes lead."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.jobs import Dereferenced
from api.ontology import TELLING
from api.openapi import problems, texts
from api.protocol import accepted
from api.service import Sent, Service, ServiceDep

__all__ = ["router"]

router = APIRouter(tags=["Linked data"])

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document, in the media type chosen by the Accept header; Turtle where "
        "the client names none.",
        "content": texts(*(form.media_type for form in TELLING)),
    },
    **problems(404, 406, 414, 422),
}

_Name = Annotated[
    str,
    Path(
        max_length=100,
        description="Name of the part, or the version; with the ending of a format, such as "
        "`.ttl`, it is answered in that format.",
        examples=["claims"],
    ),
]
_Ending = Annotated[str, Path(max_length=20, description="Ending of a format.", examples=["ttl"])]


@router.get(
    "/ontology",
    response_class=Response,
    summary="Dereference the ontology",
    responses=_RESPONSES,
)
async def whole_ontology(request: Request, service: ServiceDep) -> Response:
    """The ontology, all modules in one: a page with each term, its shapes and an example, or RDF.

    This is where the IRI of a term leads, such as `https://w3id.org/caspian/ontology#supplier`.
    """
    return await _answer("ontology", request, service)


@router.get(
    "/ontology.{ending}",
    response_class=Response,
    summary="Send the ontology in a format",
    responses=_RESPONSES,
)
async def ontology_in_a_form(ending: _Ending, request: Request, service: ServiceDep) -> Response:
    """The ontology in the format of that ending, such as `ttl`, `jsonld` or `html`."""
    return await _answer(f"ontology.{ending}", request, service)


@router.get(
    "/ontology/{name}",
    response_class=Response,
    summary="Dereference a part of the ontology",
    responses=_RESPONSES,
)
async def part_of_the_ontology(name: _Name, request: Request, service: ServiceDep) -> Response:
    """A module of the ontology; with the number of its version, the ontology."""
    return await _answer(f"ontology/{name}", request, service)


@router.get(
    "/shapes", response_class=Response, summary="Dereference the shapes", responses=_RESPONSES
)
async def all_shapes(request: Request, service: ServiceDep) -> Response:
    """The shapes, as one document: where the IRI of a shape leads."""
    return await _answer("shapes", request, service)


@router.get(
    "/shapes.{ending}",
    response_class=Response,
    summary="Send the shapes in a format",
    responses=_RESPONSES,
)
async def shapes_in_a_form(ending: _Ending, request: Request, service: ServiceDep) -> Response:
    """The shapes in the format of that ending."""
    return await _answer(f"shapes.{ending}", request, service)


@router.get(
    "/shapes/{name}",
    response_class=Response,
    summary="Dereference a part of the shapes",
    responses=_RESPONSES,
)
async def part_of_the_shapes(name: _Name, request: Request, service: ServiceDep) -> Response:
    """The shapes of one theme."""
    return await _answer(f"shapes/{name}", request, service)


async def _answer(path: str, request: Request, service: Service) -> Response:
    asked = Dereferenced(path, accepted(request))
    return Sent(await service.answer("ontology", asked, request.scope))
