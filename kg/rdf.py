"""Reading and writing RDF files, as N-Quads terms."""

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError, Problem

__all__ = ["SUFFIXES", "Triple", "read_turtle", "rewritten", "turtle"]

SUFFIXES = (".ttl", ".nt", ".nq", ".trig", ".n3", ".rdf", ".owl", ".xml", ".jsonld")
"""What the name of a file of RDF ends with."""


class Triple(NamedTuple):
    """A statement; every part is an N-Triples term."""

    subject: str
    predicate: str
    object: str


def read_turtle(path: Path) -> Iterator[Triple]:
    """The triples of a Turtle file, in the file's order.

    Raises InputError, with the line, where the file is not Turtle.
    """
    import pyoxigraph as ox  # noqa: PLC0415 -- only verbs that read RDF pay for the engine

    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            yield Triple(str(quad.subject), str(quad.predicate), str(quad.object))
    except SyntaxError as error:
        raise InputError(Problem(str(path), error.lineno or 0, "", error.msg)) from error


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """The triples as Turtle in the order given.

    >>> print(turtle([Triple("<http://e/a>", "<http://e/b>", '"x"')], {"e": "http://e/"}))
    @prefix e: <http://e/> .
    e:a e:b "x" .
    <BLANKLINE>
    """
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    return rewritten(lines.encode(), "text/turtle", prefixes).decode("utf-8")


def rewritten(ntriples: bytes, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """N-Triples in another syntax of RDF, in the order given."""
    import pyoxigraph as ox  # noqa: PLC0415 -- only verbs that write RDF pay for the engine

    parsed = ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)
    out = io.BytesIO()
    form = ox.RdfFormat.from_media_type(media_type)
    ox.serialize(parsed, out, format=form, prefixes=dict(prefixes))
    return out.getvalue()
