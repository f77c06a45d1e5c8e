"""/conflicts: where the sources differ, by which rule, and in a sentence."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.models_claims import ConflictAnswer, ConflictQuestion
from api.openapi import problems
from api.service import Sent, ServiceDep

__all__ = ["router"]

router = APIRouter(tags=["What the sources say of each other"])


@router.get(
    "/conflicts",
    response_model=ConflictAnswer,
    summary="Tell where the sources differ",
    response_description="The conflicts, or the relations of the kind asked for.",
    responses=problems(404, 414, 422),
)
async def conflicts(
    question: Annotated[ConflictQuestion, Query()], service: ServiceDep, request: Request
) -> Response:
    """Pairs of claims that contradict each other, reverse roles, or drift from what was said.

    Each comes with the rule that found it, what was compared, and a sentence that says what it
    comes to. With `kind`, relations of another kind: which claims corroborate or refine others.
    """
    return Sent(await service.answer("conflicts", question, request.scope))
