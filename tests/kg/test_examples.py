"""Stored questions as triples: found by the query editors send, and queries in themselves."""

import pytest

from kg.examples import EXAMPLES, example_quads
from kg.formats import named
from kg.queries import StoredQuery, stored_queries
from kg.resources import folder
from kg.store import Dataset, OxigraphStore, Store
from kg.terms import line
from kg.vocab import GRAPH, PREFIXES

# as SIB's sparql-editor asks an endpoint
ASKED = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
  ?sq a sh:SPARQLExecutable ;
    rdfs:comment ?comment ;
    sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq"""
DECLARED = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix }
ORDER BY ?prefix"""
QUESTIONS = stored_queries(folder("queries"))
FORMS = {
    "select": "SELECT * { ?s ?p ?o }",
    "ask": "ASK { ?s ?p ?o }",
    "construct": "CONSTRUCT WHERE { ?s ?p ?o }",
    "describe": "DESCRIBE <urn:s>",
}


def store_of(*questions: StoredQuery) -> OxigraphStore:
    return OxigraphStore.memory(line(quad).encode() for quad in example_quads(questions))


def test_an_editor_finds_every_stored_question(graph: Store) -> None:
    found = [tuple(map(str, row)) for row in graph.select(ASKED).rows]
    assert found == [
        (f"{GRAPH}examples#{each.name}", each.question, each.text) for each in QUESTIONS
    ]
    assert len(found) >= 40


def test_an_example_is_a_query_in_itself(graph: Store) -> None:
    texts = [str(row[2]) for row in graph.select(ASKED).rows]
    answers = [graph.answer(text).serialize(named("csv")) for text in texts]
    assert answers == [graph.answer(each.text).serialize(named("csv")) for each in QUESTIONS]


@pytest.mark.parametrize("form", FORMS)
def test_an_example_has_the_class_and_the_property_of_its_form(form: str) -> None:
    text = f"# What is there?\nPREFIX a: <urn:select>\n{FORMS[form]}\n"
    store = store_of(StoredQuery("any", "What is there?", text, "cq99"))
    sh = "http://www.w3.org/ns/shacl#"
    kind = f"{sh}SPARQL{form.title()}Executable" if form != "describe" else f"{sh}SPARQLExecutable"
    assert [str(row[2]) for row in store.select(ASKED).rows] == [text]
    assert store.ask(
        f"ASK {{ <{GRAPH}examples#any> a <{kind}> ; <{sh}{form}> ?text ; "
        f'<{sh}prefixes>/<{sh}declare> ?prefix ; <http://purl.org/dc/terms/identifier> "cq99" ; '
        "<https://schema.org/target> <https://w3id.org/caspian/sparql> }"
    )


def test_a_question_without_a_number_has_no_identifier() -> None:
    store = store_of(StoredQuery("any", "What is there?", FORMS["ask"]))
    assert not store.ask("ASK { ?s <http://purl.org/dc/terms/identifier> ?number }")


def test_an_editor_finds_the_prefixes(graph: Store) -> None:
    found = [(str(prefix), namespace) for prefix, namespace in graph.select(DECLARED).rows]
    assert {prefix: str(namespace) for prefix, namespace in found} == PREFIXES
    datatypes = {getattr(namespace, "datatype", "") for _, namespace in found}
    assert datatypes == {"http://www.w3.org/2001/XMLSchema#anyURI"}


def test_the_examples_stand_in_a_graph_of_their_own(graph: Store) -> None:
    within = graph.answer(ASKED, Dataset((EXAMPLES[1:-1],))).solutions()
    assert len(within.rows) == len(QUESTIONS)
    assert {quad.graph for quad in example_quads(QUESTIONS)} == {EXAMPLES}


def test_every_example_quad_is_made_once_and_has_no_blank_node() -> None:
    quads = [*example_quads(QUESTIONS)]
    assert len(set(quads)) == len(quads)
    assert not [quad for quad in quads if "_:" in (quad.subject[:2], quad.object[:2])]
