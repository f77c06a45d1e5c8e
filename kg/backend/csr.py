"""The arrays a search reads: a directed multigraph, its edges sorted so that a hop is a run."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

__all__ = ["Csr", "chosen", "csr", "floats", "ints", "least", "picked", "usable"]


def ints(values: Iterable[int] = ()) -> "array[int]":
    """The numbers as 32-bit integers."""
    return array("i", values)


def floats(values: Iterable[float] = ()) -> "array[float]":
    """The numbers as 64-bit floats."""
    return array("d", values)


@dataclass(frozen=True, slots=True, eq=False)
class Csr:
    """Nodes, hops and edges by their numbers, readable from both ends.

    Edges are sorted by source, target, relation and the number they were given with. All edges from
    one node to another stand together and are one hop: edges `first[hop]` to `first[hop + 1]`. Hops
    out of a node are `start[node]` to `start[node + 1]`, by their target; hops into it are the
    places `back_start[node]` to `back_start[node + 1]` of `back_source` and `back_hop`.
    """

    start: "array[int]"
    target: "array[int]"
    back_start: "array[int]"
    back_source: "array[int]"
    back_hop: "array[int]"
    first: "array[int]"
    relation: "array[int]"
    """The relation of each edge, by its code."""
    given: "array[int]"
    """The number each edge was given with."""

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.start) - 1

    @property
    def hops(self) -> int:
        """How many pairs of nodes an edge leads from and to."""
        return len(self.target)

    @property
    def edges(self) -> int:
        """How many edges there are; of an undirected graph, each counts from both its ends."""
        return len(self.relation)

    @property
    def size(self) -> int:
        """The bytes the arrays take."""
        each = (self.start, self.target, self.first, self.relation, self.given)
        back = () if self.back_hop is self.target else (self.back_start, self.back_source)
        return sum(len(one) * one.itemsize for one in (*each, *back, self.back_hop))

    def hop(self, source: int, target: int) -> int:
        """The hop from one node to another; -1 where no edge leads there."""
        low, high = self.start[source], self.start[source + 1]
        while low < high:
            middle = (low + high) // 2
            if self.target[middle] < target:
                low = middle + 1
            else:
                high = middle
        found = low < self.start[source + 1] and self.target[low] == target
        return low if found else -1

    def between(self, source: int, target: int) -> range:
        """The edges from one node to another."""
        hop = self.hop(source, target)
        return range(0) if hop < 0 else range(self.first[hop], self.first[hop + 1])


def csr(
    nodes: int,
    sources: Sequence[int],
    targets: Sequence[int],
    relations: Sequence[int],
    *,
    directed: bool = True,
) -> Csr:
    """The graph of these edges; of an undirected one, each edge is read from both its ends.

    >>> graph = csr(3, [0, 0, 1, 0], [1, 1, 2, 2], [1, 0, 0, 0])
    >>> list(graph.start), list(graph.target), list(graph.first), list(graph.given)
    ([0, 2, 3, 3], [1, 2, 2], [0, 2, 3, 4], [1, 0, 3, 2])
    """
    build = _numbered if (numpy := _numpy()) is not None else _plain
    return build(numpy, nodes, (sources, targets, relations), directed=directed)


def _numpy() -> Any:
    """The library numpy where it is installed."""
    try:
        import numpy as np  # noqa: PLC0415 -- a tenth of a second, and an extra
    except ImportError:
        return None
    return np


def _plain(
    _: object,
    nodes: int,
    given: tuple[Sequence[int], Sequence[int], Sequence[int]],
    *,
    directed: bool,
) -> Csr:
    edges = [(*edge, number) for number, edge in enumerate(zip(*given, strict=True))]
    if not directed:
        edges += [(end, begin, code, number) for begin, end, code, number in edges if begin != end]
    edges.sort()
    first, sources, targets = ints(), ints(), ints()
    last = (-1, -1)
    for at, (source, target, _code, _number) in enumerate(edges):
        if (source, target) != last:
            last = (source, target)
            first.append(at)
            sources.append(source)
            targets.append(target)
    first.append(len(edges))
    start = ints(_starts(nodes, sources))
    relation, number = ints(edge[2] for edge in edges), ints(edge[3] for edge in edges)
    if not directed:  # each hop has its twin, with the same edges: the way back is the way there
        return Csr(
            start, targets, start, targets, ints(range(len(targets))), first, relation, number
        )
    back = ints(sorted(range(len(targets)), key=targets.__getitem__))
    return Csr(
        start,
        targets,
        ints(_starts(nodes, sorted(targets))),
        ints(map(sources.__getitem__, back)),
        back,
        first,
        relation,
        number,
    )


def _starts(nodes: int, sorted_ends: Iterable[int]) -> Iterator[int]:
    """Where each node's run begins in a sorted list of nodes, and where the last one ends."""
    counts = [0] * (nodes + 1)
    for node in sorted_ends:
        counts[node + 1] += 1
    total = 0
    for count in counts:
        total += count
        yield total


