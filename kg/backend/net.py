"""A graph made ready for the kernels: its arrays, its weights, and which edges count."""

from array import array
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from kg.backend.csr import Csr, csr, floats, ints, least, picked, usable
from kg.backend.csr import chosen as kept
from kg.backend.engine import Desk, Engine, Mode, best_mode, engine
from kg.backend.plainly import Rows, rows

__all__ = ["EVERY", "Edges", "Filter", "Keep", "Net", "Weights", "net_of_arrays", "net_of_graph"]

Node: TypeAlias = Hashable
Keep: TypeAlias = Callable[[Any, Any, Any, Mapping[str, Any]], bool]
"""Whether an edge counts: from, to, key, attributes."""

_MOST_FILTERS = 32
"""So many filters are kept ready."""
_EXACT = 2**53
"""Whole numbers below this one are floats without loss."""


class Filter(NamedTuple):
    """Which edges count: of these relations, of none of those, and those of a mask or test."""

    relations: frozenset[Hashable] | None = None
    without: frozenset[Hashable] = frozenset()
    edges: "Keep | bytes | None" = None
    """A test of each edge, or a byte for each, in the order they were given, 0 where not."""


EVERY = Filter()
"""Every edge counts."""


class Open(NamedTuple):
    """A filter as kernels read it: an edge counts where `table[codes[edge]]`; empty, all do."""

    codes: Any
    table: Any


class Weights(NamedTuple):
    """What hops cost: the least of their edges."""

    hop: "array[float]"
    back: "array[float]"
    """The same as `hop`, in the order in which hops are read from the goal's end."""
    whole: bool
    """Whether all costs are whole numbers."""


class Edges(NamedTuple):
    """Where an edge's attributes are: read again in the order edges were given."""

    each: Callable[[], Iterable[tuple[Any, Any, Any, Mapping[str, Any]]]]
    """From, to, key and attributes of every edge."""
    weights: Callable[[str], Iterable[Any]]
    """An attribute of every edge, 1 where it has none."""
    keys: Callable[[], Sequence[Any]]
    """The key of every edge."""


