"""The SPARQL bench measures what it says: whole answers, of the same questions."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import stream
from kg.corpus import read_corpus
from kg.formats import named
from kg.resources import folder
from kg.snapshot import open_snapshot
from kg.store import OxigraphStore

BENCH = Path(__file__).parent.parent / "bench"
BODY = b'{"head":{},"boolean":true}'
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n" + BODY
CHUNKED = (
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    b"5\r\n" + BODY[:5] + b"\r\n15;x=y\r\n" + BODY[5:] + b"\r\n0\r\nTrailer: yes\r\n\r\n"
)


class Bench(NamedTuple):
    """The modules of the bench."""

    agreement: ModuleType
    client: ModuleType
    rounds: ModuleType
    shapes: ModuleType


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])
        yield Bench(*(import_module(name) for name in Bench._fields))


# ── the client ──────────────────────────────────────────────────────────────────────────────────


@given(answer=st.sampled_from([PLAIN, CHUNKED]), cuts=st.sets(st.integers(1, 110)))
def test_an_answer_is_whole_with_its_last_byte_however_it_is_cut(
    bench: Bench, answer: bytes, cuts: set[int]
) -> None:
    reading = bench.client.Reading(keep=True)
    places = sorted(cut for cut in cuts if cut < len(answer))
    pieces = [answer[a:b] for a, b in zip([0, *places], [*places, len(answer)], strict=True)]
    assert [reading.feed(piece) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert (reading.status, reading.body, reading.size) == (200, BODY, len(BODY))


class Answers(BaseHTTPRequestHandler):
    """A server that answers by the path: whole, in chunks, refusing, or cut short."""

    protocol_version = "HTTP/1.1"
    raw = {  # noqa: RUF012 -- a table
        "/plain": PLAIN,
        "/chunked": CHUNKED,
        "/closing": PLAIN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        "/refused": b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
        "/cut": CHUNKED[:-12],
    }

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.wfile.write(self.raw[path])
        self.close_connection = path in {"/cut", "/closing"}

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_the_client_counts_an_answer_only_where_it_is_whole(bench: Bench, port: int) -> None:
    paths = ["/plain", "/chunked", "/closing", "/refused", "/cut"] * 8
    warm = bench.client.get("/plain", "ASK {}", "*/*")
    target = bench.client.Target("127.0.0.1", port, warm)
    requests = [bench.client.get(path, "ASK {}", "*/*") for path in paths]
    with bench.client.client() as asked:
        batch = asked.batch(target, requests, clients=3, keep=True)
    assert [done.status for done in batch.done] == [200, 200, 200, 503, 0] * 8
    assert {done.body for done in batch.done if done.status == 200} == {BODY}
    assert len(batch.failures) == 16
    assert all(0 < done.first <= done.whole <= batch.seconds for done in batch.done)


# ── the answers ─────────────────────────────────────────────────────────────────────────────────


def done(bench: Bench, *rows: dict[str, dict[str, str]]) -> object:
    body = json.dumps({"results": {"bindings": rows}}).encode()
    return bench.client.Done(0.1, 0.1, 200, len(body), body)


def typed(value: str, datatype: str) -> dict[str, dict[str, str]]:
    iri = f"http://www.w3.org/2001/XMLSchema#{datatype}"
    return {"n": {"type": "literal", "value": value, "datatype": iri}}


def difference(bench: Bench, shape: str, one: object, other: object) -> str:
    (found,) = (each for each in bench.shapes.shapes() if each.name == shape)
    answer = bench.agreement.answer
    return str(bench.agreement.difference(answer(found, one), answer(found, other)))


def test_answers_are_the_same_in_any_order_and_spelling_of_numbers(bench: Bench) -> None:
    one = done(bench, typed("1.50", "decimal"), typed("2", "integer"))
    other = done(bench, typed("2", "int"), typed("1.5", "decimal"))
    assert difference(bench, "point", one, other) == ""


def test_another_number_of_rows_or_another_value_is_a_difference(bench: Bench) -> None:
    one = done(bench, typed("1", "integer"))
    assert difference(bench, "point", one, done(bench)) == "0 instead of 1"
    other = done(bench, typed("2", "integer"))
    assert difference(bench, "point", one, other) == "other values in 1 of 1"


def test_where_a_limit_leaves_the_choice_only_the_number_of_rows_counts(bench: Bench) -> None:
    one, other = done(bench, typed("1", "integer")), done(bench, typed("2", "integer"))
    assert difference(bench, "100,000 rows", one, other) == ""


# ── the ratios ──────────────────────────────────────────────────────────────────────────────────


def timing(bench: Bench, times: dict[int, float]) -> SimpleNamespace:
    """One round, in which these requests were asked."""
    batch = bench.client.Batch(
        [bench.client.Done(each, each, 200, 0) for each in times.values()], sum(times.values()), 0.0
    )
    made: SimpleNamespace = bench.rounds.Timing(rounds={0: batch}, places={0: [*times]})
    return made


def test_a_server_that_got_fewer_requests_is_held_against_the_same_ones(bench: Bench) -> None:
    base = timing(bench, {0: 1.0, 1: 9.0, 2: 1.0, 3: 9.0})
    fewer = timing(bench, {0: 2.0, 2: 2.0})
    assert bench.rounds.ratio(fewer, base, "p50") == 2.0


def test_where_there_is_a_reason_there_is_no_ratio(bench: Bench) -> None:
    base, failed = timing(bench, {0: 1.0}), timing(bench, {0: 2.0})
    failed.reason = "status 503 for 1 of 1 requests"
    assert [bench.rounds.ratio(failed, base, of) for of in ("p50", "p99", "rate")] == [None] * 3


# ── the questions ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OxigraphStore]:
    """A graph of the eight articles of one story."""
    home = tmp_path_factory.mktemp("story")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])
        made = import_module("corpus")
    made.write(made.articles(8, seed=7), home)
    read = read_corpus(folder("seeds"), folder("ontology"))
    stream(read, [home / "corpus.jsonl"], home / "root", shapes=None)
    _, opened = open_snapshot(home / "root")
    yield opened
    opened.close()


def test_there_are_twelve_shapes_and_every_one_finds_something(
    bench: Bench, store: OxigraphStore
) -> None:
    found = bench.shapes.shapes()
    assert len({shape.name for shape in found}) == 12
    for shape in found:
        queries = bench.shapes.instances(shape, store, count=1000, seed=7)
        assert "$" not in "".join(queries), shape.name
        assert any(size(bench, shape, store, query) for query in queries), shape.name


def size(bench: Bench, shape: SimpleNamespace, store: OxigraphStore, query: str) -> int:
    form = named("json" if shape.accept.endswith("json") else "ntriples")
    body = store.answer(query).serialize(form)
    assert form.media_type == shape.accept
    return int(bench.agreement.answer(shape, bench.client.Done(0, 0, 200, len(body), body)).size)


def test_the_same_seed_draws_the_same_instances_and_no_two_alike(
    bench: Bench, store: OxigraphStore
) -> None:
    shape = bench.shapes.shapes()[0]
    one, again, other = (
        bench.shapes.instances(shape, store, count=50, seed=seed) for seed in (7, 7, 8)
    )
    assert one == again
    assert one != other
    assert len(set(one)) == 50