def _numbered(
    np: Any,
    nodes: int,
    given: tuple[Sequence[int], Sequence[int], Sequence[int]],
    *,
    directed: bool,
) -> Csr:
    """The same by numpy: a million edges a second and more."""
    sources, targets, relations = (np.asarray(each, dtype=np.int64) for each in given)
    numbers = np.arange(len(sources))
    if not directed:
        turned = np.flatnonzero(sources != targets)
        sources, targets = (
            np.concatenate((sources, targets[turned])),
            np.concatenate((targets, sources[turned])),
        )
        relations = np.concatenate((relations, relations[turned]))
        numbers = np.concatenate((numbers, numbers[turned]))
    pairs = sources * nodes + targets
    order = np.lexsort((numbers, relations, pairs))
    pairs = pairs[order]
    first = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)])
    hop_pairs = pairs[first]
    hop_sources, hop_targets = np.divmod(hop_pairs, max(nodes, 1))
    start = _array(np, np.searchsorted(hop_sources, np.arange(nodes + 1)))
    target = _array(np, hop_targets)
    firsts = _array(np, np.append(first, len(pairs)))
    relation, number = _array(np, relations[order]), _array(np, numbers[order])
    if not directed:
        hops = _array(np, np.arange(len(hop_targets)))
        return Csr(start, target, start, target, hops, firsts, relation, number)
    back = np.argsort(hop_targets, kind="stable")
    return Csr(
        start,
        target,
        _array(np, np.searchsorted(hop_targets[back], np.arange(nodes + 1))),
        _array(np, hop_sources[back]),
        _array(np, back),
        firsts,
        relation,
        number,
    )


def _array(np: Any, values: Any) -> "array[int]":
    found = ints()
    found.frombytes(np.asarray(values, dtype=np.int32).tobytes())
    return found


def picked(values: "array[float]", order: "array[int]") -> "array[float]":
    """The values at these places."""
    if (np := _numpy()) is None:
        return floats(map(values.__getitem__, order))
    return _same(np, np.frombuffer(values)[np.frombuffer(order, dtype=np.int32)])


def least(values: "array[float]", first: "array[int]") -> "array[float]":
    """The least of the values of each run; no run is empty."""
    if (np := _numpy()) is None or len(first) == 1:
        return floats(min(values[low:high]) for low, high in pairwise(first))
    return _same(np, np.minimum.reduceat(np.frombuffer(values), first[:-1]))


def usable(values: "array[float]") -> bool:
    """Whether all are numbers from 0 up, and none is endless."""
    if (np := _numpy()) is None:
        return all(0 <= value < inf for value in values)
    found = np.frombuffer(values)
    return bool(((found >= 0) & (found < inf)).all())


def chosen(graph: Csr, table: bytes, mask: bytes) -> "array[int]":
    """1 for each edge whose relation the table and whose number as given the mask keeps, else 0."""
    if (np := _numpy()) is None:
        edges = zip(graph.relation, graph.given, strict=True)
        return ints(bool(table[code] and mask[number]) for code, number in edges)
    codes, numbers = (np.frombuffer(each, dtype=np.int32) for each in (graph.relation, graph.given))
    tables, masks = (np.frombuffer(each, dtype=np.uint8) for each in (table, mask))
    return _array(np, (tables[codes] != 0) & (masks[numbers] != 0))


def _same(np: Any, values: Any) -> "array[float]":
    found = floats()
    found.frombytes(np.asarray(values, dtype=np.float64).tobytes())
    return found
