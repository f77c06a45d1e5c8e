"""Publishing, as far as a server that answers as it is told can show; engines: test_engines.py."""

import gzip
import io
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from kg.cli import main
from kg.dialects import MERGE, STANDARD, VIRTUOSO, Dialect
from kg.errors import QueryRefusedError, RemoteError
from kg.graph_store import GraphStore
from kg.publish import DEFAULT, Step, Target, plan, publish, quads
from kg.remote import RemoteStore
from kg.snapshot import open_snapshot, write
from kg.store import OxigraphStore
from tests.kg.conftest import GRAPH, LINES, Server, says

JSON = "application/sparql-results+json"
XSD = "http://www.w3.org/2001/XMLSchema#integer"
SIZES = {GRAPH + "view/us": 2, GRAPH + "view/any": 3, GRAPH + "reference": 4}
OK = says(204)
NONE: dict[str, int] = {}


@pytest.fixture
def source() -> OxigraphStore:
    return OxigraphStore.memory(LINES)


@pytest.fixture
def data(tmp_path: Path) -> str:
    """The folder of a built graph of LINES."""
    write(tmp_path / "data", iter(LINES))
    return str(tmp_path / "data")


Answer = Callable[[BaseHTTPRequestHandler], None]


def counted(sizes: dict[str, int]) -> Answer:
    """The rows that tell these graphs with their sizes."""
    cells = ",".join(
        f'{{"g":{{"type":"uri","value":"{name}"}},'
        f'"n":{{"type":"literal","datatype":"{XSD}","value":"{size}"}}}}'
        for name, size in sizes.items()
    )
    body = f'{{"head":{{"vars":["g","n"]}},"results":{{"bindings":[{cells}]}}}}'
    return says(200, body.encode(), JSON)


def number(value: int) -> Answer:
    cell = f'{{"n":{{"type":"literal","datatype":"{XSD}","value":"{value}"}}}}'
    body = f'{{"head":{{"vars":["n"]}},"results":{{"bindings":[{cell}]}}}}'
    return says(200, body.encode(), JSON)


def takes_graphs(*answers: Answer) -> Answer:
    """What a store does that takes every graph, and answers its queries so, one after the other."""
    left = [*answers]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (OK if "/store" in handler.path else left.pop(0))(handler)

    return answer


def target(server: Server, engine: Dialect = STANDARD) -> Target:
    return Target(GraphStore(server.url + "/store"), RemoteStore(server.url), engine)


def verbs(server: Server) -> list[tuple[str, str]]:
    """What was asked of the graph store: each method with its graph."""
    found = []
    for (path, _, _), method in zip(server.asked, server.methods, strict=True):
        parts = urlsplit(path)
        if parts.path.endswith("/store"):
            graph = parse_qs(parts.query, keep_blank_values=True).get("graph", [parts.query])[0]
            found.append((method, graph.removeprefix(GRAPH)))
    return found


# -- what is to be done


def test_named_graphs_come_first_then_their_merge_then_what_goes(source: OxigraphStore) -> None:
    sizes = {
        GRAPH + name: size
        for size, name in enumerate(
            ("view/us", "derived", "article/b", "dataset", "reference", "article/a", "ontology"), 1
        )
    }
    there = [GRAPH + "view/us", GRAPH + "view/old", MERGE]
    assert [step.name for step in plan(source, sizes, there, place="default")] == [
        *("ontology", "reference", "article/a", "article/b", "derived", "dataset", "view/us"),
        *("the default graph", "merge", "view/old"),
    ]


@pytest.mark.parametrize(
    ("place", "graph"), [("default", DEFAULT), ("named", MERGE), ("none", None)]
)
def test_the_merge_goes_where_it_is_told(
    source: OxigraphStore, place: str, graph: str | None
) -> None:
    steps = plan(source, SIZES, place=place)  # type: ignore[arg-type]
    merged = [step for step in steps if step.graph not in SIZES]
    assert merged == ([] if graph is None else [Step(graph, 7)])


# -- what is sent


