"""Reading and writing RDF files, as N-Quads terms."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError, Problem

__all__ = ["Triple", "read_turtle", "turtle"]


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


def turtle(triples: Iterable[Triple], prefixes: dict[str, str]) -> str:
    """The triples as Turtle in the order given.

    >>> print(turtle([Triple("<http://e/a>", "<http://e/b>", '"x"')], {"e": "http://e/"}))
    @prefix e: <http://e/> .
    e:a e:b "x" .
    <BLANKLINE>
    """
    import pyoxigraph as ox  # noqa: PLC0415 -- only verbs that write RDF pay for the engine

    text = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    parsed = ox.parse(text, format=ox.RdfFormat.N_TRIPLES)
    out = io.BytesIO()
    ox.serialize(parsed, out, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return out.getvalue().decode("utf-8")
