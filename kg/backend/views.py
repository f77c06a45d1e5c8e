"""networkx's adjacency read straight from arrays: nothing is copied, nothing can be written."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from kg.backend.net import Net

__all__ = ["Adjacency", "Nodes"]


class Nodes(Mapping[Any, dict[str, Any]]):
    """Every node with its attributes: none."""

    def __init__(self, net: Net) -> None:
        self.net = net

    def __getitem__(self, node: Hashable) -> dict[str, Any]:
        self.net.number[node]  # KeyError where there is no such node
        return {}

    def __iter__(self) -> Iterator[Any]:
        return iter(self.net.names)

    def __len__(self) -> int:
        return self.net.csr.nodes

    def __contains__(self, node: object) -> bool:
        return node in self.net.number


class Adjacency(Nodes):
    """Every node with its neighbours: where its edges lead to, or with `back` where from."""

    def __init__(self, net: Net, *, back: bool = False) -> None:
        super().__init__(net)
        csr, hops = net.csr, range(net.csr.hops)
        self.arrays = (
            (csr.back_start, csr.back_source, csr.back_hop)
            if back
            else (csr.start, csr.target, hops)
        )
        self.relations = list(net.codes)

    def __getitem__(self, node: Hashable) -> "_Neighbours":  # type: ignore[override]
        return _Neighbours(self, self.net.number[node])


class _Neighbours(Mapping[Any, "_Edges"]):
    """A node's neighbours, each with the edges between."""

    def __init__(self, of: Adjacency, node: int) -> None:
        self.of = of
        start = of.arrays[0]
        self.places = range(start[node], start[node + 1])

    def __getitem__(self, node: Hashable) -> "_Edges":
        wanted, (_, ends, hops) = self.of.net.number[node], self.of.arrays
        low, high = self.places.start, self.places.stop
        while low < high:
            middle = (low + high) // 2
            if ends[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        if low == self.places.stop or ends[low] != wanted:
            raise KeyError(node)
        return _Edges(self.of, hops[low])

    def __iter__(self) -> Iterator[Any]:
        ends = self.of.arrays[1]
        return map(self.of.net.names.__getitem__, ends[self.places.start : self.places.stop])

    def __len__(self) -> int:
        return len(self.places)


class _Edges(Mapping[int, dict[str, Any]]):
    """The edges of a hop by key, which is the number each was given with, with their attributes."""

    def __init__(self, of: Adjacency, hop: int) -> None:
        self.of = of
        first = of.net.csr.first
        self.places = range(first[hop], first[hop + 1])

    def __getitem__(self, key: int) -> dict[str, Any]:
        net = self.of.net
        for place in self.places:
            if net.csr.given[place] == key:
                return net.data(place, self.of.relations)
        raise KeyError(key)

    def __iter__(self) -> Iterator[int]:
        return iter(self.of.net.csr.given[self.places.start : self.places.stop])

    def __len__(self) -> int:
        return len(self.places)
