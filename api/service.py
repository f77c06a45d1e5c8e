"""What the endpoints share: the store they ask and what is known of it from the start."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from starlette.responses import Response

from api.evaluation import Question, Result, evaluate
from api.settings import Settings
from kg.queries import StoredQuery
from kg.store import Store

__all__ = ["Service", "ServiceDep", "sent"]


@dataclass(frozen=True)
class Service:
    """Settings, store and stored questions of a running service."""

    settings: Settings
    store: Store
    questions: tuple[StoredQuery, ...]
    snapshot: str | None
    quads: int | None

    def answer(self, question: Question) -> Response:
        """The answer to the question, as a response."""
        result = evaluate(self.store, question, most=self.settings.answer_bytes)
        return sent(result)


def sent(result: Result, **headers: str) -> Response:
    """The result as a response, with further headers."""
    return Response(
        result.body, media_type=result.media_type, headers={"Vary": "Accept", **headers}
    )


# `async`, or it would wait for a thread, behind the slow queries
async def _service(request: Request) -> Service:
    return cast("Service", request.app.state.service)


ServiceDep = Annotated[Service, Depends(_service)]
