"""/paths: how things get from one place to another, each leg with the words that attest it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api.errors import MalformedRequestError
from api.models import RouteAnswer, RouteQuestion
from api.openapi import problems
from api.service import ServiceDep
from kg.paths import routes
from kg.resolve import resolve

__all__ = ["router"]


async def _each_once(request: Request) -> None:
    names = [name for name, _ in request.query_params.multi_items()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MalformedRequestError(f"give {', '.join(twice)} once")


router = APIRouter(tags=["Routes"], dependencies=[Depends(_each_once)])


@router.get(
    "/paths",
    summary="Find the route between two places",
    response_description="The routes, or why there is none.",
    responses=problems(400, 404, 414, 422),
)
def paths(question: Annotated[RouteQuestion, Query()], service: ServiceDep) -> RouteAnswer:
    """The shortest routes over the legs that a view holds, with every claim about each leg.

    Where there is no route, the answer says why.
    """
    source, target = (
        resolve(service.store, name, "Place") for name in (question.source, question.target)
    )
    answer = routes(service.store, source=source, target=target, view=question.view)
    return RouteAnswer.model_validate(answer)
