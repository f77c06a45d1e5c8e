"""The service, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.ahead import Ahead
from api.headers import SafeHeaders
from api.jobs import Held
from api.limits import UrlLimit
from api.methods import HeadAsGet
from api.openapi import Documented
from api.problems import handle_problems
from api.routers import (
    conflicts,
    describing,
    descriptions,
    graphs,
    health,
    ontology,
    origins,
    pages,
    paths,
    queries,
    sparql,
    things,
    timeline,
    validate,
)
from api.service import Evaluator, Service
from api.settings import Settings
from api.telemetry import Figures, Telemetry
from api.threads import InThreads
from api.wire import Holding
from kg import __version__
from kg.queries import stored_queries
from kg.resources import folder
from kg.snapshot import Snapshot
from kg.store import Store

__all__ = ["assemble", "create_app"]

DESCRIPTION = """\
A knowledge graph in which nothing is a fact without a speaker: every statement is a claim, with
who made it, in which words, and how sure they were."""


def create_app(settings: Settings, store: Store, snapshot: Snapshot | None = None) -> FastAPI:
    """The service over that store, in threads of this process; `snapshot` says which graph it is.

    Nothing stops a question that takes too long: `caspian-api` has workers for that.
    """
    held = Held(settings, store, stored_queries(folder("queries")))
    name, quads = (snapshot.hash, snapshot.quads) if snapshot else (None, None)
    return assemble(settings, InThreads(held, Holding(name, quads, "threads")))


def assemble(settings: Settings, evaluator: Evaluator, log: TextIO | None = None) -> FastAPI:
    """The service, whoever answers; each request is told to the log, where there is one."""
    service = Service(settings, evaluator, stored_queries(folder("queries")))
    endpoint, figures = sparql.Endpoint(service), Figures(service)
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
        routes=[sparql.route(endpoint)],
    )
    app.by_hand = {sparql.PATH: sparql.OPERATIONS}
    app.state.service = service
    app.state.figures = figures
    told = (things, conflicts, origins, timeline, describing, ontology)
    for each in (graphs, descriptions, paths, *told, validate, queries, health, pages):
        app.include_router(each.router)
    handle_problems(app)
    # the last one added sees a request first
    app.add_middleware(UrlLimit, settings=settings)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SafeHeaders)
    app.entrance = Telemetry(Ahead(app.framework, service, endpoint), figures, log)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Whoever answers does so while the service runs."""
    service: Service = app.state.service
    await service.evaluator.start()
    try:
        yield
    finally:
        await service.evaluator.stop()


def _name(route: APIRoute) -> str:
    return route.name
