"""What is kept of answers, how they are packed, and what operators see of it."""

import gzip
import io
import json
from pathlib import Path

import pytest

from api.app import assemble
from api.jobs import Held
from api.settings import Settings
from api.threads import InThreads
from api.wire import Holding
from kg.store import Store
from tests.api.conftest import Client

MANY = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 50"


class Quiet(InThreads):
    """As a service is before its first worker is ready."""

    ready = False


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def kept(graph: Store, log: io.StringIO) -> Client:
    """A service over a snapshot, which so can tell that an answer is still the same."""
    evaluator = InThreads(Held(Settings(), graph, ()), Holding("a" * 64, 7, "threads"))
    return Client(assemble(Settings(), evaluator, log))


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_the_same_question_is_answered_from_what_is_kept(kept: Client, log: io.StringIO) -> None:
    first, second = kept.query(MANY), kept.query(MANY)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert [line["cached"] for line in lines(log)] == [False, True]
    assert "caspian_cached_answers_total 1.0" in kept.get("/metrics").text


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/id/place/amirabad", "text/html"),
        ("/id/place/amirabad", "text/turtle"),
        ("/ontology", "text/html"),
        ("/paths?from=Amirabad&to=Makhachkala", "application/json"),
        ("/sparql?query=ASK%20%7B%7D", "application/json"),
        ("/graph", "application/json"),
    ],
)
def test_what_is_kept_has_the_headers_it_had(
    kept: Client, log: io.StringIO, path: str, accept: str
) -> None:
    first, second = (kept.get(path, headers={"Accept": accept}) for _ in range(2))
    assert [line["cached"] for line in lines(log)] == [False, True]
    assert first.headers.multi_items() == second.headers.multi_items()
    assert len(second.headers.get_list("content-security-policy")) == 1
    assert first.content == second.content


def test_who_has_the_answer_is_told_so(kept: Client) -> None:
    tag = kept.query(MANY).headers["etag"]
    again = kept.query(MANY, **{"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = kept.query(MANY, **{"If-None-Match": tag, "Accept": "text/csv"})
    assert other.status_code == 200
    assert other.headers["etag"] != tag


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()"])
def test_what_changes_each_time_is_not_kept(kept: Client, call: str) -> None:
    answer = kept.query(f"SELECT ({call} AS ?x) {{}}")
    assert answer.status_code == 200
    assert "etag" not in answer.headers


def test_a_problem_is_not_kept(kept: Client, log: io.StringIO) -> None:
    assert [kept.query("ASK {").status_code for _ in range(2)] == [400, 400]
    assert [line["cached"] for line in lines(log)] == [False, False]


def test_an_answer_is_packed_for_who_takes_it(kept: Client) -> None:
    plain = kept.query(MANY, **{"Accept-Encoding": "gzip;q=0, br"})
    packed = kept.query(MANY, **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert len(gzip.compress(plain.content)) > 0
    assert "content-encoding" not in kept.query("ASK {}", **{"Accept-Encoding": "gzip"}).headers


def test_each_request_is_a_line(kept: Client, log: io.StringIO) -> None:
    kept.query("ASK {}")
    kept.get("/nowhere/" + "x" * 500)
    asked, lost = lines(log)
    assert (asked["method"], asked["path"], asked["status"]) == ("GET", "/sparql", 200)
    assert len(str(asked["query"])) == 8
    assert (lost["status"], lost["query"]) == (404, "")
    assert len(str(lost["path"])) == 200


def test_the_figures_tell_what_was_answered(kept: Client) -> None:
    kept.query("ASK {}")
    kept.get("/nowhere")
    told = kept.get("/metrics").text
    assert 'caspian_requests_total{method="GET",route="/sparql",status="200"} 1.0' in told
    assert 'route="other",status="404"' in told
    assert "caspian_ready 1.0" in told
    assert "caspian_quads 7.0" in told
    assert "caspian_waiting_questions 0.0" in told


def test_workers_that_were_stopped_are_counted(graph: Store) -> None:
    evaluator = InThreads(Held(Settings(), graph, ()), Holding(None, None, "threads"))
    evaluator.stopped = {"time": 3}
    told = Client(assemble(Settings(), evaluator)).get("/metrics").text
    assert 'caspian_stopped_workers_total{reason="time"} 3.0' in told


def test_readiness_is_told(graph: Store, kept: Client) -> None:
    assert kept.get("/readyz").json()["status"] == "ready"
    held, nothing = Held(Settings(), graph, ()), Holding(None, None, "threads")
    answer = Client(assemble(Settings(), Quiet(held, nothing))).get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


def test_a_folder_without_a_graph_has_no_current_name(tmp_path: Path) -> None:
    from kg.snapshot import current_name

    assert current_name(tmp_path) is None
