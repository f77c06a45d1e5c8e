"""Paths with networkx's signatures and answers, in any networkx graph.

Paths come in one order, in either mode: fewest hops (or least cost) first, and equal ones as their
nodes stand in the graph, compared one by one. What no kernel does (a weight that is a function, is
negative or is no number, several targets, a view of networkx's) networkx does itself.

Each function also takes `relations` (only these), `without` (none of these), `edges` (a test of
from, to, key and attributes, or a byte for each edge), and a `budget` of edges to scan. Where that
is spent, generators end, and functions of one path raise CutShortError; the budget says so too.
"""

from collections.abc import Hashable, Iterator
from itertools import pairwise, product
from typing import Any, NoReturn, TypeAlias

import networkx as nx

from kg.backend.budget import CutShortError
from kg.backend.net import EVERY
from kg.backend.question import Question, asked, networkx_answer
from kg.backend.walks import Walk, shortest_walk, walks
from kg.backend.yen import cheapest_first, cheapest_walk

__all__ = [
    "all_shortest_paths",
    "all_simple_edge_paths",
    "all_simple_paths",
    "bidirectional_dijkstra",
    "bidirectional_shortest_path",
    "dijkstra_path",
    "dijkstra_path_length",
    "has_path",
    "hops",
    "shortest_path",
    "shortest_path_length",
    "shortest_simple_paths",
    "single_source_shortest_path_length",
]

Graph: TypeAlias = Any
"""Any of networkx's classes, which it does not type."""
Path: TypeAlias = list[Any]


def bidirectional_shortest_path(G: Graph, source: Hashable, target: Hashable, **how: Any) -> Path:
    """The first of the shortest paths.

    >>> bidirectional_shortest_path(nx.DiGraph([("a", "b"), ("b", "c")]), "a", "c")
    ['a', 'b', 'c']
    """
    if (question := asked(G, source, target, how)) is None:
        return networkx_answer("bidirectional_shortest_path", how, G, source, target)  # type: ignore[no-any-return]
    if (found := shortest_walk(question)) is None:
        _none(question, f"No path between {source} and {target}.")
    return question.net.path(found)


def shortest_path(
    G: Graph,
    source: Hashable = None,
    target: Hashable = None,
    weight: Any = None,
    method: str = "dijkstra",
    **how: Any,
) -> Any:
    """The first of the shortest paths, or of the cheapest; of all, where an end is left out."""
    if source is None or target is None or method != "dijkstra":
        return networkx_answer("shortest_path", how, G, source, target, weight, method)
    if weight is None:
        return bidirectional_shortest_path(G, source, target, **how)
    return bidirectional_dijkstra(G, source, target, weight, **how)[1]


def shortest_path_length(
    G: Graph,
    source: Hashable = None,
    target: Hashable = None,
    weight: Any = None,
    method: str = "dijkstra",
    **how: Any,
) -> Any:
    """How many hops the shortest path has, or what the cheapest costs."""
    if source is None or target is None or method != "dijkstra":
        return networkx_answer("shortest_path_length", how, G, source, target, weight, method)
    if weight is None:
        return len(bidirectional_shortest_path(G, source, target, **how)) - 1
    return bidirectional_dijkstra(G, source, target, weight, **how)[0]


def has_path(G: Graph, source: Hashable, target: Hashable, **how: Any) -> bool:
    """Whether a path leads from the one to the other.

    >>> has_path(nx.DiGraph([("a", "b")]), "b", "a")
    False
    """
    try:
        bidirectional_shortest_path(G, source, target, **how)
    except nx.NetworkXNoPath:
        return False
    return True


def single_source_shortest_path_length(
    G: Graph, source: Hashable, cutoff: int | None = None, **how: Any
) -> dict[Any, int]:
    """Every node within so many hops, with how many it takes, the nearest first."""
    question = asked(G, source, source, how)
    if question is None or not _is_for_kernel(G, question) or (cutoff is not None and cutoff < 0):
        name = "single_source_shortest_path_length"
        return networkx_answer(name, how, G, source, cutoff)  # type: ignore[no-any-return]
    return _within(question, question.net.csr.nodes if cutoff is None else int(cutoff))


