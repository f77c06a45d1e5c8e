"""pySHACL, the reference engine: what it reports, as the same report.

Its `focus_nodes=` also filters within sh:node, sh:not and sh:or, its Oxigraph back end reports what
is not there, and what it infers changes the result: none of the three is used. It keeps state of
its own while it works, so no two threads may call it at once. Bring this module in where it is
used: rdflib and pySHACL take half a second.
"""

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyshacl
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning
from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.errors import InputError, Problem
from kg.rdf import Triple
from kg.shacl.described import Described, sh
from kg.shacl.errors import UnknownConstructError
from kg.shacl.nodes import node, term
from kg.shacl.paths import read_path
from kg.shacl.report import REFERENCE, VIOLATION, Result
from kg.shacl.shapes import Shapes
from kg.vocab import TYPE

__all__ = ["results"]

_DEPTH = 100
"""How deep shapes may lie in one another: its own limit of 15 is reached by paths in sh:or."""
_TARGETS = frozenset(
    map(sh, ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target"))
)
_ADVANCED = frozenset(map(sh, ("target", "expression", "SPARQLTarget", "SPARQLTargetType")))


def results(
    data: Iterable[tuple[str, str, str]], shapes: Shapes, only: Iterable[str] | None = None
) -> Iterator[Result]:
    """What pySHACL reports of the data by the shapes with targets, or by these of them.

    Raises InputError where the shapes are no SHACL.
    """
    described = shapes.described
    kept = described.targeted() if only is None else only
    with _quiet():
        rules = _graph(_without_targets(shapes.triples, {*described.targeted()}.difference(kept)))
        report = _validated(_graph(data), rules)
    told = Described(Triple(*map(term, triple)) for triple in report)
    for whole in told.of_type(sh("ValidationReport")):
        for result in told.values(whole, "result"):
            yield _result(told, result, described)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what rdflib and pySHACL tell of on the way: the report says it."""
    told_by = logging.getLogger("rdflib.term")
    before = told_by.disabled
    told_by.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ShapeRecursionWarning)  # the referral's reason
            yield
    finally:
        told_by.disabled = before


def _without_targets(triples: Iterable[Triple], shapes: set[str]) -> Iterator[Triple]:
    """The shapes graph with shapes that have no targets any more, and can still be referred to."""
    for triple in triples:
        if triple.subject in shapes:
            implied = triple.predicate == TYPE and not triple.object.startswith(sh("")[:-1])
            if implied or triple.predicate in _TARGETS:
                continue
        yield triple


def _validated(data: Graph, rules: Graph) -> Graph:
    advanced = any(
        URIRef(term[1:-1]) in (*rules.predicates(), *rules.objects()) for term in _ADVANCED
    )
    try:
        _, report, _ = pyshacl.validate(
            data,
            shacl_graph=rules,
            inference="none",
            inplace=True,
            advanced=advanced,
            max_validation_depth=_DEPTH,
        )
    except Exception as error:  # its parsers raise whatever they like, of shapes that are no SHACL
        raise _no_shacl(error) from error
    if isinstance(report, ReportableRuntimeError):  # some of its errors it returns
        raise _no_shacl(report)
    found: Graph = report
    return found


def _no_shacl(error: Exception) -> InputError:
    return InputError(Problem("shapes", 0, "", str(error), "see https://www.w3.org/TR/shacl/"))


def _result(told: Described, node: str, described: Described) -> Result:
    def one(name: str) -> str:
        return next(iter(told.values(node, name)), "")

    path, shape, constraint = one("resultPath"), one("sourceShape"), one("sourceConstraint")
    route = None
    if path:
        try:
            route = read_path(described.nodes if path in described.nodes else told.nodes, path)
        except UnknownConstructError:
            route = None
    return Result(
        focus=one("focusNode"),
        path=str(route or ""),
        value=one("value"),
        shape=shape,
        component=one("sourceConstraintComponent"),
        severity=one("resultSeverity") or VIOLATION,
        messages=_messages(told.values(node, "resultMessage"), described, shape, constraint),
        constraint=constraint,
        owner=described.owner(shape),
        route=route,
        engine=REFERENCE,
    )


def _messages(
    said: list[str], described: Described, shape: str, constraint: str
) -> tuple[str, ...]:
    """What the shapes say; pySHACL adds words of its own where they are silent."""
    of_shape, of_query = described.values(shape, "message"), described.values(constraint, "message")
    if of_query:  # it gives the shape's as well
        return tuple(sorted(set(said).difference(of_shape)))
    return tuple(sorted(set(said))) if of_shape else ()


# -- terms


def _graph(triples: Iterable[tuple[str, str, str]]) -> Graph:
    graph, seen = Graph(), dict[str, Node]()

    def one(term: str) -> Node:
        if term not in seen:
            seen[term] = node(term)
        return seen[term]

    graph.addN((one(s), one(p), one(o), graph) for s, p, o in triples)
    return graph