def test_a_small_graph_is_one_request_and_a_large_one_several(
    server: Server, source: OxigraphStore
) -> None:
    steps = (Step(GRAPH + "view/us", 2), Step(GRAPH + "view/any", 3), Step(GRAPH + "gone", 0))
    small = io.BytesIO()
    source.ntriples(GRAPH + "view/us", small)
    server.will_answer(takes_graphs(number(3), counted(SIZES)))
    publish(source, target(server), steps, chunk=small.tell())
    assert verbs(server) == [
        ("DELETE", "nothing"),
        ("PUT", "view/us"),
        ("POST", "view/any"),
        ("POST", "view/any"),
        ("DELETE", "gone"),
    ]


def test_a_small_graph_is_added_to_where_replacing_would_empty_it(
    server: Server, source: OxigraphStore
) -> None:
    server.will_answer(takes_graphs(number(2), counted({GRAPH + "view/us": 2})))
    publish(source, target(server, VIRTUOSO), (Step(GRAPH + "view/us", 2),))
    assert verbs(server) == [("DELETE", "nothing"), ("POST", "view/us")]


def test_what_is_old_in_a_large_graph_is_written_over(
    server: Server, source: OxigraphStore
) -> None:
    server.will_answer(OK, OK, OK, OK, number(4), OK, OK, OK, counted({GRAPH + "view/any": 3}))
    publish(source, target(server), (Step(GRAPH + "view/any", 3),), chunk=1)
    assert [method for method, _ in verbs(server)] == [
        "DELETE",
        *["POST"] * 3,
        "PUT",
        *["POST"] * 2,
    ]


def test_all_of_a_graph_arrives_whatever_the_chunks(server: Server, source: OxigraphStore) -> None:
    out = io.BytesIO()
    source.ntriples(GRAPH + "reference", out)
    for chunk, requests in ((1, 4), (300, 2), (10_000, 1)):
        server.asked.clear()
        server.methods.clear()
        counts = [number(4)] * (requests > 1)
        server.will_answer(takes_graphs(*counts, counted({GRAPH + "reference": 4})))
        publish(source, target(server), (Step(GRAPH + "reference", 4),), chunk=chunk)
        assert len(verbs(server)) == 1 + requests
        sent = b"".join(body for path, _, body in server.asked if "/store" in path)
        assert sorted(sent.splitlines()) == sorted(out.getvalue().splitlines())


def test_what_is_done_is_told(server: Server, source: OxigraphStore) -> None:
    told = list[str]()
    server.will_answer(OK, OK, counted({GRAPH + "view/us": 2}))
    publish(source, target(server), (Step(GRAPH + "view/us", 2),), tell=told.append)
    assert told == ["1 of 1: view/us", "counting"]


# -- what differs


def test_a_count_that_differs_is_an_error_with_the_graphs(
    server: Server, source: OxigraphStore
) -> None:
    steps = plan(source, SIZES, [GRAPH + "old"], place="named")
    server.will_answer(*[OK] * 6, counted({GRAPH + "view/us": 1, GRAPH + "old": 5, MERGE: 7}))
    with pytest.raises(RemoteError) as caught:
        publish(source, target(server), steps)
    assert str(caught.value) == (
        "what was published differs there: reference has 0 of 4 triples, view/any has 0 of 3 "
        "triples, view/us has 1 of 2 triples, old has 5 of 0 triples; publish again, and see its "
        "log where that does not help"
    )


def test_many_that_differ_are_told_by_number(server: Server, source: OxigraphStore) -> None:
    steps = tuple(Step(f"{GRAPH}{letter}", 0) for letter in "abcdefg")
    server.will_answer(*[OK] * 8, counted({step.graph: 1 for step in steps}))
    with pytest.raises(RemoteError, match=r"e has 1 of 0 triples and 2 more; publish again"):
        publish(source, target(server), steps)


def test_a_default_graph_is_counted_too(server: Server, source: OxigraphStore) -> None:
    server.will_answer(counted({GRAPH + "x": 1}), OK, OK, counted(NONE), number(6))
    with pytest.raises(RemoteError, match="the default graph has 6 of 7 triples"):
        publish(source, target(server), (Step(DEFAULT, 7),))


def test_a_default_graph_of_anothers_is_left_alone(server: Server, source: OxigraphStore) -> None:
    server.will_answer(counted(NONE), number(12))
    with pytest.raises(RemoteError, match="holds 12 triples and no graph of ours"):
        publish(source, target(server), (Step(DEFAULT, 7),))
    assert verbs(server) == []


