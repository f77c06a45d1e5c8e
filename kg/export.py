"""The graph in an RDF format, the same bytes for the same graph."""

from typing import IO

from kg.formats import named
from kg.graphs import known_graph
from kg.store import Store
from kg.vocab import PREFIXES

__all__ = ["export"]


def export(store: Store, format_name: str, out: IO[bytes], graph: str | None = None) -> int:
    """Write the store, or one of its named graphs, and give how many statements were written.

    Raises UnknownNameError, with the nearest, where there is no graph of that name.
    """
    chosen = None if graph is None else known_graph(store, graph)
    return store.dump(named(format_name), out, prefixes=PREFIXES, graph=chosen)
