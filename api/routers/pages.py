"""The pages for people, and the style and image they use."""

from importlib.resources import files

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from api.home import home
from api.reference import reference
from api.service import ServiceDep

__all__ = ["router"]

_STATIC = {"caspian.css": "text/css", "caspian.svg": "image/svg+xml"}

router = APIRouter(include_in_schema=False)


# `async`, all three, so that they wait for no thread that asks the store
@router.get("/")
async def first_page(service: ServiceDep) -> HTMLResponse:
    """What this is, and a question to begin with."""
    return home(service)


@router.get("/docs")
async def reference_page(request: Request) -> HTMLResponse:
    """The reference of the service."""
    app: FastAPI = request.app
    return reference(app.openapi())


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """A file the pages use; sent whole, so a Range header has no effect."""
    if name not in _STATIC:
        raise HTTPException(404)
    content = files("api").joinpath("static", name).read_bytes()
    return Response(
        content, media_type=_STATIC[name], headers={"Cache-Control": "public, max-age=3600"}
    )
