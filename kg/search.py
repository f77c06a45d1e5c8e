"""Searches over any networkx MultiDiGraph: paths whose hops are whole sets of parallel edges.

A path is a tuple of nodes, each once; `between` gives the edges of its hops. Searches go from any
of several sources to any of several targets, take edges that a filter keeps, and give the same
paths in the same order each time: cheapest first, then fewest hops, then by the nodes. What they
scan is counted, and a search that may scan no more says so by SpentError.

Each is known to networkx by its name, so that a backend can answer in its place.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush
from itertools import pairwise
from math import inf
from time import monotonic
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, cast

import networkx as nx

__all__ = [
    "FREELY",
    "TURNED",
    "Direction",
    "Edge",
    "How",
    "Keep",
    "Node",
    "Path",
    "Scan",
    "SpentError",
    "Weight",
    "When",
    "between",
    "cheapest_path",
    "earliest_path",
    "paths_by_cost",
    "reachable",
    "shortest_path",
]

Node: TypeAlias = str
Path: TypeAlias = tuple[Node, ...]
Direction: TypeAlias = Literal["out", "in", "either"]
"""Whether edges are followed, gone against, or taken both ways."""

Keep: TypeAlias = Callable[[Node, Node, Hashable, Mapping[str, Any]], bool]
"""Whether an edge counts: from, to, key, attributes."""

Weight: TypeAlias = str | Callable[["tuple[Edge, ...]"], float | None] | None
"""What a hop costs: an attribute, the least of its edges (1 where it is missing); what a function
says of its edges, None for a hop that cannot be taken; or 1. Never below 0."""


When: TypeAlias = Callable[["Edge"], tuple[str, str] | None]
"""The first and last day an edge may be of, as ISO dates, empty where open; None if undated."""

_DIGITS = 9
_LOOK = 1024
"""After how many edges the clock is looked at."""
TURNED: Mapping[Direction, Direction] = {"out": "in", "in": "out", "either": "either"}
"""Each direction as it is from the end."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _known(name: str) -> Callable[[_Function], _Function]:
    """Makes a function one that networkx knows by this name, and so a backend may answer."""
    # networkx exports it under this name alone
    known = nx._dispatchable(name=name, graphs="graph")  # noqa: SLF001
    return cast("Callable[[_Function], _Function]", known)


class Edge(NamedTuple):
    """An edge as it is travelled: where it leads from and to, and whether that is its direction."""

    source: Node
    target: Node
    key: Hashable
    data: Mapping[str, Any]
    along: bool


class SpentError(Exception):
    """The search may scan no more edges, or go on no longer; `over` says which."""

    def __init__(self, over: Literal["edges", "time"]) -> None:
        self.over: Literal["edges", "time"] = over
        super().__init__(f"no more {over}")


class Scan:
    """How many edges were scanned, how many may be, and until when, by the monotonic clock.

    >>> scan = Scan(1)
    >>> scan.edge(), scan.scanned
    (None, 1)
    """

    def __init__(self, limit: int | None = None, until: float = inf) -> None:
        self.limit, self.until, self.scanned = limit, until, 0
        self.over: Literal["", "edges", "time", "rank"] = ""
        """What ran out, by the search or by whoever takes its paths; empty while nothing has."""

    def edge(self) -> None:
        """Count one more; SpentError where that is one too many, or too late by the clock."""
        if self.limit is not None and self.scanned >= self.limit:
            self.over = "edges"
            raise SpentError("edges")
        self.scanned += 1
        if self.scanned % _LOOK == 0 and monotonic() > self.until:
            self.over = "time"
            raise SpentError("time")


class How(NamedTuple):
    """How a search goes: by which edges, which way, how far, and what it may scan."""

    keep: Keep | None = None
    direction: Direction = "out"
    most_hops: int | None = None
    scan: Scan | None = None


FREELY = How()
"""Along every edge, however far."""


