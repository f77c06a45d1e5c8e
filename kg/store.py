"""The store: what questions are put to, and the embedded engine behind it.

The default graph of a store is the merge of its named graphs, each triple once, made when the graph
is built: an engine's own union counts a triple once per graph. Numbers keep their value and not
their spelling: the engine gives "1.50" back as "1.5" and every derived type of integer, such as
xsd:nonNegativeInteger, as xsd:integer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Protocol, TypeAlias

import pyoxigraph as ox

from kg.answers import Answer, Dataset, Iri, Literal, Solutions, Term, engine_errors
from kg.binding import bind
from kg.datasets import AS_THE_QUERY_SAYS, graph_node, named_in
from kg.dumps import dump, graph_sizes
from kg.errors import StoreError
from kg.formats import Format
from kg.guard import check, limit, within
from kg.lines import split
from kg.spool import anonymous
from kg.vocab import ID

__all__ = [
    "AS_THE_QUERY_SAYS",
    "Answer",
    "Dataset",
    "Iri",
    "Literal",
    "OxigraphStore",
    "Solutions",
    "Store",
    "Term",
    "graph_sizes",
]

_CHUNK = 100_000
_Graph: TypeAlias = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class Store(Protocol):
    """What every store answers; values are bound to variables, never pasted into the text.

    A relative IRI is a thing's id: <place/amirabad>. An update, SERVICE, or a query past a limit is
    refused (kg/guard.py).
    """

    def select(self, query: str, /, **bindings: Term) -> Solutions:
        """The rows that answer a SELECT."""

    def ask(self, query: str, /, **bindings: Term) -> bool:
        """The answer of an ASK."""

    def answer(self, query: str, dataset: Dataset = AS_THE_QUERY_SAYS) -> Answer:
        """What a query of any form gives, asked of those graphs."""

    def dump(
        self,
        form: Format,
        out: IO[bytes],
        *,
        graph: str | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> int:
        """How many quads or triples were written to `out`, sorted."""

    def close(self) -> None:
        """Let go of files and connections; what is asked afterwards is a StoreError."""


class OxigraphStore:
    """A graph in this process: read from a folder that nobody writes, or in memory.

    Without a folder it is empty. Threads may share it; an Answer stays on the thread that asked.
    """

    def __init__(self, path: Path | None = None) -> None:
        with engine_errors():
            self._engine: ox.Store | None = ox.Store.read_only(str(path)) if path else ox.Store()

    @classmethod
    def memory(cls, lines: Iterable[bytes]) -> "OxigraphStore":
        r"""A store in memory with these lines of N-Quads, and their merge as the default graph.

        >>> store = OxigraphStore.memory([b"<urn:s> <urn:p> <urn:o> <urn:g> .\n"])
        >>> store.ask("ASK { ?s <urn:p> ?o }", s=Iri("urn:s"))
        True
        """
        store = cls()
        engine = store._opened()
        for chunk in _chunks(lines):
            _load(engine.load, chunk)
        return store

    @classmethod
    def build(cls, path: Path, lines: Iterable[bytes]) -> "OxigraphStore":
        """A store in a new folder, open for writing, with these lines of N-Quads and their merge.

        Close it before anybody reads the folder: two openings, one of which writes, are undefined.
        """
        store = cls()
        with engine_errors():
            store._engine = engine = ox.Store(path)
            for chunk in _chunks(lines):
                _load(engine.bulk_load, chunk)
            engine.optimize()
            engine.flush()
        return store

    @classmethod
    def copy(cls, lines: IO[bytes]) -> "OxigraphStore":
        r"""A store in memory with exactly these lines of N-Quads, as `nquads` writes them.

        >>> import io
        >>> OxigraphStore.copy(io.BytesIO(b"<urn:s> <urn:p> <urn:o> .\n")).ask("ASK { ?s ?p ?o }")
        True
        """
        store = cls()
        with engine_errors():
            store._opened().bulk_load(lines, ox.RdfFormat.N_QUADS)
        return store

    @classmethod
    def copied(
        cls, graphs: Iterable[str], write: Callable[[str, IO[bytes]], None]
    ) -> "OxigraphStore":
        """A store in memory with these named graphs, each as `write` gives it in N-Triples."""
        store = cls()
        for name in graphs:
            with anonymous() as file, engine_errors():
                write(name, file)
                file.seek(0)
                store._opened().load(file, ox.RdfFormat.N_TRIPLES, to_graph=graph_node(name))
        return store

    def select(self, query: str, /, **bindings: Term) -> Solutions:
        """The rows that answer a SELECT.

        >>> OxigraphStore().select("SELECT ?x { VALUES ?x { 1 } }").rows[0][0].python()
        1
        """
        return self._run(query, bindings, AS_THE_QUERY_SAYS).solutions()

    def ask(self, query: str, /, **bindings: Term) -> bool:
        """The answer of an ASK."""
        return self._run(query, bindings, AS_THE_QUERY_SAYS).boolean()

    def answer(self, query: str, dataset: Dataset = AS_THE_QUERY_SAYS) -> Answer:
        """What a query of any form gives.

        Where two graphs or more make the default graph, they are merged in memory first, so that a
        triple they share counts once: 10 µs and 0.7 kB a triple, up to the limit “merged”.
        """
        return self._run(query, {}, dataset)

    def dump(
        self,
        form: Format,
        out: IO[bytes],
        *,
        graph: str | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> int:
        """How many quads or triples were written to `out`, sorted."""
        return dump(self, form, out, graph=graph, prefixes=prefixes)

    def ntriples(self, graph: str | None, out: IO[bytes]) -> None:
        """Write a named graph, or the default graph, as N-Triples in any order."""
        source = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
        with engine_errors():
            self._opened().dump(out, ox.RdfFormat.N_TRIPLES, from_graph=source)

    def nquads(self, out: IO[bytes]) -> None:
        """Write every graph, the default graph too, as N-Quads in any order."""
        with engine_errors():
            self._opened().dump(out, ox.RdfFormat.N_QUADS)

    def close(self) -> None:
        """Let go of the files."""
        self._engine = None

    def _opened(self) -> ox.Store:
        if self._engine is None:
            raise StoreError("the store is closed; open it again to ask")
        return self._engine

    def _run(self, query: str, bindings: Mapping[str, Term], dataset: Dataset) -> Answer:
        engine, reading = self._opened(), check(query)
        text = bind(query, bindings)
        with engine_errors():
            if dataset == AS_THE_QUERY_SAYS:
                dataset = named_in(reading)
            try:
                return Answer(_asked(engine, text, dataset))
            except SyntaxError:
                if bindings:  # then the error is told where it stands in the text as it was given
                    ox.Store().query(query, base_iri=ID)
                raise


def _asked(
    engine: ox.Store, text: str, dataset: Dataset
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    if dataset == AS_THE_QUERY_SAYS:
        return engine.query(text, base_iri=ID)
    default: list[_Graph] = [graph_node(name) for name in dict.fromkeys(dataset.default)]
    named = [graph_node(name) for name in dict.fromkeys(dataset.named)]
    if len(default) > 1:
        engine, default = _merged(engine, default, named), [ox.DefaultGraph()]
    # `use_default_graph_as_union` would override the graphs given here, so it is never used.
    return engine.query(text, base_iri=ID, default_graph=default, named_graphs=[*named])


def _merged(engine: ox.Store, default: Iterable[_Graph], named: Iterable[ox.NamedNode]) -> ox.Store:
    """A store in memory whose default graph is the merge of these graphs, each triple once."""
    quads = list(islice(_copies(engine, default, named), limit("merged").value + 1))
    within("merged", len(quads))
    merged = ox.Store()
    merged.extend(quads)
    return merged


def _copies(
    engine: ox.Store, default: Iterable[_Graph], named: Iterable[ox.NamedNode]
) -> Iterator[ox.Quad]:
    for graph in default:
        for quad in engine.quads_for_pattern(None, None, None, graph):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
    for graph in named:
        yield from engine.quads_for_pattern(None, None, None, graph)


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Lines with the merge beside them, as many as load at once: the engine takes 2 kB for each."""
    source = map(split, lines)
    while chunk := [part for line in islice(source, _CHUNK) for part in (line.quad, line.triple)]:
        yield chunk


def _load(load: Callable[[bytes, ox.RdfFormat], None], lines: list[bytes]) -> None:
    try:
        load(b"".join(lines), ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        line = lines[(error.lineno or 1) - 1].decode(errors="replace").strip()
        raise StoreError(f"the engine cannot load a line: {error.msg}; it is {line}") from error