def _is_for_kernel(graph: Graph, question: Question) -> bool:
    """Whether a kernel reads the neighbourhood faster than networkx does, or at all."""
    faster = question.net.mode == "fast" or "net" in vars(graph)
    return faster and question.chosen == EVERY and question.budget.edges is None


def _within(question: Question, most: int) -> dict[Any, int]:
    net = question.net
    with net.desk() as desk:
        base = desk.stamp(net.csr.nodes + 2)
        mark, queue = desk.ints("mark"), desk.ints("ahead")
        found = net.engine.run.spread(
            *question.arrays[:2], question.source, most, base, mark, queue
        )
        nodes = net.engine.read(queue[:found])
        return {net.names[node]: int(mark[node]) - base for node in nodes}


def all_shortest_paths(
    G: Graph,
    source: Hashable,
    target: Hashable,
    weight: Any = None,
    method: str = "dijkstra",
    **how: Any,
) -> Iterator[Path]:
    """All shortest paths, equal ones as their nodes stand in the graph.

    >>> square = nx.DiGraph([("a", "b"), ("a", "c"), ("c", "d"), ("b", "d")])
    >>> list(all_shortest_paths(square, "a", "d"))
    [['a', 'b', 'd'], ['a', 'c', 'd']]
    """
    question = asked(G, source, target, how)
    if question is None or weight is not None:
        return networkx_answer("all_shortest_paths", how, G, source, target, weight, method)  # type: ignore[no-any-return]
    return _all_shortest(question)


def _all_shortest(question: Question) -> Iterator[Path]:
    source, target = question.net.path((question.source, question.goal))
    if question.source == question.goal:
        yield [source]
        return
    found = False
    for walk in walks(question, -1):
        found = True
        yield question.net.path(walk.nodes)
    if not found and not question.budget.cut_short:
        raise nx.NetworkXNoPath(f"Target {target} cannot be reached from given sources")


def bidirectional_dijkstra(
    G: Graph, source: Hashable, target: Hashable, weight: Any = "weight", **how: Any
) -> tuple[Any, Path]:
    """What a cheapest path costs, and the path.

    >>> roads = nx.DiGraph([("a", "b", {"km": 2}), ("b", "c", {"km": 2}), ("a", "c", {"km": 5})])
    >>> bidirectional_dijkstra(roads, "a", "c", "km")
    (4, ['a', 'b', 'c'])
    """
    question = asked(G, source, target, how)
    if question is None or not _priced(question, weight):
        return networkx_answer("bidirectional_dijkstra", how, G, source, target, weight)  # type: ignore[no-any-return]
    return _cheapest(question, weight, f"No path between {source} and {target}.")


def dijkstra_path(
    G: Graph, source: Hashable, target: Hashable, weight: Any = "weight", **how: Any
) -> Path:
    """A cheapest path."""
    question = asked(G, source, target, how)
    if question is None or not _priced(question, weight):
        return networkx_answer("dijkstra_path", how, G, source, target, weight)  # type: ignore[no-any-return]
    return _cheapest(question, weight, f"No path to {target}.")[1]


def dijkstra_path_length(
    G: Graph, source: Hashable, target: Hashable, weight: Any = "weight", **how: Any
) -> Any:
    """What a cheapest path costs."""
    question = asked(G, source, target, how)
    if question is None or not _priced(question, weight):
        return networkx_answer("dijkstra_path_length", how, G, source, target, weight)
    return _cheapest(question, weight, f"Node {target} not reachable from {source}")[0]


def _priced(question: Question, weight: Any) -> bool:
    named = weight is None or isinstance(weight, str)
    return named and question.net.weights(weight) is not None


def _cheapest(question: Question, weight: str, why: str) -> tuple[Any, Path]:
    if (found := cheapest_walk(question, weight)) is None:
        _none(question, why)
    cost, path = found
    weights = question.net.weights(weight)
    return int(cost) if weights and weights.whole else cost, question.net.path(path)


def _none(question: Question, why: str) -> NoReturn:
    """What there is to say where no path was found."""
    if question.budget.cut_short:
        raise CutShortError(f"No path was found among {question.budget.edges} edges: allow more.")
    raise nx.NetworkXNoPath(why)


