"""What engines do otherwise than SPARQL 1.1 says, and how each is asked so that it does not matter.

Virtuoso (tried: 7.2.5) has no default graph of its own: it asks all graphs at once and counts a
triple once for each. So the merge stands there in a graph of its own and is named with each query;
then GRAPH finds nothing, or everything, unless the graphs it may name are named too. It cuts an
answer at ResultSetMaxRows of its virtuoso.ini, else at 1,048,576 rows: of rows it tells, of graphs
it does not. It replaces a graph by emptying it first, which readers see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kg.vocab import GRAPH

__all__ = [
    "DIALECTS",
    "MERGE",
    "MERGES",
    "STANDARD",
    "VIRTUOSO",
    "Dialect",
    "Merge",
    "cut",
    "dialect",
]

Merge = Literal["auto", "default", "named"]
MERGES: tuple[Merge, ...] = ("auto", "default", "named")

MERGE = GRAPH + "merge"
"""The graph that holds the merge where an engine has no default graph of its own."""


@dataclass(frozen=True)
class Dialect:
    """How an engine is asked."""

    name: str
    server: str
    """What its header Server begins with."""
    merge: Merge = "default"
    """Where the merge stands: in the default graph, or in the graph MERGE."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Sent with each query."""
    describe: str = ""
    """Written before DESCRIBE, so that it gives the triples of which the thing is the subject."""
    nothing: str = ""
    """A graph to name where none may be found, for an engine that takes no name for any name."""
    one_base: bool = False
    """Whether it refuses a second BASE."""
    cuts_graphs: bool = False
    """Whether it may cut a graph short without a word."""
    empties: bool = False
    """Whether readers may find a graph empty while it is replaced."""


STANDARD = Dialect("SPARQL 1.1", "")
VIRTUOSO = Dialect(
    "Virtuoso",
    "Virtuoso",
    merge="named",
    fields={"maxrows": str(2**31 - 1)},
    describe='define sql:describe-mode "CBD" ',
    nothing=GRAPH + "nothing",
    one_base=True,
    cuts_graphs=True,
    empties=True,
)
DIALECTS = (VIRTUOSO, STANDARD)


def dialect(server: str) -> Dialect:
    """The dialect of the engine that calls itself this in the header Server.

    >>> dialect("Virtuoso/07.20.3229 (Linux)").name
    'Virtuoso'
    """
    return next(each for each in DIALECTS if server.startswith(each.server))


def cut(headers: Mapping[str, str]) -> str:
    """Why the answer under these headers is not whole; empty where they say no such thing.

    >>> cut({"X-SPARQL-MaxRows": "10000"})
    'cut the answer at 10000 rows'
    """
    if state := headers.get("X-SQL-State"):
        return f"gave a part of the answer when its time was up (X-SQL-State: {state})"
    if rows := headers.get("X-SPARQL-MaxRows"):
        return f"cut the answer at {rows} rows"
    return ""
