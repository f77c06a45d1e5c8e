"""A SELECT read into a pattern that is matched in memory, where it is one of those."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from kg.rdf import Triple
from kg.shacl.expressions import UnknownExpressionError, test_of
from kg.shacl.nodes import term
from kg.shacl.patterns import Pattern

__all__ = ["Select", "read_select"]


class Select(NamedTuple):
    """A query that is a pattern: what it gives of each match, with question marks."""

    names: tuple[str, ...]
    pattern: Pattern

    @property
    def wanted(self) -> frozenset[str]:
        """What is to be known of a match."""
        return frozenset(self.names)


def read_select(query: str) -> Select | None:
    """The pattern of a query; None where it has more than triples, filters and (NOT) EXISTS.

    >>> read_select("SELECT ?this { ?this <urn:p> ?o FILTER(?o > 1) }").names
    ('?this',)
    >>> read_select("SELECT ?this { ?this <urn:p> ?o } LIMIT 1") is None
    True
    """
    from rdflib.plugins.sparql.algebra import translateQuery  # noqa: PLC0415 -- a quarter second
    from rdflib.plugins.sparql.parser import parseQuery  # noqa: PLC0415 -- comes with it

    try:
        top = translateQuery(parseQuery(query)).algebra.p
        while top.name in {"Distinct", "Reduced"}:
            top = top.p
        if top.name != "Project":
            return None
        names = tuple(f"?{name}" for name in top.PV)
        return Select(names, _pattern(top.p))
    except UnknownExpressionError:
        return None
    except Exception:  # noqa: BLE001 -- whatever the parser raises: the engine says what is wrong
        return None


def _pattern(node: Any) -> Pattern:  # noqa: ANN401 -- rdflib's algebra has no type of its own
    triples: list[Triple] = []
    filters: list[Any] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.name == "BGP":
            triples += map(_triple, each.triples)
        elif each.name == "Join":
            waiting += [each.p1, each.p2]
        elif each.name == "Filter" and each is node:  # a filter of an inner group sees less
            filters += _conjuncts(each.expr)
            waiting.append(each.p)
        else:
            raise UnknownExpressionError(each.name)
    present = tuple(_pattern(f.graph) for f in filters if f.name == "Builtin_EXISTS")
    absent = tuple(_pattern(f.graph) for f in filters if f.name == "Builtin_NOTEXISTS")
    if any(inner.present or inner.absent for inner in (*present, *absent)):
        raise UnknownExpressionError("EXISTS within EXISTS")
    tests = tuple(test_of(f) for f in filters if f.name not in _EXISTS)
    tested = frozenset(name for f in filters if f.name not in _EXISTS for name in _variables(f))
    return Pattern(tuple(triples), tests, present, absent, tested)


_EXISTS = {"Builtin_EXISTS", "Builtin_NOTEXISTS"}


def _conjuncts(expression: Any) -> Iterator[Any]:  # noqa: ANN401
    if getattr(expression, "name", "") == "ConditionalAndExpression":
        for each in (expression.expr, *expression.other):
            yield from _conjuncts(each)
    elif not hasattr(expression, "name"):
        raise UnknownExpressionError("a constant")
    else:
        yield expression


def _variables(node: Any) -> Iterator[str]:  # noqa: ANN401
    from rdflib import Variable  # noqa: PLC0415 -- only for queries

    if isinstance(node, Variable):
        yield f"?{node}"
    elif isinstance(node, dict):
        for each in node.values():
            yield from _variables(each)
    elif isinstance(node, list):
        for each in node:
            yield from _variables(each)


def _triple(parts: tuple[Any, Any, Any]) -> Triple:
    triple = Triple(*map(_part, parts))
    if len(set(triple)) < len(triple):
        raise UnknownExpressionError("a term twice in a triple")
    return triple


def _part(node: Any) -> str:  # noqa: ANN401
    from rdflib import BNode, Literal, URIRef, Variable  # noqa: PLC0415 -- only for queries

    if isinstance(node, Variable):
        return f"?{node}"
    if isinstance(node, BNode):
        return f"?_{node}"
    if isinstance(node, URIRef | Literal):
        return term(node)
    raise UnknownExpressionError("a property path")
