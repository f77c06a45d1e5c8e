"""A store's graphs as a file: sorted, the same bytes for the same graph, and nothing left out."""

from collections.abc import Iterator, Mapping
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Protocol

import pyoxigraph as ox

from kg.answers import Solutions
from kg.errors import QueryError, StoreError, UnknownNameError, near
from kg.formats import Format
from kg.lines import in_order

__all__ = ["dump", "graph_sizes"]


class Asked(Protocol):
    """What counting needs of a store."""

    def select(self, query: str, /) -> Solutions:
        """The rows of a query."""


class Source(Asked, Protocol):
    """What a dump needs of a store."""

    def ntriples(self, graph: str | None, out: IO[bytes]) -> None:
        """Write a named graph, or the default graph, as N-Triples in any order."""


def graph_sizes(store: Asked) -> dict[str, int]:
    """How many quads each named graph of the store holds."""
    rows = store.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").rows
    return {str(graph): int(str(count)) for graph, count in sorted(rows, key=str)}


def dump(
    store: Source,
    form: Format,
    out: IO[bytes],
    *,
    graph: str | None = None,
    prefixes: Mapping[str, str] | None = None,
) -> int:
    """How many quads or triples were written to `out`: all there are, or an error and none.

    A format of quads takes the named graphs, one after the other, or the one asked for; a format of
    triples takes the default graph, which holds the merge of them all, or the one asked for. What
    was written is read back and counted against what the store counts.
    """
    if form.holds == "solutions":
        raise QueryError(f"{form.name} holds rows, not graphs; take turtle, trig or another of RDF")
    sizes = graph_sizes(store)
    if graph is not None and graph not in sizes:
        raise UnknownNameError(graph, near(graph, list(sizes)))
    graphs: list[str | None] = [graph]
    if graph is None and form.holds == "quads":
        graphs = [*sizes]
    expected = sum(_size(store) if name is None else sizes[name] for name in graphs)
    shape = ox.RdfFormat.from_media_type(form.media_type)
    quads = (quad for name in graphs for quad in _sorted(store, name, form))
    with TemporaryFile() as body:
        ox.serialize(quads, body, shape, prefixes=dict(prefixes or {}))
        body.seek(0)
        written = sum(1 for _ in ox.parse(body, shape))
        if written != expected:
            raise StoreError(
                f"{form.name} took {written:,} of {expected:,} statements, so nothing was written; "
                "another format may hold them all"
            )
        body.seek(0)
        copyfileobj(body, out)
    return written


def _size(store: Asked) -> int:
    return int(str(store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0][0]))


def _sorted(store: Source, graph: str | None, form: Format) -> Iterator[ox.Quad]:
    place = ox.NamedNode(graph) if graph and form.holds == "quads" else ox.DefaultGraph()
    with TemporaryFile() as found, TemporaryFile() as ordered:
        store.ntriples(graph, found)
        found.seek(0)
        ordered.writelines(in_order(found))
        ordered.seek(0)
        for quad in ox.parse(ordered, ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, place)
