"""/paths: how things get from one place to another, each leg with the words that attest it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.errors import MalformedRequestError
from api.models import RouteAnswer, RouteQuestion
from api.openapi import problems
from api.service import Sent, ServiceDep

__all__ = ["router"]


async def _each_once(request: Request) -> None:
    names = [name for name, _ in request.query_params.multi_items()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MalformedRequestError(f"give {', '.join(twice)} once")


router = APIRouter(tags=["Routes"], dependencies=[Depends(_each_once)])


@router.get(
    "/paths",
    response_model=RouteAnswer,
    summary="Find the route between two places",
    response_description="The routes, or why there is none.",
    responses=problems(400, 404, 414, 422),
)
async def paths(
    question: Annotated[RouteQuestion, Query()], service: ServiceDep, request: Request
) -> Response:
    """The shortest routes over the legs that a view holds, with every claim about each leg.

    Where there is no route, the answer says why.
    """
    return Sent(await service.answer("paths", question, request.scope))
