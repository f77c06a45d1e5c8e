"""/things: a thing as the sources tell it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.jobs import ProfileOf
from api.models_claims import Profile, ProfileQuestion
from api.openapi import problems
from api.service import Sent, ServiceDep

__all__ = ["router"]

router = APIRouter(tags=["What the sources say of each other"])

_Id = Annotated[
    str,
    Path(
        max_length=500,
        description="Id of the thing, such as `transfer/uav-ir-ru`; a name will do.",
        examples=["leg/makhachkala-seshcha"],
    ),
]


@router.get(
    "/things/{id:path}",
    response_model=Profile,
    summary="Show a thing",
    response_description="What is said of it, by whom, how sure, in which words.",
    responses=problems(404, 414, 422),
)
async def thing(
    id: _Id,  # noqa: A002 -- the parameter's name in the path
    question: Annotated[ProfileQuestion, Query()],
    service: ServiceDep,
    request: Request,
) -> Response:
    """What is said of the thing, value by value, each with its origins and every claim.

    Also where other things are said to have to do with it, where the sources differ on it, and
    which names are judged to mean it.
    """
    return Sent(await service.answer("thing", ProfileOf(id, question), request.scope))
