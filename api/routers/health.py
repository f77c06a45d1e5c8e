"""/healthz: that the service is alive."""

from fastapi import APIRouter

from api.models import Health
from api.openapi import problems
from api.service import ServiceDep
from kg import __version__

__all__ = ["router"]

router = APIRouter(tags=["Service"])


# `async`, so that it answers while every worker thread is busy with a query; it asks no store
@router.get(
    "/healthz",
    summary="See that the service is alive",
    response_description="It is.",
    responses=problems(414),
)
async def healthz(service: ServiceDep) -> Health:
    """That the service is alive, and which graph it serves."""
    return Health(status="ok", version=__version__, snapshot=service.snapshot, quads=service.quads)