class _View:
    """The graph as a search sees it: hops to neighbours, in order, of the edges that are kept."""

    def __init__(self, graph: "nx.MultiDiGraph[Node]", how: How) -> None:
        self.graph, self.keep, self.scan = graph, how.keep, how.scan or Scan()
        self.how = how._replace(scan=self.scan)
        self.out, self.back = how.direction != "in", how.direction != "out"

    def turned(self) -> "_View":
        """The same, gone through from the end."""
        return _View(self.graph, self.how._replace(direction=TURNED[self.how.direction]))

    def hops(self, node: Node) -> dict[Node, list[Edge]]:
        """The neighbours of the node, sorted, each with the edges that lead there."""
        found: dict[Node, list[Edge]] = {}
        if self.out:
            for target, keyed in self.graph.adj[node].items():
                self.take(found, node, target, keyed, along=True)
        if self.back:
            for source, keyed in self.graph.pred[node].items():
                self.take(found, node, source, keyed, along=False)
        return {node: found[node] for node in sorted(found)}

    def take(
        self,
        found: dict[Node, list[Edge]],
        here: Node,
        there: Node,
        keyed: Mapping[Hashable, Mapping[str, Any]],
        *,
        along: bool,
    ) -> None:
        """Add the edges between the two that are kept; every one is scanned."""
        ends = (here, there) if along else (there, here)
        for key, data in keyed.items():
            self.scan.edge()
            if self.keep is None or self.keep(*ends, key, data):
                found.setdefault(there, []).append(Edge(here, there, key, data, along))


def _ends(graph: "nx.MultiDiGraph[Node]", nodes: Iterable[Node]) -> list[Node]:
    return sorted({node for node in nodes if node in graph})


def between(
    graph: "nx.MultiDiGraph[Node]",
    path: Path,
    how: How = FREELY,
) -> tuple[tuple[Edge, ...], ...]:
    """The edges of each hop of the path that are kept, those along their direction first, by key.

    >>> graph = nx.MultiDiGraph([("a", "b", "one"), ("a", "b", "two")])
    >>> [edge.key for edge in between(graph, ("a", "b"))[0]]
    ['one', 'two']
    """
    view = _View(graph, how)
    return tuple(_between(view, here, there) for here, there in pairwise(path))


def _between(view: _View, here: Node, there: Node) -> tuple[Edge, ...]:
    found: dict[Node, list[Edge]] = {}
    if view.out:
        view.take(found, here, there, view.graph.get_edge_data(here, there) or {}, along=True)
    if view.back:
        view.take(found, here, there, view.graph.get_edge_data(there, here) or {}, along=False)
    return tuple(sorted(found.get(there, ()), key=lambda edge: (not edge.along, str(edge.key))))


@_known("caspian_reachable")
def reachable(
    graph: "nx.MultiDiGraph[Node]",
    sources: Iterable[Node],
    how: How = FREELY,
) -> dict[Node, int]:
    """Every node that can be reached from the sources, with how many hops that takes at least."""
    view = _View(graph, how)
    found = dict.fromkeys(_ends(graph, sources), 0)
    level = list(found)
    while level and (how.most_hops is None or found[level[0]] < how.most_hops):
        level = _level(view, level, found)
    return found


def _level(view: _View, level: Iterable[Node], found: dict[Node, int]) -> list[Node]:
    """The nodes one hop further than this level, noted in what is found."""
    further = []
    for node in level:
        for there in view.hops(node):
            if there not in found:
                found[there] = found[node] + 1
                further.append(there)
    return further


@_known("caspian_shortest_path")
def shortest_path(
    graph: "nx.MultiDiGraph[Node]",
    sources: Iterable[Node],
    targets: Iterable[Node],
    how: How = FREELY,
) -> Path | None:
    """The path of fewest hops, the first of such by its nodes; None where there is none.

    >>> graph = nx.MultiDiGraph([("a", "c"), ("a", "b"), ("b", "d"), ("c", "d")])
    >>> shortest_path(graph, ["a"], ["d"])
    ('a', 'b', 'd')
    """
    view = _View(graph, how)
    ahead = dict.fromkeys(_ends(graph, sources), 0)
    behind = dict.fromkeys(_ends(graph, targets), 0)
    if not _met(view, ahead, behind):
        return None
    return _first(view, ahead, behind)


