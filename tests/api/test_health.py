"""/healthz, and that it answers whatever else goes on."""

import asyncio
from pathlib import Path

import httpx

from api.app import create_app
from api.settings import Settings
from kg import __version__
from kg.snapshot import open_snapshot
from kg.store import OxigraphStore, Store
from tests.api.conftest import Client, ServiceOver

# 60,000 pairs and two strings each: a tenth of a second or more
SLOW = """SELECT (SUM(STRLEN(CONCAT(STR(?a), STR(?b)))) AS ?n) {
  { SELECT ?a { ?a ?p ?o } LIMIT 100 } { SELECT ?b { ?b ?p ?o } LIMIT 600 }
}"""


def test_it_says_which_graph_is_served(graph_root: Path) -> None:
    snapshot, store = open_snapshot(graph_root)
    answer = Client(create_app(Settings(), store, snapshot)).get("/healthz")
    store.close()
    assert answer.json() == {
        "status": "ok",
        "version": __version__,
        "snapshot": snapshot.hash,
        "quads": snapshot.quads,
    }
    assert snapshot.quads > 10_000


def test_a_graph_elsewhere_has_no_snapshot(service_over: ServiceOver) -> None:
    answer = service_over().get("/healthz").json()
    assert (answer["snapshot"], answer["quads"]) == (None, None)


def test_it_needs_no_store() -> None:
    store = OxigraphStore()
    store.close()
    service = Client(create_app(Settings(), store))
    assert service.get("/healthz").status_code == 200
    assert service.query("ASK {}").status_code == 500


def test_it_answers_while_slow_queries_wait_for_each_other(graph: Store) -> None:
    async def ask() -> tuple[int, set[int]]:
        app = create_app(Settings(workers=2), graph)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://caspian.test") as client,
        ):
            parameters = {"query": SLOW}
            slow = asyncio.gather(*(client.get("/sparql", params=parameters) for _ in range(8)))
            answered = 0
            while not slow.done():
                answered += (await client.get("/healthz")).status_code == 200
                await asyncio.sleep(0.01)
            return answered, {answer.status_code for answer in await slow}

    answered, statuses = asyncio.run(ask())
    assert statuses == {200}
    assert answered >= 10
