"""/origins: how many independent origins stand behind what is said, and by which ways it came."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.models_claims import OriginAnswer, OriginQuestion
from api.openapi import problems
from api.service import Sent, ServiceDep

__all__ = ["router"]

router = APIRouter(tags=["What the sources say of each other"])


@router.get(
    "/origins",
    response_model=OriginAnswer,
    summary="Tell who stands behind what is said",
    response_description="The origins, and what they say of the thing.",
    responses=problems(404, 414, 422),
)
async def origins(
    question: Annotated[OriginQuestion, Query()], service: ServiceDep, request: Request
) -> Response:
    """The independent origins behind what is said of a thing, or all there are.

    However many articles relay one speaker, they have one origin. Each value said of the thing
    comes with the origins that say so.
    """
    return Sent(await service.answer("origins", question, request.scope))