def test_an_empty_store_has_room(server: Server, source: OxigraphStore) -> None:
    server.will_answer(counted(NONE), number(0), OK, OK, counted(NONE), number(7))
    publish(source, target(server), (Step(DEFAULT, 7),))
    assert verbs(server) == [("DELETE", "nothing"), ("PUT", "default")]


@pytest.mark.parametrize("method", ["replace", "remove"])
def test_a_refusal_is_told(server: Server, method: str) -> None:
    server.will_answer(says(403, b"read only"))
    with closing(GraphStore(server.url)) as graphs, pytest.raises(RemoteError, match="read only"):
        graphs.remove("urn:a") if method == "remove" else graphs.replace("urn:a", b"")


def test_a_graph_that_is_not_there_is_gone(server: Server) -> None:
    server.will_answer(says(404))
    with closing(GraphStore(server.url)) as graphs:
        graphs.remove("urn:a")


def test_a_graph_is_named_beside_what_the_address_says(server: Server) -> None:
    server.will_answer(OK)
    with closing(GraphStore(server.url + "?key=a")) as graphs:
        graphs.replace("urn:a b&c", b"")
        graphs.replace(None, b"")
    assert [path for path, _, _ in server.asked] == [
        "/query?key=a&graph=urn%3Aa+b%26c",
        "/query?key=a&default",
    ]


# -- files


def test_the_quads_are_those_of_the_steps(source: OxigraphStore) -> None:
    steps = plan(source, SIZES, place="default")
    written = b"".join(quads(source, steps))
    found = {str(quad) for quad in ox.parse(written, ox.RdfFormat.N_QUADS)}
    merge = {str(quad.triple) for line in LINES for quad in ox.parse(line, ox.RdfFormat.N_QUADS)}
    named = {str(quad) for line in LINES for quad in ox.parse(line, ox.RdfFormat.N_QUADS)}
    assert len(found) == len(LINES) + 7
    assert named < found
    assert len(merge) == 7


