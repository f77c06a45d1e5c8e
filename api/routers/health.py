"""How the service is: alive, ready, and in figures."""

from fastapi import APIRouter, Request, Response

from api.errors import OverloadedError
from api.models import Health, Readiness
from api.openapi import problems
from api.service import ServiceDep
from api.telemetry import Figures
from kg import __version__

__all__ = ["router"]

_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}

router = APIRouter(tags=["Service"])


# `async`, all three, and without a question to a worker: they answer however busy those are
@router.get(
    "/healthz",
    summary="See that the service is alive",
    response_description="It is.",
    responses=problems(414),
)
async def healthz(service: ServiceDep) -> Health:
    """That the service is alive, and which graph it serves."""
    holding = service.evaluator.holding
    return Health(status="ok", version=__version__, snapshot=holding.snapshot, quads=holding.quads)


@router.get(
    "/readyz",
    summary="See that the service answers questions",
    response_description="It does.",
    responses=problems(414, 503),
)
async def readyz(service: ServiceDep) -> Readiness:
    """Whether there are workers to answer: 503 where there are none."""
    evaluator = service.evaluator
    if not evaluator.ready:
        raise OverloadedError
    return Readiness(
        status="ready",
        store=evaluator.holding.store,
        busy=evaluator.busy,
        waiting=evaluator.waiting,
    )


@router.get(
    "/metrics",
    summary="Read the service's figures",
    response_description="Figures in the text format of Prometheus.",
    responses=problems(414) | {200: _TEXT},
    response_class=Response,
)
async def metrics(request: Request) -> Response:
    """Requests, their times, the queue, workers stopped, the graph's age, for Prometheus."""
    figures: Figures = request.app.state.figures
    return Response(figures.text(), media_type="text/plain; version=0.0.4")
