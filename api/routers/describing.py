"""/id, /claim and /value: where the IRIs of the graph's own things lead."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.describing import FORMS, HTML, JSON
from api.jobs import Dereferenced
from api.openapi import problems, texts
from api.protocol import accepted
from api.service import Sent, Service, ServiceDep
from kg.errors import UnknownNameError

__all__ = ["router"]

router = APIRouter(tags=["Linked data"])

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Its description, in the media type chosen by the Accept header; Turtle "
        "where the client names none.",
        "content": texts(*(form.media_type for form in FORMS if form != JSON))
        | {JSON.media_type: {"schema": {"type": "object"}}},
    },
    **problems(404, 406, 414, 422),
}
_RESPONSES[404] |= {"content": texts(HTML.media_type)}


def _name(what: str, example: str) -> Any:  # noqa: ANN401 -- what FastAPI's Path is
    return Path(max_length=500, description=what, examples=[example])


_Id = Annotated[
    str, _name("Id of the thing: its IRI without the part above.", "transfer/uav-ir-ru")
]
_Key = Annotated[str, _name("Name of the property, such as `supplier`.", "supplier")]


@router.get(
    "/id/{name:path}",
    response_class=Response,
    summary="Dereference a thing",
    responses=_RESPONSES,
)
async def described_thing(name: _Id, request: Request, service: ServiceDep) -> Response:
    """What the graph holds of `https://w3id.org/caspian/id/` and the name, in one document.

    Everything the graph names is described: things, claims, passages, utterances, relays, values
    and terms. A name with the ending of a format, such as `.ttl`, is answered in that format.
    """
    return await _answer("id", name, request, service)


@router.get(
    "/claim/{name}",
    response_class=Response,
    summary="Dereference a property that leads to claims",
    responses=_RESPONSES,
)
async def described_claim_property(name: _Key, request: Request, service: ServiceDep) -> Response:
    """What `https://w3id.org/caspian/claim/` and the name means: from a thing to claims on it."""
    return await _answer("claim", name, request, service)


@router.get(
    "/value/{name}",
    response_class=Response,
    summary="Dereference a property that leads to values",
    responses=_RESPONSES,
)
async def described_value_property(name: _Key, request: Request, service: ServiceDep) -> Response:
    """What `https://w3id.org/caspian/value/` and the name means: from a claim to what it says."""
    return await _answer("value", name, request, service)


async def _answer(space: str, name: str, request: Request, service: Service) -> Response:
    if b"%2f" in request.scope["raw_path"].lower():
        # RFC 3986, section 2.2: not the same as a slash, and no name here has it
        raise UnknownNameError(name)
    asked = Dereferenced(f"{space}/{name}", accepted(request))
    return Sent(await service.answer("described", asked, request.scope))