def shortest_simple_paths(
    G: Graph, source: Hashable, target: Hashable, weight: Any = None, **how: Any
) -> Iterator[Path]:
    """All simple paths, the shortest or cheapest first; in multigraphs too, parallel edges as one.

    >>> graph = nx.MultiDiGraph([("a", "c"), ("a", "c"), ("a", "b"), ("b", "c")])
    >>> list(shortest_simple_paths(graph, "a", "c"))
    [['a', 'c'], ['a', 'b', 'c']]
    """
    question = asked(G, source, target, how)
    if question is None or not _priced(question, weight):
        yield from networkx_answer("shortest_simple_paths", how, G, source, target, weight)
        return
    found = False
    for _, path in cheapest_first(question, weight):
        found = True
        yield question.net.path(path)
    if not found and not question.budget.cut_short:
        raise nx.NetworkXNoPath(f"No path between {source} and {target}.")


def all_simple_paths(
    G: Graph, source: Hashable, target: Any, cutoff: int | None = None, **how: Any
) -> Iterator[Path]:
    """All simple paths of at most `cutoff` hops, the shortest first.

    A path over parallel edges comes once for each choice of edges, as in networkx.

    >>> graph = nx.MultiDiGraph([("a", "c"), ("a", "c"), ("a", "b"), ("b", "c")])
    >>> list(all_simple_paths(graph, "a", "c"))
    [['a', 'c'], ['a', 'c'], ['a', 'b', 'c']]
    """
    question = asked(G, source, target, how)
    if question is None:
        yield from networkx_answer("all_simple_paths", how, G, source, target, cutoff)
        return
    for walk in _simple(question, cutoff):
        for _ in range(walk.ways):
            yield question.net.path(walk.nodes)


def _simple(question: Question, cutoff: int | None) -> Iterator[Walk]:
    most = question.net.csr.nodes - 1
    if cutoff is not None:
        most = min(most, int(cutoff))
    if most < 0:
        return
    if question.source == question.goal:
        yield Walk(1, [question.source])
    else:
        yield from walks(question, most)


def all_simple_edge_paths(
    G: Graph, source: Hashable, target: Any, cutoff: int | None = None, **how: Any
) -> Iterator[list[tuple[Any, ...]]]:
    """All simple paths of at most `cutoff` hops as edges, the shortest first.

    >>> graph = nx.MultiDiGraph([("a", "b", "said"), ("a", "b", "seen"), ("b", "c", "said")])
    >>> list(all_simple_edge_paths(graph, "a", "c"))
    [[('a', 'b', 'said'), ('b', 'c', 'said')], [('a', 'b', 'seen'), ('b', 'c', 'said')]]
    """
    question = asked(G, source, target, how)
    if question is None:
        yield from networkx_answer("all_simple_edge_paths", how, G, source, target, cutoff)
        return
    keyed = G.is_multigraph()
    for walk in _simple(question, cutoff):
        sets = (_edges(question, *ends, keyed=keyed) for ends in pairwise(walk.nodes))
        yield from map(list, product(*sets))


def hops(G: Graph, path: Path, **how: Any) -> list[list[tuple[Any, ...]]]:
    """The edges of each hop of a path: all that lead from its one node to the next, and count.

    >>> graph = nx.MultiDiGraph([("a", "b", "said"), ("a", "b", "seen"), ("b", "c", "said")])
    >>> hops(graph, ["a", "b", "c"])
    [[('a', 'b', 'said'), ('a', 'b', 'seen')], [('b', 'c', 'said')]]
    """
    if (question := asked(G, path[0], path[-1], how)) is None:
        raise nx.NodeNotFound(f"{path[0]} or {path[-1]} is not in the graph, or that is a view.")
    numbers = [question.net.number[node] for node in path]
    keyed = G.is_multigraph()
    return [_edges(question, *ends, keyed=keyed) for ends in pairwise(numbers)]


def _edges(question: Question, source: int, target: int, *, keyed: bool) -> list[tuple[Any, ...]]:
    net = question.net
    ends = tuple(net.path((source, target)))
    given = (net.csr.given[edge] for edge in _counting(question, source, target))
    return [(*ends, net.keys[each]) if keyed else ends for each in given]


def _counting(question: Question, source: int, target: int) -> list[int]:
    """The edges of the hop that count."""
    *_, codes, table = question.arrays
    between = question.net.csr.between(source, target)
    return [edge for edge in between if not len(table) or table[codes[edge]]]
