"""/.well-known/void: what the dataset is and holds."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.descriptions import VOID_PATH
from api.jobs import Described
from api.openapi import answers, problems
from api.protocol import accepted, public_url
from api.service import Sent, ServiceDep

__all__ = ["router"]

router = APIRouter(tags=["Graphs"])


@router.get(
    VOID_PATH,
    response_class=Response,
    summary="Describe the dataset",
    responses=answers("graph") | problems(403, 406, 414),
)
async def describe_dataset(request: Request, service: ServiceDep) -> Response:
    """What the dataset is, how much of what it holds, and where it is to be had (VoID and DCAT).

    Its classes come with their properties and those with what their values are, counted when the
    graph was built: editors complete from that.
    """
    asked = Described(public_url(request, service.settings), accepted(request))
    return Sent(await service.answer("dataset", asked, request.scope))
