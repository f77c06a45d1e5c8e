"""The service, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.headers import SafeHeaders
from api.limits import UrlLimit
from api.methods import HeadAsGet
from api.openapi import Documented
from api.problems import handle_problems
from api.routers import (
    conflicts,
    describing,
    health,
    origins,
    pages,
    paths,
    queries,
    sparql,
    things,
    timeline,
)
from api.service import Service
from api.settings import Settings
from kg import __version__
from kg.queries import stored_queries
from kg.resources import folder
from kg.snapshot import Snapshot
from kg.store import Store

__all__ = ["create_app"]

DESCRIPTION = """\
A knowledge graph in which nothing is a fact without a speaker: every statement is a claim, with
who made it, in which words, and how sure they were."""


def create_app(settings: Settings, store: Store, snapshot: Snapshot | None = None) -> FastAPI:
    """The service over that store; `snapshot` says which graph it is, where that is known."""
    app = Documented(
        title="Caspian",
        summary="The Russia–Iran defence relationship, claim by claim.",
        description=DESCRIPTION,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        # a redirect would be built from the Host header, which the client writes
        redirect_slashes=False,
        lifespan=_lifespan,
        generate_unique_id_function=_name,
    )
    app.state.service = Service(
        settings=settings,
        store=store,
        questions=stored_queries(folder("queries")),
        snapshot=snapshot.path.name if snapshot else None,
        quads=snapshot.quads if snapshot else None,
    )
    told = (things, conflicts, origins, timeline, describing)
    for each in (sparql, paths, *told, queries, health, pages):
        app.include_router(each.router)
    handle_problems(app)
    # the last one added sees a request first
    app.add_middleware(UrlLimit, limit=settings.url_bytes)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SafeHeaders)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Endpoints that ask the store run in threads; bound how many, where the event loop runs."""
    service: Service = app.state.service
    current_default_thread_limiter().total_tokens = service.settings.threads
    yield


def _name(route: APIRoute) -> str:
    return route.name