def _met(view: _View, ahead: dict[Node, int], behind: dict[Node, int]) -> bool:
    """Grow both sides, the smaller frontier first, until they meet; whether they do."""
    back = view.turned()
    fronts, hops = (list(ahead), list(behind)), 0
    while not ahead.keys() & behind.keys():
        if not all(fronts) or hops == view.how.most_hops:
            return False
        hops += 1
        if len(fronts[0]) <= len(fronts[1]):
            fronts = (_level(view, fronts[0], ahead), fronts[1])
        else:
            fronts = (fronts[0], _level(back, fronts[1], behind))
    return True


def _first(view: _View, ahead: dict[Node, int], behind: dict[Node, int]) -> Path:
    """The first of the shortest paths, by its nodes, once the two sides have met."""
    left = {node: behind[node] for node in ahead.keys() & behind.keys()}
    least = min(ahead[node] + left[node] for node in left)
    level = [node for node in left if ahead[node] + left[node] == least]
    left = {node: left[node] for node in level}
    back = view.turned()
    while level:  # towards the sources: how many hops are left from each node on a shortest path
        before = []
        for node in level:
            for there in back.hops(node) if ahead[node] else ():
                if ahead.get(there, -1) == ahead[node] - 1 and there not in left:
                    left[there] = left[node] + 1
                    before.append(there)
        level = before
    path = [min(node for node in left if not ahead[node] and left[node] == least)]
    for remaining in reversed(range(least)):
        near = (each for each in view.hops(path[-1]) if _left(each, left, behind) == remaining)
        path.append(next(near))
    return tuple(path)


def _left(node: Node, left: Mapping[Node, int], behind: Mapping[Node, int]) -> int:
    return left.get(node, behind.get(node, -1))


@_known("caspian_cheapest_path")
def cheapest_path(
    graph: "nx.MultiDiGraph[Node]",
    sources: Iterable[Node],
    targets: Iterable[Node],
    how: How = FREELY,
    *,
    weight: Weight = None,
) -> Path | None:
    """The path that costs least, the first of such in the order of paths; None without one."""
    found = paths_by_cost(graph, sources, targets, how, weight=weight)
    return next((path for _, path in found), None)


@_known("caspian_paths_by_cost")
def paths_by_cost(
    graph: "nx.MultiDiGraph[Node]",
    sources: Iterable[Node],
    targets: Iterable[Node],
    how: How = FREELY,
    *,
    weight: Weight = None,
) -> Iterator[tuple[float, Path]]:
    """Every simple path with its cost, the cheapest first, as they are asked for.

    A path ends at the first target it comes to, and passes no other source.

    >>> graph = nx.MultiDiGraph([("a", "b"), ("b", "c"), ("a", "c")])
    >>> list(paths_by_cost(graph, ["a"], ["c"]))
    [(1.0, ('a', 'c')), (2.0, ('a', 'b', 'c'))]
    """
    view = _View(graph, how)
    starts, ends = frozenset(_ends(graph, sources)), frozenset(_ends(graph, targets))
    back = view.turned()
    # what is left from each node, exactly: nothing is tried that leads nowhere
    left = _Left(ends, _costs(back, ends, weight), reachable(graph, ends, back.how))
    yield from _best_first(view, starts, left, weight)


