"""The built graph loaded into a store elsewhere, and counted there.

Each graph is put in its place; what was ours and is no more goes last, so that a reader finds
every graph at every moment. A graph of more than a chunk is added to chunk by chunk, and so is each
where an engine empties what it replaces: what it holds of old and new is there together until its
count shows that something old is left, and only then is it written anew, when a reader may for a
while see a part of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Literal, NamedTuple, Protocol

from kg.answers import Solutions
from kg.dialects import MERGE, Dialect
from kg.errors import RemoteError
from kg.graph_store import GraphStore
from kg.remote import RemoteStore
from kg.spool import anonymous
from kg.vocab import GRAPH

__all__ = [
    "CHUNK",
    "DEFAULT",
    "PLACES",
    "Place",
    "Source",
    "Step",
    "Target",
    "plan",
    "publish",
    "quads",
    "resolved",
]

Place = Literal["auto", "default", "named", "none"]
PLACES: tuple[Place, ...] = ("auto", "default", "named", "none")
"""Where the merge goes: by the engine, its default graph, the graph MERGE, or nowhere."""

CHUNK = 8 * 2**20
"""Bytes a request carries at most, but for a last line: some 50,000 triples."""

DEFAULT = ""
"""What stands for the default graph where graphs are named."""

_ORDER = ("ontology", "reference", "article/", "derived")
_PROBE = GRAPH + "nothing"
_SHOWN = 5
_COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_END = b" .\n"


class Source(Protocol):
    """What publishing needs of the store here."""

    def ntriples(self, graph: str | None, out: IO[bytes]) -> None:
        """Write a named graph, or the default graph, as N-Triples in any order."""

    def select(self, query: str, /) -> Solutions:
        """The rows that answer a SELECT."""


class Target(NamedTuple):
    """A store elsewhere: where it takes graphs, where it is asked, and what kind it is."""

    graphs: GraphStore
    endpoint: RemoteStore
    engine: Dialect


class Step(NamedTuple):
    """A graph as it shall be there: with so many triples, or gone where it has none."""

    graph: str
    triples: int

    @property
    def name(self) -> str:
        """The graph as people say it.

        >>> Step("https://w3id.org/caspian/graph/view/us", 442).name, Step("", 20_380).name
        ('view/us', 'the default graph')
        """
        return self.graph.removeprefix(GRAPH) or "the default graph"


def resolved(engine: Dialect, place: Place) -> Place:
    """Where the merge goes on that engine, by which it goes where that is left to it."""
    return engine.merge if place == "auto" else place


def plan(
    source: Source, sizes: Mapping[str, int], there: Iterable[str] = (), *, place: Place
) -> tuple[Step, ...]:
    """What is to be done, in order: the named graphs, their merge, then what is to go.

    `sizes` are those of the graphs here, `there` the names of the graphs of ours elsewhere.
    """
    steps = [Step(name, sizes[name]) for name in sorted(sizes, key=_turn)]
    if place != "none":
        merged = int(str(source.select(_COUNT).rows[0][0]))
        steps.append(Step(MERGE if place == "named" else DEFAULT, merged))
    wanted = {step.graph for step in steps}
    return (*steps, *(Step(name, 0) for name in sorted(set(there) - wanted)))


def publish(
    source: Source,
    target: Target,
    steps: tuple[Step, ...],
    *,
    chunk: int = CHUNK,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Do what the steps say, and count: an error names the graphs that differ afterwards.

    Done again it makes no difference, so what was broken off is begun again.
    """
    _require_room(target.endpoint, steps)
    target.graphs.remove(_PROBE)  # told now, before anything is written, who may not write
    for number, step in enumerate(steps, 1):
        tell(f"{number:,} of {len(steps):,}: {step.name}")
        if step.triples:
            _put(source, target, step, chunk)
        else:
            target.graphs.remove(step.graph)
    tell("counting")
    if found := _differences(target.endpoint, steps):
        more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        raise RemoteError(
            f"what was published differs there: {', '.join(found[:_SHOWN])}{more}; publish again, "
            "and see its log where that does not help"
        )


def quads(source: Source, steps: Iterable[Step]) -> Iterator[bytes]:
    """The lines of N-Quads of what the steps put, for a store that loads files."""
    for step in steps:
        end = b" <" + step.graph.encode() + b">" + _END if step.graph else _END
        with anonymous() as lines:
            source.ntriples(_name_here(step.graph), lines)
            lines.seek(0)
            for line in lines:
                yield line.removesuffix(_END) + end


def _require_room(endpoint: RemoteStore, steps: Iterable[Step]) -> None:
    """Nothing, where no other's triples would be lost: a default graph bears nobody's name."""
    if DEFAULT not in (step.graph for step in steps) or endpoint.held():
        return
    if others := endpoint.size(None):
        raise RemoteError(
            f"the default graph there holds {others:,} triples and no graph of ours stands beside "
            "it, so they are another's; empty it, or take --merge named"
        )


def _put(source: Source, target: Target, step: Step, chunk: int) -> None:
    there = step.graph or None
    with anonymous() as lines:
        source.ntriples(_name_here(step.graph), lines)
        if lines.tell() <= chunk and not target.engine.empties:
            lines.seek(0)
            target.graphs.replace(there, lines.read())
            return
        for part in _chunks(lines, chunk):
            target.graphs.add(there, part)
        if target.endpoint.size(there) != step.triples:
            write = target.graphs.replace
            for part in _chunks(lines, chunk):
                write(there, part)
                write = target.graphs.add


def _chunks(lines: IO[bytes], size: int) -> Iterator[bytes]:
    lines.seek(0)
    while part := lines.readlines(size):
        yield b"".join(part)


def _name_here(graph: str) -> str | None:
    return None if graph in (DEFAULT, MERGE) else graph


def _turn(graph: str) -> tuple[int, str]:
    name = graph.removeprefix(GRAPH)
    kinds = (number for number, kind in enumerate(_ORDER) if name.startswith(kind))
    return next(kinds, len(_ORDER)), name


def _differences(endpoint: RemoteStore, steps: Iterable[Step]) -> list[str]:
    held = endpoint.held()
    found = list[str]()
    for step in steps:
        count = held.get(step.graph, 0) if step.graph else endpoint.size(None)
        if count != step.triples:
            found.append(f"{step.name} has {count:,} of {step.triples:,} triples")
    return found
