"""The graphs of a store: which there are, how large, and whether one is there."""

from typing import NamedTuple

from kg.dumps import graph_sizes
from kg.errors import QueryError, UnknownNameError, near
from kg.statements import query
from kg.store import Iri, Store
from kg.vocab import GRAPH

__all__ = ["WHOLE", "Graphs", "Held", "graphs", "known_graph"]

WHOLE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
"""The query for all of a graph."""

_SHOWN = 12


class Held(NamedTuple):
    """A named graph: its IRI, what it is called where it has a name, and how many triples it holds.

    >>> Held("https://w3id.org/caspian/graph/view/us", "The United States", 442).name
    'view/us'
    """

    iri: str
    label: str
    triples: int

    @property
    def name(self) -> str:
        """The IRI without what all graphs of Caspian begin with."""
        return self.iri.removeprefix(GRAPH)


class Graphs(NamedTuple):
    """How many triples the default graph holds, and the named graphs, by IRI."""

    merge: int
    named: tuple[Held, ...]


def graphs(store: Store) -> Graphs:
    """The graphs, as the dataset's own description has them; counted where there is none.

    The description is read in milliseconds; counting takes a second or two a million triples.
    """
    merge = store.select(query("merge")).rows
    if not merge:
        rows = store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
        sizes = graph_sizes(store)
        return Graphs(int(str(rows[0][0])), tuple(Held(each, "", sizes[each]) for each in sizes))
    rows = store.select(query("graphs")).rows
    named = (Held(str(graph), str(label or ""), int(str(size))) for graph, size, label in rows)
    return Graphs(int(str(merge[0][0])), tuple(named))


def known_graph(store: Store, name: str) -> str:
    """The IRI of a named graph of the store, by its IRI or its name after graph/, such as view/us.

    Raises UnknownNameError, with the nearest names or else a few, where there is none.
    """
    for candidate in (name, GRAPH + name.removeprefix("graph:")):
        if _is_there(store, candidate):
            return candidate
    names = [each.name for each in graphs(store).named]
    raise UnknownNameError(name, near(name.removeprefix(GRAPH), names) or tuple(names[:_SHOWN]))


def _is_there(store: Store, name: str) -> bool:
    try:
        return store.ask("ASK { GRAPH ?graph { ?s ?p ?o } }", graph=Iri(name))
    except QueryError:  # what is no IRI names no graph
        return False