@_known("caspian_earliest_path")
def earliest_path(
    graph: "nx.MultiDiGraph[Node]",
    sources: Iterable[Node],
    targets: Iterable[Node],
    how: How = FREELY,
    *,
    when: When,
) -> Path | None:
    """The path that can end first, each hop not before the one before it; None where there is none.

    A hop that has no date is not taken, and the bound on hops is not looked at.

    >>> graph = nx.MultiDiGraph()
    >>> for start, end, day in (("a", "b", "5"), ("b", "d", "4"), ("a", "c", "1"), ("c", "d", "6")):
    ...     _ = graph.add_edge(start, end, day=day)
    >>> earliest_path(graph, ["a"], ["d"], when=lambda edge: (edge.data["day"], edge.data["day"]))
    ('a', 'c', 'd')
    """
    view = _View(graph, how)
    ends = frozenset(_ends(graph, targets))
    heap: list[tuple[str, int, Path]] = [("", 0, (node,)) for node in _ends(graph, sources)]
    done: set[Node] = set()
    while heap:
        day, hops, path = heappop(heap)
        if path[-1] in ends:
            return path
        if path[-1] in done:
            continue
        done.add(path[-1])
        for there, edges in view.hops(path[-1]).items():
            days = [arrival for edge in edges if (arrival := _arrival(day, when(edge))) is not None]
            if days and there not in done:
                heappush(heap, (min(days), hops + 1, (*path, there)))
    return None


def _arrival(day: str, dated: tuple[str, str] | None) -> str | None:
    """When a hop can be done that is begun on that day or later; None where it no longer can."""
    if dated is None or (dated[1] and dated[1] < day):
        return None
    return max(day, dated[0])


class _Left(NamedTuple):
    """The ends of a search, and what is left to them from each node that leads there."""

    ends: frozenset[Node]
    cost: Mapping[Node, float]
    hops: Mapping[Node, int]

    @property
    def tried(self) -> AbstractSet[Node]:
        """The nodes from which an end can be reached at a cost."""
        return self.cost.keys() & self.hops.keys()


def _costs(view: _View, ends: Iterable[Node], weight: Weight) -> dict[Node, float]:
    """What the cheapest way from each node to the ends costs, gone through from the ends."""
    found: dict[Node, float] = {}
    heap = [(0.0, node) for node in sorted(ends)]
    while heap:
        cost, node = heappop(heap)
        if node in found:
            continue
        found[node] = cost
        for there, edges in view.hops(node).items():
            if there not in found and (step := _cost(edges, weight, turned=True)) is not None:
                heappush(heap, (cost + step, there))
    return found


def _cost(edges: Iterable[Edge], weight: Weight, *, turned: bool = False) -> float | None:
    """What the hop of these edges costs; `turned` where they were met from its end."""
    if weight is None:
        return 1.0
    if isinstance(weight, str):
        return min(float(edge.data.get(weight, 1)) for edge in edges)
    if turned:
        edges = (Edge(e.target, e.source, e.key, e.data, not e.along) for e in edges)
    return weight(tuple(sorted(edges, key=lambda edge: (not edge.along, str(edge.key)))))


def _best_first(
    view: _View, starts: frozenset[Node], left: _Left, weight: Weight
) -> Iterator[tuple[float, Path]]:
    """Simple paths by cost: of what was begun, what can end cheapest is gone on with first."""
    tried = left.tried
    most = inf if view.how.most_hops is None else view.how.most_hops
    ahead: dict[Node, list[tuple[Node, float]]] = {}

    def further(node: Node) -> list[tuple[Node, float]]:
        if node not in ahead:
            steps = ((there, _cost(edges, weight)) for there, edges in view.hops(node).items())
            ahead[node] = [
                (there, step)
                for there, step in steps
                if step is not None and there in tried and there not in starts
            ]
        return ahead[node]

    # a cost is rounded where it orders, so that equals stand by their hops and nodes
    begun = sorted(node for node in starts & tried if left.hops[node] <= most)
    heap: list[tuple[float, int, Path, float]] = [
        (round(left.cost[node], _DIGITS), 0, (node,), 0.0) for node in begun
    ]
    heap.sort()
    while heap:
        _, _, path, cost = heappop(heap)
        if path[-1] in left.ends:
            yield cost, path
            continue
        for there, step in further(path[-1]):
            view.scan.edge()
            if there not in path and len(path) + left.hops[there] <= most:
                total = cost + step
                key = round(total + left.cost[there], _DIGITS)
                heappush(heap, (key, len(path), (*path, there), total))
