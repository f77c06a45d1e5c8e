"""What operators see: a line for each request, and figures."""

import asyncio
import io
import json
import re

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from api.app import assemble
from api.errors import TimedOutError
from api.jobs import Held
from api.service import Service
from api.settings import Settings
from api.telemetry import Figures, Telemetry
from api.threads import InThreads
from api.wire import Holding
from kg.store import Store
from tests.api.conftest import Client
from tests.api.test_pool import ENDLESS, ask, pooled, root, settings

__all__ = ["root"]


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logged(graph: Store, log: io.StringIO) -> Client:
    """The service over the five articles, as if they were a snapshot, with a log."""
    held = Held(Settings(), graph, ())
    return Client(assemble(held.settings, InThreads(held, Holding("abc", 7, "threads")), log))


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def figure(client: Client, name: str) -> float:
    """The value of a figure, by its name and labels as Prometheus reads them."""
    text = client.get("/metrics").text
    (found,) = re.findall(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE) or ["0"]
    return float(found)


def test_each_request_is_a_line(logged: Client, log: io.StringIO) -> None:
    logged.query("ASK { ?s ?p 'a secret' }")
    logged.get("/nowhere?secret")
    logged.get("/queries/" + "x" * 300)
    first, second, third = lines(log)
    assert first["path"] == "/sparql"
    assert (first["method"], first["status"], first["bytes"]) == ("GET", 200, 27)
    assert re.fullmatch(r"[0-9a-f]{8}", str(first["query"]))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(first["time"]))
    assert float(str(first["milliseconds"])) > 0
    assert (second["status"], second["query"]) == (404, "")
    assert len(str(third["path"])) == 200
    assert "secret" not in log.getvalue()


def test_the_same_query_has_the_same_digest_and_is_told_to_be_kept(
    logged: Client, log: io.StringIO
) -> None:
    for query in ("ASK {}", "ASK {}", "ASK { }"):
        logged.query(query)
    one, same, other = lines(log)
    assert one["query"] == same["query"] != other["query"]
    assert [each["cached"] for each in (one, same, other)] == [False, True, False]


def test_requests_are_counted_by_route_and_never_by_what_a_client_sends(logged: Client) -> None:
    for name in ("a", "b", "c"):
        logged.get(f"/queries/{name}")
        logged.get(f"/no/{name}")
    wanted = 'caspian_requests_total{method="GET",route="%s",status="404"}'
    assert figure(logged, wanted % "/queries/{name}") == 3
    assert figure(logged, wanted % "other") == 3
    assert figure(logged, 'caspian_request_seconds_count{route="/queries/{name}"}') == 3


def test_stopped_workers_are_counted_by_reason(root: object) -> None:
    chosen = settings(root, query_seconds=0.3)  # type: ignore[arg-type]

    async def use(pool):  # noqa: ANN001, ANN202 -- as pooled has it
        with pytest.raises(TimedOutError):
            await ask(pool, ENDLESS)
        return Figures(Service(chosen, pool, ())).text()

    text = pooled(chosen, use)
    assert b'caspian_stopped_workers_total{reason="time"} 1.0' in text


def hung_up(logged: Client, log: io.StringIO, *, gone: bool) -> None:
    """Pass a request through that is cancelled before it is answered."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if gone:
            scope["gone"] = True
        raise asyncio.CancelledError

    async def nothing(_: Message) -> None:
        """Send it nowhere."""

    async def none() -> Message:
        return {"type": "http.disconnect"}

    figures: Figures = logged.app.state.figures
    scope = {"type": "http", "method": "GET", "path": "/x", "client": None}
    asyncio.run(Telemetry(app, figures, log)(scope, none, nothing))


def test_who_hangs_up_is_noted_and_no_error(logged: Client, log: io.StringIO) -> None:
    hung_up(logged, log, gone=True)
    assert [(each["status"], each["client"]) for each in lines(log)] == [(499, "")]


def test_a_request_that_is_cancelled_otherwise_stays_so(logged: Client, log: io.StringIO) -> None:
    with pytest.raises(asyncio.CancelledError):
        hung_up(logged, log, gone=False)


def test_what_is_no_request_passes_through(logged: Client, log: io.StringIO) -> None:
    async def live() -> None:
        async with logged.app.router.lifespan_context(logged.app):
            transport = httpx.ASGITransport(logged.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://a.test") as client:
                assert (await client.get("/healthz")).status_code == 200

    asyncio.run(live())
    passed = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    telemetry = Telemetry(app, logged.app.state.figures, log)
    asyncio.run(telemetry({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert passed == ["lifespan"]
