"""Whether a graph keeps the shapes, and where it does not: which thing, which shape, what to do.

Bring this module in where it is used: rdflib takes a quarter of a second to import.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, BNode, Graph, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.namespace import SH
from rdflib.term import Node

from kg.errors import InputError, Problem
from kg.rdf import read_turtle
from kg.vocab import ID

__all__ = ["Report", "Result", "problems", "shapes_graph", "validate"]


@dataclass(frozen=True, order=True)
class Result:
    """One way in which the graph breaks a shape; IRIs and values as plain text."""

    focus: str
    """The thing that was looked at; `[]` where it has no IRI."""
    path: str
    """From the thing to the value: an IRI, a SPARQL property path, or nothing."""
    value: str
    message: str
    shape: str
    """The node shape the broken constraint belongs to."""
    severity: str
    component: str
    """The kind of constraint, such as sh:MinCountConstraintComponent."""


@dataclass(frozen=True)
class Report:
    """What validation found; the results are sorted, so the same graph gives the same report."""

    conforms: bool
    results: tuple[Result, ...]


def shapes_graph(folder: Path) -> Graph:
    """The shapes of a folder's Turtle files, as one graph.

    >>> from kg.resources import folder
    >>> len(shapes_graph(folder("shapes"))) > 1000
    True

    Raises InputError, with file and line, where one is not Turtle.
    """
    graph = Graph()
    for path in sorted(folder.glob("*.ttl")):
        # rdflib reads lines three times faster than Turtle, and never says which file it was in
        lines = "".join(f"{s} {p} {o} .\n" for s, p, o in read_turtle(path))
        graph.parse(data=lines, format="nt")
    return graph


def validate(data: Graph, *, shapes: Graph, ontology: Graph) -> Report:
    """What is wrong with the data by these shapes; the ontology says which class is below which.

    >>> validate(Graph(), shapes=Graph(), ontology=Graph())
    Report(conforms=True, results=())

    None of the three graphs is changed. Raises InputError where the shapes are no SHACL.
    """
    import pyshacl  # noqa: PLC0415 -- a quarter of a second
    from pyshacl.errors import ReportableRuntimeError  # noqa: PLC0415 -- comes with it

    rules = _merged(shapes)  # pySHACL adds to the shapes it is given
    # Merged here: its own way of mixing in an ontology leaves out the concepts declared there.
    whole = _merged(data, ontology) if len(ontology) else data
    try:
        conforms, report, _ = pyshacl.validate(
            whole, shacl_graph=rules, inference="none", inplace=True
        )
    except ReportableRuntimeError as error:
        raise _no_shacl(error) from error
    if isinstance(report, ReportableRuntimeError):  # some of its errors it returns
        raise _no_shacl(report)
    return Report(conforms, tuple(sorted(set(_results(report, rules)))))


def problems(
    report: Report, locate: Callable[[str], tuple[str, int] | None]
) -> tuple[Problem, ...]:
    """The results as problems of files: `locate` gives the file and line that a thing came from.

    >>> result = Result(ID + "leg/x", "", "", "A leg joins two places: state both", "", "", "")
    >>> print(*problems(Report(False, (result,)), lambda iri: ("002.yaml", 9)))
    002.yaml:9: leg/x: A leg joins two places (state both)

    Where neither the thing nor the value came from a file, the thing's IRI stands in its stead.
    """
    return tuple(sorted({_problem(result, locate) for result in report.results}))


def _no_shacl(error: Exception) -> InputError:
    return InputError(Problem("shapes", 0, "", str(error), "see https://www.w3.org/TR/shacl/"))


def _problem(result: Result, locate: Callable[[str], tuple[str, int] | None]) -> Problem:
    message, _, hint = result.message.replace(ID, "").partition(": ")
    things = (result.focus, result.value)
    # whoever writes a SPARQL constraint selects as ?value what is to be mended
    by_query = result.component.endswith("SPARQLConstraintComponent")
    for thing in reversed(things) if by_query else things:
        if place := locate(thing):
            return Problem(*place, thing.removeprefix(ID), message, hint)
    return Problem(result.focus, 0, "", message, hint)


def _merged(*graphs: Graph) -> Graph:
    merged = Graph()
    for graph in graphs:
        merged += graph
    return merged


def _results(report: Graph, shapes: Graph) -> Iterator[Result]:
    for node in report.objects(None, SH.result):
        source = report.value(node, SH.sourceShape)
        yield Result(
            focus=_text(report.value(node, SH.focusNode)),
            path=_path(shapes, shapes.value(source, SH.path)),
            value=_text(report.value(node, SH.value)),
            message="; ".join(sorted(map(_text, report.objects(node, SH.resultMessage)))),
            shape=_owner(shapes, source),
            severity=_text(report.value(node, SH.resultSeverity)),
            component=_text(report.value(node, SH.sourceConstraintComponent)),
        )


def _path(shapes: Graph, path: Node | None) -> str:
    if path is None or isinstance(path, URIRef):
        return _text(path)
    return parse_shacl_path(shapes, path).n3()


def _owner(shapes: Graph, shape: Node | None) -> str:
    """The IRI of the node shape that holds this shape, at any depth; its own where none does."""
    seen: set[Node | None] = set()
    level: Iterable[Node | None] = (shape,)
    while nodes := set(level) - seen:
        if owners := [node for node in nodes if _is_named_node_shape(shapes, node)]:
            return min(map(_text, owners))
        seen |= nodes
        level = [above for node in nodes for above in shapes.subjects(None, node)]
    return _text(shape)


def _is_named_node_shape(shapes: Graph, node: Node | None) -> bool:
    return isinstance(node, URIRef) and (node, RDF.type, SH.NodeShape) in shapes


def _text(node: Node | None) -> str:
    """The node as text that is the same in every run: blank nodes have no name of their own."""
    if node is None:
        return ""
    return "[]" if isinstance(node, BNode) else str(node)