@dataclass(eq=False)
class Net:
    """Nodes by number, the arrays of their edges, and what has been made of them so far."""

    names: Sequence[Any]
    number: Mapping[Any, int]
    csr: Csr
    codes: Mapping[Hashable, int]
    """The relations' codes."""
    edges: Edges
    mode: Mode
    attributes: Mapping[str, "array[float]"] = field(default_factory=dict)
    """What edges of arrays carry besides their relation, in the order they were given."""
    kept: dict[Any, Any] = field(default_factory=dict)
    """Weights, and keys of edges."""
    filters: dict[Filter, tuple[Any, ...]] = field(default_factory=dict)
    """The arrays as lent to kernels, with what each of some filters lets count."""
    desks: deque[Desk] = field(default_factory=deque)

    @property
    def engine(self) -> Engine:
        """The kernels it is searched with."""
        return engine(self.mode)

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was made under this key, or is made now."""
        try:
            return self.kept[key]
        except KeyError:
            return self.kept.setdefault(key, make())

    @property
    def rows(self) -> tuple[Rows, Rows]:
        """The neighbours ahead of each node and behind it, as Python reads them fastest."""
        return self.once("rows", self._rows)  # type: ignore[no-any-return]

    def _rows(self) -> tuple[Rows, Rows]:
        ahead = rows(self.csr.start, self.csr.target)
        if self.csr.back_source is self.csr.target:
            return ahead, ahead
        return ahead, rows(self.csr.back_start, self.csr.back_source)

    def both_ways(self, chosen: Filter) -> tuple[Any, ...]:
        """The hops out of each node and into it, and which edges count, as kernels read them."""
        try:
            return self.filters[chosen]
        except KeyError:
            if len(self.filters) >= _MOST_FILTERS:
                self.filters.pop(next(iter(self.filters)), None)
            return self.filters.setdefault(chosen, self._both_ways(chosen))

    def _both_ways(self, chosen: Filter) -> tuple[Any, ...]:
        csr, lend = self.csr, self.engine.lend
        hops = (csr.start, csr.target, csr.back_start, csr.back_source, csr.back_hop)
        return (*map(lend, hops), *self._open(chosen))

    def _open(self, chosen: Filter) -> tuple[Any, ...]:
        lend = self.engine.lend
        if chosen == EVERY:
            return lend(self.csr.first), lend(self.csr.relation), lend(array("B", b""))
        table = bytearray(len(self.codes) + 1)
        for name, code in self.codes.items():
            wanted = chosen.relations is None or name in chosen.relations
            table[code] = wanted and name not in chosen.without
        if chosen.edges is None:
            return lend(self.csr.first), lend(self.csr.relation), lend(array("B", table))
        codes = kept(self.csr, bytes(table), self.mask(chosen.edges))
        return lend(self.csr.first), lend(codes), lend(array("B", b"\0" + b"\1" * 255))

    def mask(self, edges: "Keep | bytes") -> bytes:
        """A byte for each edge in the order they were given, 0 where it does not count."""
        if callable(edges):
            return bytes(bool(edges(*edge)) for edge in self.edges.each())
        return edges

    def weights(self, name: str | None) -> Weights | None:
        """What hops cost by this attribute, 1 without; None unless all are numbers from 0 up."""
        return self.once(("weights", name), lambda: self._weights(name))  # type: ignore[no-any-return]

    def _weights(self, name: str | None) -> Weights | None:
        if name is None:
            ones = floats([1.0]) * self.csr.hops
            return Weights(ones, ones, whole=True)
        given, whole = self.edges.weights(name), False
        if not isinstance(given, array):
            costs = list(given)
            if not all(map(_usable, costs)):
                return None
            whole = all(isinstance(cost, int) for cost in costs)
            given = floats(costs)
        if not usable(given):
            return None
        hop = picked(given, self.csr.given)
        if self.csr.hops < self.csr.edges:
            hop = least(hop, self.csr.first)
        return Weights(hop, picked(hop, self.csr.back_hop), whole)

    def costs(self, name: str | None, chosen: Filter) -> tuple[Any, Any, Any]:
        """The costs of hops ahead and back, and of edges where not all count.

        `weights` must not be None.
        """
        ahead, back = self.once(("hops", name, self.mode), lambda: self._hops(name))
        if chosen == EVERY:
            return ahead, back, ahead
        return ahead, back, self.once(("edges", name, self.mode), lambda: self._edges(name))

    def _hops(self, name: str | None) -> tuple[Any, ...]:
        weights = self.weights(name)
        return tuple(map(self.engine.lend, weights[:2])) if weights else ()

    def _edges(self, name: str | None) -> Any:
        if name is None:
            return self.engine.lend(floats([1.0]) * self.csr.edges)
        given = self.edges.weights(name)
        values = given if isinstance(given, array) else floats(given)
        return self.engine.lend(picked(values, self.csr.given))

    def borrow(self) -> Desk:
        """Arrays for one search, which nobody else writes into until they are given back."""
        try:
            lent = self.desks.pop()
        except IndexError:
            return Desk(self.engine, self.csr.nodes)
        return lent if lent.engine.mode == self.mode else Desk(self.engine, self.csr.nodes)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The same for as long as a block runs."""
        lent = self.borrow()
        try:
            yield lent
        finally:
            self.desks.append(lent)

    def run_as(self, mode: Mode) -> None:
        """Searches from now on in this mode."""
        self.mode = mode
        self.filters.clear()

    @property
    def keys(self) -> Sequence[Any]:
        """The key of every edge, in the order they were given."""
        return self.once("keys", self.edges.keys)  # type: ignore[no-any-return]

    def data(self, edge: int, relations: Sequence[Hashable]) -> dict[str, Any]:
        """The attributes of an edge, by its place in the arrays; of a net made of arrays."""
        given = self.csr.given[edge]
        costs = {name: values[given] for name, values in self.attributes.items()}
        return {"relation": relations[self.csr.relation[edge]], **costs}

    def path(self, numbers: Iterable[int]) -> list[Any]:
        """The nodes with these numbers."""
        if isinstance(self.names, range):
            return list(numbers)
        return list(map(self.names.__getitem__, numbers))


