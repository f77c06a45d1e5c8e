"""/validate: what is wrong with RDF or with a mapping, by our shapes or by the client's own."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.errors import UnsupportedMediaError
from api.models_validation import Validation
from api.openapi import Responses, problems, texts
from api.protocol import accepted, read_body
from api.service import Sent, ServiceDep
from api.validating import FORM, FORMS, READ, Posted

__all__ = ["router"]

router = APIRouter(tags=["Validation"])

_SETTING = "CASPIAN_VALIDATE_BYTES"
_FORMS: Responses = {200: {"content": texts(*FORMS[1:])}}

_DATA = """\
@prefix cas: <https://w3id.org/caspian/ontology#> .
<https://w3id.org/caspian/id/transfer/kites> a cas:Transfer ."""
_TEXT = {"type": "string", "description": "What is to be validated."}
_PARTS = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {**_TEXT, "examples": [_DATA]},
        "shapes": {"type": "string", "description": "Shapes to validate by, instead of ours."},
    },
}
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        name: {"schema": _PARTS if name == FORM else _TEXT}
        for name in READ
        if name != "text/turtle"
    },
}
_BODY["content"] = {"text/turtle": {"schema": {**_TEXT, "examples": [_DATA]}}} | _BODY["content"]


@router.post(
    "/validate",
    response_model=Validation,
    summary="Validate RDF or a mapping",
    response_description="The report: SHACL's own as RDF, or as JSON, with lines of a mapping.",
    responses={**_FORMS, **problems(400, 406, 413, 414, 415, 422)},
    openapi_extra={"requestBody": _BODY},
)
async def validate(service: ServiceDep, request: Request) -> Response:
    """What is wrong with the data, by the shapes of Caspian or, in a form, by shapes beside them.

    The body is RDF, or the mapping of an article in YAML. As a form it has the part `data` and may
    have `shapes`. Nothing that it names is fetched: no import, context, graph or entity.
    """
    settings = service.settings
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaError("send the body without Content-Encoding", READ)
    body = await read_body(request, settings.validate_bytes, _SETTING)
    posted = Posted(request.headers.get("content-type", ""), body, accepted(request))
    return Sent(await service.answer("validate", posted, request.scope))
