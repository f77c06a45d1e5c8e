"""Apache Jena's `rsparql`, the command that sends a query to an endpoint."""

import csv
import io
import json
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from kg.vocab import CAS
from tests.clients.conftest import ASK, CONSTRUCT, DESCRIBE, LEG, LEGS, SELECT
from tests.jena import class_path, missing, run
from tests.running import Running

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> str:
    return class_path(tmp_path_factory.mktemp("jena"))


def rsparql(classes: str, service: Running, query: str, *options: str) -> str:
    return run(classes, "arq.rsparql", "--service", service.sparql, *options, query)


def test_a_select_is_printed_as_a_table(classes: str, service: Running) -> None:
    table = rsparql(classes, service, SELECT)
    assert [line.strip("| <>") for line in table.splitlines()[3:-1]] == sorted(LEGS)


# Java's client offers HTTP/2, and the server loses the body of a request that offers another
# protocol; api/upgrade.py reads it, once api/server.py's protocol is made from it


@pytest.mark.parametrize("way", [pytest.param((), id="GET"), pytest.param(("--post",), id="POST")])
def test_rows_by_get_and_by_post(classes: str, service: Running, way: tuple[str, ...]) -> None:
    found = json.loads(rsparql(classes, service, SELECT, "--results", "JSON", *way))
    assert [row["leg"]["value"] for row in found["results"]["bindings"]] == sorted(LEGS)


def test_a_query_from_a_file(classes: str, service: Running, tmp_path: Path) -> None:
    file = tmp_path / "legs.rq"
    file.write_text(SELECT, "utf-8")
    command = ("arq.rsparql", "--service", service.sparql, "--results", "CSV", "--query", file)
    rows = [*csv.reader(io.StringIO(run(classes, *command)))]
    assert rows == [["leg"], *([leg] for leg in sorted(LEGS))]


def test_an_ask(classes: str, service: Running) -> None:
    assert json.loads(rsparql(classes, service, ASK, "--results", "JSON"))["boolean"] is True


def test_a_construct_and_a_describe(classes: str, service: Running) -> None:
    def graph(query: str) -> Graph:
        return Graph().parse(
            data=rsparql(classes, service, query, "--results", "N-Triples"), format="nt"
        )

    constructed = graph(CONSTRUCT).subjects(RDF.type, URIRef(f"{CAS}RouteLeg"))
    assert {str(leg) for leg in constructed} == LEGS
    described = graph(DESCRIBE)
    assert set(described.subjects()) == {URIRef(f"{LEG}amirabad-makhachkala")}
    assert len(described) == 16
