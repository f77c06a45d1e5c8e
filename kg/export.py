"""The graph in an RDF format, the same bytes for the same graph."""

from typing import IO

from kg.errors import UnknownNameError, near
from kg.formats import named
from kg.store import Store
from kg.vocab import GRAPH, PREFIXES

__all__ = ["export"]


def export(store: Store, format_name: str, out: IO[bytes], graph: str | None = None) -> int:
    """Write the store, or one of its named graphs, and give how many statements were written.

    Raises UnknownNameError, with the nearest, where there is no graph of that name.
    """
    chosen = None
    if graph is not None:
        rows = store.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g").rows
        known = [str(row[0]) for row in rows]
        chosen = graph if graph in known else GRAPH + graph.removeprefix("graph:")
        if chosen not in known:
            names = [name.removeprefix(GRAPH) for name in known]
            raise UnknownNameError(graph, near(graph, names) or tuple(names))
    return store.dump(named(format_name), out, prefixes=PREFIXES, graph=chosen)
