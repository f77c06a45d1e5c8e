"""/queries: the questions that come with the graph, and their answers."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.jobs import Stored
from api.models import StoredQuestion
from api.openapi import answers, problems
from api.protocol import accepted
from api.service import Sent, ServiceDep

__all__ = ["router"]

router = APIRouter(tags=["Stored questions"])


@router.get(
    "/queries",
    summary="List the stored questions",
    response_description="The questions, by name.",
    responses=problems(414),
)
async def queries(service: ServiceDep) -> tuple[StoredQuestion, ...]:
    """Every question that comes with the graph, with the query that answers it."""
    return tuple(
        StoredQuestion(name=each.name, question=each.question, sparql=each.text)
        for each in service.questions
    )


_Name = Annotated[
    str,
    Path(
        max_length=100,
        description="Name of the question, or its number, such as cq06.",
        examples=["route-legs"],
    ),
]


@router.get(
    "/queries/{name}",
    response_class=Response,
    summary="Answer a stored question",
    responses=answers("select", "graph") | problems(404, 406, 414, 422),
)
async def answer(name: _Name, request: Request, service: ServiceDep) -> Response:
    """The answer to the question of that name, in the format the Accept header asks for."""
    asked = Stored(name, accepted(request))
    return Sent(await service.answer("stored", asked, request.scope))
