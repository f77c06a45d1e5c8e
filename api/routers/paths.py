"""/paths: how things are connected, each hop with the words that attest it; and what names mean."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.errors import MalformedRequestError, UnsupportedMediaError
from api.jobs import PathsAsked
from api.models_paths import MANY, Answer, PathQuestion, Resolved, ResolveQuestion
from api.negotiation import media_type
from api.openapi import Responses, problems, texts
from api.protocol import accepted, read_body
from api.service import Sent, ServiceDep
from kg.drawn import FORMS

__all__ = ["router"]

_JSON = "application/json"


async def _each_once(request: Request) -> None:
    names = [name for name, _ in request.query_params.multi_items()]
    twice = sorted({name for name in names if names.count(name) > 1} - MANY)
    if twice:
        raise MalformedRequestError(f"give {', '.join(twice)} once")


router = APIRouter(tags=["Paths"], dependencies=[Depends(_each_once)])

_FORMS: Responses = {200: {"content": texts(*(each.media_type for each in FORMS))}}


def _body() -> dict[str, Any]:
    """The question as the body of a request; one name stands for a list of it."""
    schema = PathQuestion.model_json_schema()
    for name in MANY:
        field = schema["properties"][name]
        several = {key: field.pop(key) for key in ("type", "items", "minItems") if key in field}
        field["anyOf"] = [several, several["items"]]
        field["examples"] = field["examples"][0]
    return {"required": True, "content": {_JSON: {"schema": schema}}}


@router.get(
    "/paths",
    response_model=Answer,
    summary="Find how things are connected",
    response_description="The paths, or why there is none.",
    responses={**_FORMS, **problems(400, 404, 406, 414, 422)},
)
async def paths(
    question: Annotated[PathQuestion, Query()], service: ServiceDep, request: Request
) -> Response:
    """Paths over what is claimed, each hop with who says so, in which words, and how sure.

    Where there is none, the answer says why, and which filter, dropped, would give one.
    """
    asked = PathsAsked(question, accepted(request))
    return Sent(await service.answer("paths", asked, request.scope))


@router.post(
    "/paths",
    response_model=Answer,
    summary="Find how things are connected, by a question in JSON",
    response_description="The paths, or why there is none.",
    responses={**_FORMS, **problems(400, 404, 406, 413, 414, 415, 422)},
    openapi_extra={"requestBody": _body()},
)
async def paths_by_post(service: ServiceDep, request: Request) -> Response:
    """The same, with the parameters as the members of an object."""
    body = await read_body(request, service.settings.body_bytes)
    kind = media_type(request.headers.get("content-type", ""))
    if not kind or kind.essence != _JSON:
        raise UnsupportedMediaError(f"send a question as {_JSON}", (_JSON,))
    try:
        question = PathQuestion.model_validate_json(body, strict=True)
    except ValidationError as error:
        # as the framework tells it of a body it reads itself
        wrong = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(wrong) from error
    asked = PathsAsked(question, accepted(request))
    return Sent(await service.answer("paths", asked, request.scope))


@router.get(
    "/resolve",
    response_model=Resolved,
    summary="Find what goes by a name",
    response_description="What goes by it, and by names near it.",
    responses=problems(400, 414, 422),
)
async def resolve(
    question: Annotated[ResolveQuestion, Query()], service: ServiceDep, request: Request
) -> Response:
    """What goes by a name in any spelling the sources use; then what goes by names near it."""
    return Sent(await service.answer("resolve", question, request.scope))