def _usable(cost: object) -> bool:
    return isinstance(cost, float) or (isinstance(cost, int) and cost < _EXACT)


def net_of_graph(graph: Any, relation: str) -> Net:
    """The net of a networkx graph, its nodes numbered as they stand in it.

    `relation` is the attribute that holds an edge's relation.
    """
    names = list(graph)
    number = {name: at for at, name in enumerate(names)}
    sources, targets, relations = ints(), ints(), ints()
    codes: dict[Hashable, int] = {}
    for source, target, data in graph.edges(data=True):
        sources.append(number[source])
        targets.append(number[target])
        relations.append(codes.setdefault(data.get(relation), len(codes)))
    arrays = csr(len(names), sources, targets, relations, directed=graph.is_directed())
    mode = best_mode(arrays.edges)
    return Net(names, number, arrays, codes, _edges_of_graph(graph), mode)


def _edges_of_graph(graph: Any) -> Edges:
    def each() -> Iterable[tuple[Any, Any, Any, Mapping[str, Any]]]:
        if graph.is_multigraph():
            return graph.edges(keys=True, data=True)  # type: ignore[no-any-return]
        return ((source, target, None, data) for source, target, data in graph.edges(data=True))

    def weights(name: str) -> Iterable[Any]:
        return (data.get(name, 1) for *_, data in graph.edges(data=True))

    return Edges(each, weights, lambda: [key for _, _, key, _ in each()])


def net_of_arrays(  # noqa: PLR0913 -- columns of one table
    nodes: int | Sequence[Any],
    edges: tuple[Sequence[int], Sequence[int]],
    *,
    relations: Sequence[int] | None = None,
    names: Sequence[Hashable] = (),
    weights: Mapping[str, Sequence[float]] = MappingProxyType({}),
    directed: bool = True,
) -> Net:
    """The net of so many nodes, or of these, and of edges by the numbers of their nodes.

    `relations` are places in `names`, or plain numbers where no names are given.
    """
    labels = range(nodes) if isinstance(nodes, int) else nodes
    number = (
        _Numbers(nodes) if isinstance(nodes, int) else {name: at for at, name in enumerate(nodes)}
    )
    sources, targets = edges
    given = relations if relations is not None else ints([0]) * len(sources)
    arrays = csr(len(labels), sources, targets, given, directed=directed)
    known = names or range(max(arrays.relation, default=-1) + 1)
    costs = {name: _floats(values) for name, values in weights.items()}
    net = Net(
        labels,
        number,
        arrays,
        {name: code for code, name in enumerate(known)},
        Edges(
            lambda: _edges_of_net(net),
            lambda name: costs[name] if name in costs else floats([1.0]) * len(sources),
            lambda: range(len(sources)),
        ),
        best_mode(arrays.edges),
    )
    net.attributes = costs
    return net


def _floats(values: Any) -> "array[float]":
    """The values as they are where they can be, else a copy."""
    return values if isinstance(values, array) and values.typecode == "d" else floats(values)


def _edges_of_net(net: Net) -> list[tuple[Any, Any, Any, Mapping[str, Any]]]:
    """Every edge, in the order they were given; its key is its number in that order."""
    found: dict[int, tuple[Any, Any, Any, Mapping[str, Any]]] = {}
    relations = list(net.codes)
    for source in range(net.csr.nodes):
        for hop in range(net.csr.start[source], net.csr.start[source + 1]):
            ends = net.names[source], net.names[net.csr.target[hop]]
            for edge in range(net.csr.first[hop], net.csr.first[hop + 1]):
                given = net.csr.given[edge]
                found.setdefault(given, (*ends, given, net.data(edge, relations)))
    return [found[given] for given in range(len(found))]


class _Numbers(Mapping[Any, int]):
    """Nodes that are their own numbers."""

    def __init__(self, nodes: int) -> None:
        self.nodes = range(nodes)

    def __getitem__(self, node: Any) -> int:
        try:
            return self.nodes[self.nodes.index(node)]
        except ValueError as error:
            raise KeyError(node) from error

    def __iter__(self) -> Iterator[int]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)
