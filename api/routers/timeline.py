"""/timeline: what was said of a thing and of its parts, in the order in which it was said."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.models_claims import Timeline, TimelineQuestion
from api.openapi import problems
from api.service import Sent, ServiceDep

__all__ = ["router"]

router = APIRouter(tags=["What the sources say of each other"])


@router.get(
    "/timeline",
    response_model=Timeline,
    summary="Tell what was said, and when",
    response_description="What was said, the earliest first.",
    responses=problems(404, 414, 422),
)
async def timeline(
    question: Annotated[TimelineQuestion, Query()], service: ServiceDep, request: Request
) -> Response:
    """Every claim on a thing, on its parts and on what serves them, by when it was said.

    A plan and what is later said to have come of it stand in one row: each entry has the status
    given, by whom, how sure, and in which words.
    """
    return Sent(await service.answer("timeline", question, request.scope))
