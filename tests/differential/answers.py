"""Answers made comparable: rows as a multiset of values, graphs up to their blank nodes."""

import json
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation, localcontext
from typing import NamedTuple

from rdflib import XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

__all__ = ["Comparable", "Term", "from_graph", "from_json", "literal"]

Term = tuple[str, ...]
"""A term as its kind and value. Blank nodes are all the same."""

_X = str(XSD)
_INTEGERS = frozenset(
    _X + name
    for name in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    )
)
# engines divide decimals to 18, 24 or 28 digits
_DIGITS = 15


class Comparable(NamedTuple):
    """An answer: yes or no, rows under their variables, or a graph."""

    variables: frozenset[str]
    rows: tuple[tuple[tuple[str, Term], ...], ...]
    graph: Graph | None = None
    boolean: bool | None = None

    def same(self, other: "Comparable", *, ordered: bool) -> bool:
        """Whether both say the same; rows in their order where that is asked for."""
        if self.graph is not None and other.graph is not None:
            return isomorphic(self.graph, other.graph)
        rows = self.rows == other.rows if ordered else Counter(self.rows) == Counter(other.rows)
        return (self.boolean, self.variables) == (other.boolean, other.variables) and rows

    def lines(self) -> Counter[str]:
        """What it says, a row or a triple a line."""
        if self.graph is not None:
            return Counter(self.graph.serialize(format="nt").splitlines())
        if self.boolean is not None:
            return Counter([str(self.boolean)])
        return Counter([f"variables {sorted(self.variables)}", *map(str, self.rows)])


def from_json(text: str) -> Comparable:
    """The answer in SPARQL's JSON."""
    found = json.loads(text)
    if "boolean" in found:
        return Comparable(frozenset(), (), boolean=found["boolean"])
    rows = (
        ((name, _json_term(term)) for name, term in row.items())
        for row in found["results"]["bindings"]
    )
    return Comparable(frozenset(found["head"]["vars"]), tuple(tuple(sorted(row)) for row in rows))


def from_graph(triples: Iterable[tuple[Node, Node, Node]]) -> Comparable:
    """The answer of these triples, the literals written in one way."""
    graph = Graph()
    for subject, predicate, value in triples:
        graph.add((subject, predicate, _plain(value)))
    return Comparable(frozenset(), (), graph=graph)


def _plain(node: Node) -> Node:
    if not isinstance(node, Literal):
        return node
    kind, *value = literal(str(node), str(node.datatype or ""), node.language or "")
    return Literal("|".join(value), datatype=URIRef(f"urn:kind:{kind}"))


def _json_term(term: dict[str, str]) -> Term:
    match term["type"]:
        case "uri":
            return ("iri", term["value"])
        case "bnode":
            return ("blank",)
    return literal(term["value"], term.get("datatype", ""), term.get("xml:lang", ""))


def literal(value: str, datatype: str, language: str = "") -> tuple[str, ...]:
    """A literal by what it means: a number by its value, in whichever way it is written.

    An engine may give "1.50" back as "1.5" and a derived type of integer as integer (kg/store.py).
    """
    if language:
        return ("text", value, language.lower())
    if datatype in ("", f"{_X}string"):
        return ("text", value, "")
    try:
        return _number(value, datatype) or ("typed", value, datatype)
    except (ValueError, InvalidOperation):
        return ("typed", value, datatype)


def _number(value: str, datatype: str) -> tuple[str, ...] | None:
    if datatype in _INTEGERS:
        return ("integer", str(int(value)))
    if datatype == f"{_X}decimal":
        with localcontext() as context:
            context.prec = _DIGITS
            return ("decimal", str((+Decimal(value)).normalize() + 0))
    if datatype in (f"{_X}double", f"{_X}float"):
        return (datatype.removeprefix(_X), f"{float(value):.{_DIGITS - 3}g}")
    if datatype == f"{_X}boolean":
        return ("boolean", {"1": "true", "0": "false"}.get(value, value))
    if datatype == f"{_X}dateTime":
        return ("dateTime", value.replace("+00:00", "Z"))
    if datatype == f"{_X}dayTimeDuration":
        return ("duration", value.replace("P0D", "PT0S"))
    return None
