"""/.well-known/void: what the dataset is and holds."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.descriptions import VOID_PATH, dataset_description
from api.openapi import answers, problems
from api.protocol import accepted, public_url
from api.service import ServiceDep, sent

__all__ = ["router"]

router = APIRouter(tags=["Graphs"])


@router.get(
    VOID_PATH,
    response_class=Response,
    summary="Describe the dataset",
    responses=answers("graph") | problems(403, 406, 414),
)
def describe_dataset(request: Request, service: ServiceDep) -> Response:
    """What the dataset is, how much of what it holds, and where it is to be had (VoID and DCAT).

    Its classes come with their properties and those with what their values are, counted when the
    graph was built: editors complete from that.
    """
    settings = service.settings
    base, accept = public_url(request, settings), accepted(request)
    return sent(dataset_description(service.store, base, accept, most=settings.answer_bytes))
