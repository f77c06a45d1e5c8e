"""rdflib's SPARQLStore: a remote endpoint that looks like a graph in memory."""

from urllib.error import HTTPError

import pytest
from rdflib import RDF, RDFS, Dataset, Graph, Literal, URIRef, Variable
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from kg.store import Store
from kg.vocab import CAS
from tests.clients.conftest import ASK, CONSTRUCT, COUNT, DESCRIBE, LEG, LEGS, SELECT, UPDATE, VIEW
from tests.running import Running

ROUTE_LEG = URIRef(f"{CAS}RouteLeg")
FIRST = URIRef(f"{LEG}amirabad-makhachkala")
US = URIRef(f"{VIEW}us")


@pytest.fixture(params=["GET", "POST", "POST_FORM"])
def store(service: Running, request: pytest.FixtureRequest) -> SPARQLStore:
    return SPARQLStore(service.sparql, method=request.param)


@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_a_query_in_each_format_it_reads(service: Running, form: str) -> None:
    store = SPARQLStore(service.sparql, returnFormat=form)
    legs = [str(row.leg) for row in store.query(SELECT)]
    assert legs == sorted(LEGS)


def test_ask_construct_and_describe(store: SPARQLStore) -> None:
    store.returnFormat = "xml"
    assert store.query(ASK).askAnswer is True
    store.returnFormat = "application/rdf+xml"
    constructed = store.query(CONSTRUCT).graph
    assert constructed is not None
    assert {str(leg) for leg in constructed.subjects(RDF.type, ROUTE_LEG)} == LEGS
    described = store.query(DESCRIBE).graph
    assert described is not None
    assert set(described.subjects()) == {FIRST}


def test_values_for_variables_and_prefixes(store: SPARQLStore) -> None:
    query = "SELECT ?leg ?label { ?leg a cas:RouteLeg ; rdfs:label ?label }"
    found = store.query(query, initNs={"cas": CAS, "rdfs": str(RDFS)}, initBindings={"leg": FIRST})
    assert [(row.leg, str(row.label)) for row in found] == [(FIRST, "Amirabad to Makhachkala")]


def test_a_graph_over_it_is_read_like_one_in_memory(store: SPARQLStore, graph: Store) -> None:
    everything = Graph(store)
    assert {str(leg) for leg in everything.subjects(RDF.type, ROUTE_LEG)} == LEGS
    assert (FIRST, RDF.type, ROUTE_LEG) in everything
    assert (FIRST, RDF.type, RDFS.Class) not in everything
    assert everything.value(FIRST, RDFS.label) == Literal("Amirabad to Makhachkala", lang="en")
    assert len(set(everything.predicate_objects(FIRST))) == 16


def test_its_length_counts_each_triple_once(service: Running, graph: Store) -> None:
    (merged,) = graph.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
    (quads,) = graph.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").rows
    store = SPARQLStore(service.sparql)
    assert len(store) == int(str(merged[0])) < int(str(quads[0]))


def test_a_named_graph_is_read_alone(store: SPARQLStore, graph: Store) -> None:
    (size,) = graph.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{US}> {{ ?s ?p ?o }} }}").rows
    assert len(Graph(store, identifier=US)) == int(str(size[0]))
    (counted,) = Graph(store, identifier=US).query(COUNT)
    assert int(counted[0]) == int(str(size[0]))
    assert len(Graph(store, identifier=URIRef(f"{VIEW}of-nobody"))) == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_a_dataset_over_it_knows_its_graphs(service: Running, graph: Store) -> None:
    rows = graph.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").rows
    store = SPARQLStore(service.sparql)
    assert {str(name) for name in store.contexts()} == {str(row[0]) for row in rows}
    assert (None, RDF.type, ROUTE_LEG) in Dataset(store)
    # without `default_union` rdflib names a graph of its own, urn:x-rdflib:default, to ask
    (legs,) = Dataset(store, default_union=True).query(
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{US}> {{ ?leg a <{ROUTE_LEG}> }} }}"
    )
    assert int(legs[0]) == len(LEGS)
    held = {str(name) for name in store.contexts((FIRST, RDF.type, ROUTE_LEG))}
    assert US in map(URIRef, held)
    assert len(held) < len(rows)


def test_a_page_of_it(service: Running) -> None:
    found = Graph(SPARQLStore(service.sparql))
    found.LIMIT, found.OFFSET, found.ORDERBY = 2, 1, Variable("s")
    page = [str(leg) for leg in found.subjects(RDF.type, ROUTE_LEG)]
    assert page == sorted(LEGS)[1:]


def test_it_cannot_be_written_to(service: Running) -> None:
    writable = SPARQLUpdateStore(service.sparql, service.sparql)
    with pytest.raises(HTTPError, match="403"):
        writable.update(UPDATE)
