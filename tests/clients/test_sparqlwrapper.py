"""SPARQLWrapper, which most notebooks ask with: each way to ask × each format it knows."""

from typing import Any
from urllib.error import HTTPError

import pytest
from rdflib import RDF, Graph, URIRef
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
    SPARQLWrapper2,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from kg.store import Store
from kg.vocab import CAS
from tests.clients.conftest import ASK, CONSTRUCT, COUNT, DESCRIBE, LEG, LEGS, SELECT, UPDATE, VIEW
from tests.running import Running

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:SPARQLWrapper")

# its ways to send a query: the method, and how a POST is written
WAYS = {
    "GET": (GET, URLENCODED),
    "form": (POST, URLENCODED),
    "direct": (POST, POSTDIRECTLY),
}
GRAPHS = {"turtle": TURTLE, "n3": N3, "rdf/xml": RDFXML, "json-ld": JSONLD}


@pytest.fixture(params=WAYS)
def client(service: Running, request: pytest.FixtureRequest) -> SPARQLWrapper:
    method, encoding = WAYS[request.param]
    wrapper = SPARQLWrapper(service.sparql)
    wrapper.setMethod(method)
    wrapper.setRequestMethod(encoding)
    return wrapper


# `Any`: what `convert` gives depends on the format
def ask(client: SPARQLWrapper, query: str, form: str | None = None) -> Any:  # noqa: ANN401
    client.setQuery(query)
    if form:
        client.setReturnFormat(form)
    return client.queryAndConvert()


def graph(client: SPARQLWrapper, query: str, form: str | None = None) -> Graph:
    """The graph it hands over, or the one that stands in the bytes it hands over."""
    found = ask(client, query, form)
    if isinstance(found, Graph):
        return found
    return Graph().parse(data=found, format="turtle")


def subjects(found: Graph) -> set[str]:
    return {str(leg) for leg in found.subjects(RDF.type, URIRef(f"{CAS}RouteLeg"))}


def test_the_first_query_of_its_manual_is_answered(service: Running) -> None:
    client = SPARQLWrapper(service.sparql)
    client.setReturnFormat(JSON)
    client.setQuery("SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 3")
    rows = client.queryAndConvert()["results"]["bindings"]
    assert [set(row) for row in rows] == [{"s", "p", "o"}] * 3


def test_json(client: SPARQLWrapper) -> None:
    rows = ask(client, SELECT, JSON)["results"]["bindings"]
    assert [row["leg"] for row in rows] == [{"type": "uri", "value": leg} for leg in sorted(LEGS)]
    assert ask(client, ASK, JSON)["boolean"] is True


def test_xml_which_it_asks_for_where_nobody_chose(client: SPARQLWrapper) -> None:
    results = ask(client, SELECT)
    values = [node.firstChild.data for node in results.getElementsByTagName("uri")]
    assert values == sorted(LEGS)
    answer = ask(client, ASK, XML).getElementsByTagName("boolean")
    assert [node.firstChild.data for node in answer] == ["true"]


def test_csv_and_tsv(client: SPARQLWrapper) -> None:
    assert ask(client, SELECT, CSV).decode().split() == ["leg", *sorted(LEGS)]
    assert ask(client, SELECT, TSV).decode().split() == ["?leg", *(f"<{i}>" for i in sorted(LEGS))]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("form", GRAPHS)
def test_graphs(client: SPARQLWrapper, form: str) -> None:
    assert subjects(graph(client, CONSTRUCT, GRAPHS[form])) == LEGS
    described = graph(client, DESCRIBE, GRAPHS[form])
    assert set(described.subjects()) == {URIRef(f"{LEG}amirabad-makhachkala")}
    assert len(described) == 16


def test_a_graph_comes_as_one_where_nobody_chose(client: SPARQLWrapper) -> None:
    assert subjects(graph(client, CONSTRUCT)) == LEGS


def test_n_triples_for_who_asks_for_them(client: SPARQLWrapper) -> None:
    client.addCustomHttpHeader("Accept", "application/n-triples")
    client.setQuery(CONSTRUCT)
    response = client.query()
    assert response.info()["content-type"].startswith("application/n-triples")
    found = Graph().parse(data=response.response.read(), format="nt")
    assert subjects(found) == LEGS


def test_it_chooses_the_graphs(client: SPARQLWrapper, graph: Store) -> None:
    def count(query: str) -> int:
        return int(ask(client, query, JSON)["results"]["bindings"][0]["n"]["value"])

    def size(*views: str) -> int:
        named = " ".join(f"<{VIEW}{view}>" for view in views)
        query = f"SELECT DISTINCT ?s ?p ?o {{ VALUES ?g {{ {named} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        return len(graph.select(query).rows)

    everything = count(COUNT)
    client.addDefaultGraph(f"{VIEW}us")
    assert count(COUNT) == size("us") < everything
    client.addDefaultGraph(f"{VIEW}iran")
    assert size("us") < count(COUNT) == size("us", "iran") < everything
    within = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(within) == 0
    client.addNamedGraph(f"{VIEW}iran")
    assert count(within) == size("iran")


def test_rows_with_their_types(service: Running) -> None:
    client = SPARQLWrapper2(service.sparql)
    client.setQuery('SELECT (7 AS ?n) ("één"@nl AS ?word) ?none {}')
    (row,) = client.query().bindings
    assert (row["n"].value, row["word"].value, row["word"].lang) == ("7", "één", "nl")
    assert row["n"].datatype == "http://www.w3.org/2001/XMLSchema#integer"
    assert "none" not in row


def test_a_slip_comes_back_as_its_own_error_with_our_words(client: SPARQLWrapper) -> None:
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        ask(client, "SELECT * WHERE { ?s ?p", JSON)


def test_an_update_is_refused(client: SPARQLWrapper) -> None:
    client.setMethod(POST)
    with pytest.raises(HTTPError, match="403"):
        ask(client, UPDATE, JSON)
