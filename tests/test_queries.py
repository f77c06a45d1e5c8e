"""Stored questions: each gives the rows that stand in tests/queries, wherever it is asked."""

import csv
import io
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median

import pytest
from rdflib.plugins.sparql import prepareQuery

from kg.cli import main
from kg.formats import named
from kg.queries import StoredQuery, stored_queries, stored_query
from kg.remote import RemoteStore
from kg.resources import folder
from kg.store import Store
from tests.kg.conftest import free_port, wait_for

EXPECTED = Path(__file__).parent / "queries"
DOCUMENTED = Path(__file__).parent.parent / "docs" / "questions.md"
MODEL = re.findall(
    r"```sparql\n(.*?)```", DOCUMENTED.with_name("model.md").read_text("utf-8"), re.DOTALL
)
QUERIES = stored_queries(folder("queries"))
NUMBERS = [f"cq{number:02}" for number in range(1, 41)]
_ROW = re.compile(r"^\| (cq\d\d) \| (.+?) \| `([a-z0-9-]+)` \| .+ \|.*\|$", re.MULTILINE)

each_question = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


def csv_of(store: Store, query: StoredQuery) -> str:
    return store.answer(query.text).serialize(named("csv")).decode("utf-8")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("query", MODEL)
def test_the_queries_of_the_page_on_the_model_have_answers(graph: Store, query: str) -> None:
    assert graph.select(query).rows


def test_the_page_on_the_model_has_its_queries() -> None:
    assert len(MODEL) >= 2


# -- what is stored


def test_each_of_the_forty_competency_questions_is_stored_once() -> None:
    assert sorted(query.number for query in QUERIES if query.number) == NUMBERS


def test_every_question_has_its_rows_and_no_rows_are_left_over() -> None:
    assert {query.name for query in QUERIES} == {path.stem for path in EXPECTED.glob("*.csv")}


@pytest.mark.parametrize("path", sorted(EXPECTED.glob("*.csv")), ids=lambda path: path.stem)
def test_a_question_without_an_answer_asks_about_nothing(path: Path) -> None:
    assert rows_of(path.read_text("utf-8"))


def test_the_table_of_the_forty_names_every_stored_question_with_its_number() -> None:
    table = _ROW.findall(_documented())
    stored = {query.number: query for query in QUERIES if query.number}
    assert [number for number, *_ in table] == NUMBERS
    assert {row[0]: row[1:] for row in table} == {
        number: (query.question, query.name) for number, query in stored.items()
    }


def test_questions_beside_the_forty_are_documented_too() -> None:
    beside = [query.name for query in QUERIES if not query.number]
    assert [name for name in beside if f"`{name}`" not in _documented()] == []


def _documented() -> str:
    return DOCUMENTED.read_text("utf-8")


def test_the_list_of_questions_fits_a_hundred_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(QUERIES)
    assert max(map(len, lines)) <= 100


# -- a question by its number


@pytest.mark.parametrize("number", ["cq06", "CQ06"])
def test_a_question_is_found_by_its_number(number: str) -> None:
    assert stored_query(folder("queries"), number).name == "way-to-primorsko-akhtarsk"


def test_ask_takes_the_number_for_the_name(
    graph_root: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    answers = []
    for asked in ("cq06", "way-to-primorsko-akhtarsk"):
        assert main(["ask", "--data", str(graph_root), asked, "--format", "csv"]) == 0
        answers.append(capfdbinary.readouterr().out)
    assert answers[0] == answers[1]
    assert b"Makhachkala" in answers[0]


def test_a_number_stands_on_the_second_line_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "third.rq").write_text("# Who?\n\n# cq01\nASK {}\n", "utf-8")
    (tmp_path / "longer.rq").write_text("# Who?\n# cq01 and more\nASK {}\n", "utf-8")
    assert [query.number for query in stored_queries(tmp_path)] == ["", ""]


# -- what they answer


@each_question
def test_a_question_gives_its_rows(query: StoredQuery, graph: Store) -> None:
    expected = (EXPECTED / f"{query.name}.csv").read_text("utf-8")
    assert rows_of(csv_of(graph, query)) == rows_of(expected)


@each_question
def test_no_two_rows_of_an_answer_tie(query: StoredQuery, graph: Store) -> None:
    keys = re.findall(r"\?(\w+)", query.text.partition("ORDER BY")[2])
    found = rows_of(csv_of(graph, query))
    assert len({tuple(row[key] for key in keys) for row in found}) == len(found)


@each_question
def test_a_question_takes_less_than_a_fifth_of_a_second(query: StoredQuery, graph: Store) -> None:
    taken = []
    for _ in range(3):
        begin = time.thread_time()
        csv_of(graph, query)
        taken.append(time.thread_time() - begin)
    assert median(taken) < 0.2


@each_question
def test_a_second_engine_reads_the_question(query: StoredQuery) -> None:
    assert prepareQuery(query.text).algebra.name == "SelectQuery"


def test_every_quote_stands_at_its_offsets_in_the_file_of_that_hash(
    graph: Store, texts: Path
) -> None:
    passages = graph.select("""
        PREFIX cas: <https://w3id.org/caspian/ontology#>
        PREFIX oa: <http://www.w3.org/ns/oa#>
        SELECT ?hash ?start ?end ?checksum ?quotation {
          ?passage oa:hasSource/cas:sha256 ?hash ; oa:hasSelector ?position ;
            cas:checksum ?checksum ; cas:quotation ?quotation .
          ?position oa:start ?start ; oa:end ?end .
        }
    """)
    files = {
        sha256(content).hexdigest(): content.decode("utf-8")
        for content in (path.read_bytes() for path in texts.glob("*.txt"))
    }
    assert len(passages.rows) >= 140
    for row in passages.rows:
        digest, start, end, checksum, quotation = map(str, row)
        words = files[digest][int(start) : int(end)]
        assert checksum == f"sha256:{sha256(words.encode()).hexdigest()[:16]}"
        first, _, last = quotation.partition(" … ")
        assert words.startswith(first)
        assert words.endswith(last)


# -- the same over HTTP: named graphs from N-Quads, the merge as the default graph


@pytest.fixture(scope="module")
def elsewhere(graph: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
    """A SPARQL 1.1 endpoint that knows nothing of ours but the two files it was loaded from."""
    place = tmp_path_factory.mktemp("endpoint")
    for name, form in (("graphs.nq", "nquads"), ("merge.nt", "ntriples")):
        with (place / name).open("wb") as file:
            graph.dump(named(form), file)
    server = Path(sys.executable).parent / "oxigraph"
    at = ["--location", str(place / "store")]
    files = ["--file", str(place / "graphs.nq"), str(place / "merge.nt")]
    subprocess.run([server, "load", *at, *files], check=True, capture_output=True)
    port = free_port()
    process = subprocess.Popen(
        [server, "serve-read-only", *at, "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    store = RemoteStore(f"http://127.0.0.1:{port}/query")
    try:
        wait_for(port)
        yield store
    finally:
        store.close()
        process.terminate()
        process.wait(10)


@each_question
def test_a_question_has_the_same_answer_elsewhere(
    query: StoredQuery, graph: Store, elsewhere: RemoteStore
) -> None:
    assert csv_of(elsewhere, query) == csv_of(graph, query)
