"""/conflicts: where the sources differ, by which rule, and in a sentence."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.models_claims import ConflictAnswer, ConflictQuestion
from api.openapi import problems
from api.service import ServiceDep
from kg.conflicts import conflicts as find
from kg.resolve import resolve

__all__ = ["router"]

router = APIRouter(tags=["What the sources say of each other"])


@router.get(
    "/conflicts",
    summary="Tell where the sources differ",
    response_description="The conflicts, or the relations of the kind asked for.",
    responses=problems(404, 414, 422),
)
def conflicts(
    question: Annotated[ConflictQuestion, Query()], service: ServiceDep
) -> ConflictAnswer:
    """Pairs of claims that contradict each other, reverse roles, or drift from what was said.

    Each comes with the rule that found it, what was compared, and a sentence that says what it
    comes to. With `kind`, relations of another kind: which claims corroborate or refine others.
    """
    thing = resolve(service.store, question.thing) if question.thing else ""
    answer = find(service.store, thing, question.kind, skip=question.skip, most=question.limit)
    return ConflictAnswer.model_validate(answer)
