"""Whether a graph keeps the shapes, and where it does not: which thing, which shape, what to do.

The work is done in kg.shacl; here shapes are read from their folder, and results become problems of
the files that people write.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from kg.errors import Problem
from kg.rdf import Triple, read_turtle
from kg.shacl import (
    Data,
    Referral,
    Report,
    Result,
    Shapes,
    by_reference,
    read_shapes,
    referred,
    validate,
)
from kg.shacl.literals import is_iri, is_literal, text
from kg.vocab import ID, SH

__all__ = [
    "Data",
    "Referral",
    "Report",
    "Result",
    "Shapes",
    "by_reference",
    "file_triples",
    "folder_triples",
    "problem",
    "problems",
    "read_shapes",
    "referred",
    "shapes_in",
    "validate",
]

_BY_QUERY = f"<{SH}SPARQLConstraintComponent>"


def folder_triples(folder: Path) -> Iterator[Triple]:
    """The triples of a folder's Turtle files; blank nodes are named by file and place in it.

    >>> from kg.resources import folder
    >>> len([*folder_triples(folder("shapes"))]) > 1000
    True

    Raises InputError, with file and line, where one is not Turtle.
    """
    for path in sorted(folder.glob("*.ttl")):
        yield from file_triples(path)


def file_triples(path: Path) -> Iterator[Triple]:
    """The triples of one of them."""
    names: dict[str, str] = {}
    for triple in read_turtle(path):
        yield Triple(*(_named(term, path.stem, names) for term in triple))


def _named(term: str, file: str, names: dict[str, str]) -> str:
    if term.startswith("_:"):
        return names.setdefault(term, f"_:{file}-{len(names) + 1}")
    return term


def shapes_in(folder: Path) -> Shapes:
    """The shapes of a folder's Turtle files, ready to validate with."""
    return read_shapes(folder_triples(folder))


def problems(
    report: Report, locate: Callable[[str], tuple[str, int] | None]
) -> tuple[Problem, ...]:
    """The results as problems of files: `locate` gives the file and line that a thing came from.

    >>> says = '"A leg joins two places: state both"'
    >>> result = Result(f"<{ID}leg/x>", messages=(says,))
    >>> print(*problems(Report((result,)), lambda iri: ("002.yaml", 9)))
    002.yaml:9: leg/x: A leg joins two places (state both)

    Where neither the thing nor the value came from a file, the thing's IRI stands in its stead.
    """
    return tuple(sorted({problem(result, locate) for result in report.results}))


def problem(result: Result, locate: Callable[[str], tuple[str, int] | None]) -> Problem:
    """One of them."""
    message, _, hint = result.said.replace(ID, "").partition(": ")
    things = (_plain(result.focus), _plain(result.value))
    # whoever writes a SPARQL constraint selects as ?value what is to be mended
    for thing in reversed(things) if result.component == _BY_QUERY else things:
        if place := locate(thing):
            return Problem(*place, thing.removeprefix(ID), message, hint)
    return Problem(things[0], 0, "", message, hint)


def _plain(term: str) -> str:
    return text(term) if term and (is_iri(term) or is_literal(term)) else term
