"""The stored questions as triples of the dataset, as editors and other clients look for them.

The convention is that of SIB's sparql-examples: an executable of SHACL with the question as its
comment. SHACL has no executable for DESCRIBE; those editors ask for sh:describe.
"""

from collections.abc import Iterable, Iterator, Mapping

from kg import vocab
from kg.guard import check
from kg.queries import StoredQuery
from kg.terms import XSD, Quad, iri, literal
from kg.vocab import BASE, GRAPH, PREFIXES, SCHEMA, SH, graph

__all__ = ["ENDPOINT", "EXAMPLES", "example_quads"]

ENDPOINT = BASE + "sparql"
"""The endpoint by its lasting name, which leads to wherever it is served."""

EXAMPLES = graph("examples")

_FORMS = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
    "DESCRIBE": ("SPARQLExecutable", "describe"),
}


def example_quads(
    questions: Iterable[StoredQuery], prefixes: Mapping[str, str] = PREFIXES
) -> Iterator[Quad]:
    """Each question with its query, in the graph of examples, and the prefixes they may use.

    >>> asked = StoredQuery("any", "Is there anything?", "ASK { ?s ?p ?o }")
    >>> [quad.object for quad in example_quads([asked]) if quad.predicate.endswith("ask>")]
    ['"ASK { ?s ?p ?o }"']
    """
    yield from _declared(prefixes)
    for question in questions:
        yield from dict.fromkeys(_example(question))


def _example(question: StoredQuery) -> Iterator[Quad]:
    kind, key = _FORMS[check(question.text).form]
    node = _node(question.name)
    yield Quad(node, vocab.TYPE, _sh("SPARQLExecutable"), EXAMPLES)
    yield Quad(node, vocab.TYPE, _sh(kind), EXAMPLES)
    yield Quad(node, vocab.COMMENT, literal(question.question, language="en"), EXAMPLES)
    yield Quad(node, _sh(key), literal(question.text), EXAMPLES)
    yield Quad(node, _sh("prefixes"), _node("prefixes"), EXAMPLES)
    yield Quad(node, iri(SCHEMA + "target"), iri(ENDPOINT), EXAMPLES)
    if question.number:
        yield Quad(node, vocab.IDENTIFIER, literal(question.number), EXAMPLES)


def _declared(prefixes: Mapping[str, str]) -> Iterator[Quad]:
    whole = _node("prefixes")
    yield Quad(whole, vocab.TYPE, vocab.ONTOLOGY, EXAMPLES)  # the domain of sh:declare
    for prefix, namespace in prefixes.items():
        node = _node(f"prefixes/{prefix}")
        yield Quad(whole, _sh("declare"), node, EXAMPLES)
        yield Quad(node, vocab.TYPE, _sh("PrefixDeclaration"), EXAMPLES)
        yield Quad(node, _sh("prefix"), literal(prefix), EXAMPLES)
        yield Quad(node, _sh("namespace"), literal(namespace, XSD + "anyURI"), EXAMPLES)


def _node(name: str) -> str:
    return iri(f"{GRAPH}examples#{name}")


def _sh(name: str) -> str:
    return iri(SH + name)