@pytest.mark.parametrize("name", ["out.nq", "out.nq.gz"])
def test_a_file_is_written_whole_and_the_same_each_time(
    data: str, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / name, tmp_path / ("2" + name)
    for path in (first, second):
        assert main(["publish", "--data", data, "--nquads", str(path)]) == 0
    assert first.read_bytes() == second.read_bytes()
    text = gzip.decompress(first.read_bytes()) if name.endswith("gz") else first.read_bytes()
    assert len(text.splitlines()) == len(LINES) + 7
    out = capsys.readouterr().out
    assert f"written to          {first}" in out
    assert "counted" not in out
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


@pytest.mark.parametrize(("merge", "lines"), [("none", 9), ("named", 16)])
def test_the_merge_in_a_file_is_where_it_is_told(
    data: str, tmp_path: Path, merge: str, lines: int
) -> None:
    path = tmp_path / "out.nq"
    assert main(["publish", "--data", data, "--nquads", str(path), "--merge", merge]) == 0
    text = path.read_bytes()
    assert len(text.splitlines()) == lines
    assert text.count(f"<{MERGE}>".encode()) == lines - 9


def test_a_failure_leaves_the_file_that_was_there(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.nq.part").mkdir()
    (tmp_path / "out.nq").write_text("before", "utf-8")
    assert main(["publish", "--data", data, "--nquads", str(tmp_path / "out.nq")]) == 1
    assert (tmp_path / "out.nq").read_text("utf-8") == "before"


def test_a_file_is_planned_and_not_written(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.nq"
    assert main(["publish", "--data", data, "--nquads", str(path), "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "put                7  the default graph"
    assert not path.exists()


# -- the command


def publishing(server: Server, data: str, *more: str) -> int:
    where = ["--graph-store", server.url + "/store", "--endpoint", server.url]
    return main(["publish", "--data", data, *where, *more])


YES = says(200, b'{"head":{},"boolean":true}', JSON)


def test_the_command_says_what_was_done(
    server: Server, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    there = counted({**SIZES, GRAPH + "old": 1})
    server.will_answer(YES, there, there, *[OK] * 6, counted(SIZES), number(7))
    assert publishing(server, data) == 0
    found = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()[3:])
    assert found["counted"] == "each graph holds as many there as here"
    assert "seconds" in found


def test_a_dry_run_sends_nothing_to_the_graph_store(
    server: Server, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.will_answer(YES, counted({GRAPH + "old": 1}))
    assert publishing(server, data, "--dry-run", "--chunk", "0.5") == 0
    assert verbs(server) == []
    assert capsys.readouterr().out == (
        "put                4  reference\n"
        "put                3  view/any\n"
        "put                2  view/us\n"
        "put                7  the default graph\n"
        "remove                old\n"
    )


def test_the_engine_says_where_the_merge_goes(
    server: Server, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = '{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[]}}'
    yes = says(200, asked.encode(), JSON, Server="Virtuoso/07.20")
    server.will_answer(yes, yes, counted(NONE))
    assert publishing(server, data, "--dry-run") == 0
    assert "put                7  merge\n" in capsys.readouterr().out


def test_a_refusal_ends_with_the_code_of_a_store_that_failed(
    server: Server, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.will_answer(YES, counted(SIZES), counted(SIZES), says(401))
    assert publishing(server, data) == 6
    assert "answered 401; set CASPIAN_ENDPOINT_USER" in capsys.readouterr().err


def test_a_wrong_password_is_told_as_one(
    server: Server,
    data: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CASPIAN_ENDPOINT_USER", "kite")
    monkeypatch.setenv("CASPIAN_ENDPOINT_PASSWORD", "wrong")
    server.will_answer(YES, counted(SIZES), counted(SIZES), says(401))
    assert publishing(server, data) == 6
    assert "answered 401; it does not take what CASPIAN_ENDPOINT_USER" in capsys.readouterr().err


def test_without_a_graph_nothing_is_published(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publishing(server, str(tmp_path)) == 5
    assert "caspian build" in capsys.readouterr().err
    assert server.asked == []


def test_where_it_is_counted_must_be_said(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "--data", data, "--graph-store", "http://127.0.0.1:9/"]) == 2
    assert "--endpoint: is missing (give the address" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [[], ["--chunk", "0"], ["--chunk", "1025"], ["--chunk", "a"], ["--graph-store", "x"]],
)
def test_a_command_that_makes_no_sense_is_refused(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    where = [] if not wrong else ["--nquads", "x"]
    with pytest.raises(SystemExit) as ended:
        main(["publish", *where, *wrong])
    assert ended.value.code == 2


@pytest.mark.parametrize("name", ["<bif:http_get>", "<SQL:user_name>"])
def test_functions_of_an_engine_are_refused_before_it_is_asked(server: Server, name: str) -> None:
    with pytest.raises(QueryRefusedError, match="bif: and sql: are names an engine has"):
        RemoteStore(server.url).select(f'SELECT ({name}("x") AS ?x) {{}}')
    assert server.asked == []


# -- what the commands take from the environment


def test_the_commands_tell_the_endpoint_who_asks(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASPIAN_ENDPOINT_TOKEN", "kite")
    monkeypatch.setenv("CASPIAN_ENDPOINT_MERGE", "named")
    server.will_answer(YES)
    assert main(["ask", "--endpoint", server.url, "ASK {}"]) == 0
    assert capsys.readouterr().out == "yes\n"
    _, headers, body = server.asked[0]
    assert headers["Authorization"] == "Bearer kite"
    assert parse_qs(body.decode())["default-graph-uri"] == [MERGE]


def test_a_place_of_the_merge_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASPIAN_ENDPOINT_MERGE", "graph/merge")
    assert main(["ask", "--endpoint", "http://127.0.0.1:9/", "ASK {}"]) == 2
    assert "CASPIAN_ENDPOINT_MERGE: is “graph/merge” (it can be" in capsys.readouterr().err


def test_the_commands_read_what_the_service_reads() -> None:
    from api.settings import Settings
    from kg.cli.environment import NAMES

    assert {f"endpoint_{name.lower()}" for name in NAMES} <= set(Settings.model_fields)


def test_the_graph_is_whole_in_both_places(data: str) -> None:
    snapshot, store = open_snapshot(Path(data))
    assert sum(step.triples for step in plan(store, snapshot.graphs, place="named")) == 16
