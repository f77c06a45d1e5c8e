"""/origins: how many independent origins stand behind what is said, and by which ways it came."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.models_claims import OriginAnswer, OriginQuestion
from api.openapi import problems
from api.service import ServiceDep
from kg.resolve import resolve
from kg.standing import origins as every
from kg.standing import origins_of

__all__ = ["router"]

router = APIRouter(tags=["What the sources say of each other"])


@router.get(
    "/origins",
    summary="Tell who stands behind what is said",
    response_description="The origins, and what they say of the thing.",
    responses=problems(404, 414, 422),
)
def origins(question: Annotated[OriginQuestion, Query()], service: ServiceDep) -> OriginAnswer:
    """The independent origins behind what is said of a thing, or all there are.

    However many articles relay one speaker, they have one origin. Each value said of the thing
    comes with the origins that say so.
    """
    store = service.store
    answer = origins_of(store, resolve(store, question.thing)) if question.thing else every(store)
    return OriginAnswer.model_validate(answer)
