"""Comunica, the query engine of the browser: it asks endpoints it knows nothing of beforehand."""

import json

import pytest
from rdflib import RDF, Graph, URIRef

from kg.store import Store
from kg.vocab import CAS
from tests.clients.comunica import comunica, missing
from tests.clients.conftest import ASK, CONSTRUCT, COUNT, DESCRIBE, LEG, LEGS, SELECT, VIEW
from tests.running import Running

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
JSON = "application/sparql-results+json"


def rows(written: str) -> list[dict[str, str]]:
    """The rows, each variable with its value."""
    found = json.loads(written)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def test_the_first_query_of_its_manual_is_answered(service: Running) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT 3"
    assert [set(row) for row in json.loads(comunica(query, service.sparql))] == [
        {"s", "p", "o"}
    ] * 3


@pytest.mark.parametrize("kind", ["", "sparql@"], ids=["found out", "told"])
def test_rows_whether_it_is_told_what_the_source_is(service: Running, kind: str) -> None:
    found = rows(comunica(SELECT, f"{kind}{service.sparql}", form=JSON))
    assert [row["leg"] for row in found] == sorted(LEGS)


def test_an_ask(service: Running) -> None:
    assert json.loads(comunica(ASK, service.sparql, form=JSON))["boolean"] is True


def test_a_construct_and_a_describe(service: Running) -> None:
    constructed = Graph().parse(data=comunica(CONSTRUCT, service.sparql, form="text/turtle"))
    legs = constructed.subjects(RDF.type, URIRef(f"{CAS}RouteLeg"))
    assert {str(leg) for leg in legs} == LEGS
    written = comunica(DESCRIBE, service.sparql, form="application/n-triples")
    described = Graph().parse(data=written, format="nt")
    assert set(described.subjects()) == {URIRef(f"{LEG}amirabad-makhachkala")}
    assert len(described) == 16


def test_it_counts_in_a_view_as_the_store_does(service: Running, graph: Store) -> None:
    us = f"<{VIEW}us>"
    within = f"SELECT (COUNT(*) AS ?n) {{ GRAPH {us} {{ ?s ?p ?o }} }}"
    ((size,),) = graph.select(within).rows
    assert rows(comunica(within, service.sparql, form=JSON)) == [{"n": str(size)}]
    source = f"sparql@{service.sparql}"
    chosen = COUNT.replace("{ ?s", f"FROM {us} {{ ?s")
    assert rows(comunica(chosen, source, form=JSON)) == [{"n": str(size)}]


def test_what_it_works_out_itself_agrees(service: Running) -> None:
    """Over two sources it sends patterns only, and joins, filters and groups on its own."""
    query = (
        f"SELECT ?speaker (COUNT(*) AS ?n) {{ ?claim <{CAS}about> <{LEG}amirabad-makhachkala> ; "
        f"<{CAS}speaker> ?speaker }} GROUP BY ?speaker"
    )
    alone = rows(comunica(query, f"sparql@{service.sparql}", form=JSON))
    twice = rows(comunica(query, *[f"sparql@{service.sparql}"] * 2, form=JSON))
    assert len(alone) >= 1
    # each claim joins with its speaker in both sources, so it counts four times
    assert {row["speaker"]: int(row["n"]) for row in twice} == {
        row["speaker"]: 4 * int(row["n"]) for row in alone
    }
