"""/things: a thing as the sources tell it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.links import address
from api.models_claims import Profile, ProfileQuestion
from api.openapi import problems
from api.service import ServiceDep
from kg.profile import profile
from kg.resolve import known_view, resolve
from kg.vocab import ID

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
    summary="Show a thing",
    response_description="What is said of it, by whom, how sure, in which words.",
    responses=problems(404, 414, 422),
)
def thing(
    id: _Id,  # noqa: A002 -- the parameter's name in the path
    question: Annotated[ProfileQuestion, Query()],
    service: ServiceDep,
    response: Response,
) -> Profile:
    """What is said of the thing, value by value, each with its origins and every claim.

    Also where other things are said to have to do with it, where the sources differ on it, and
    which names are judged to mean it.
    """
    name = resolve(service.store, id)
    # where the thing has a page, and other forms
    response.headers["Link"] = f'<{ID}{address(name)}>; rel="describes"'
    view = known_view(service.store, question.view) if question.view else ""
    return Profile.model_validate(profile(service.store, name, view))
