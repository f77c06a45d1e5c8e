"""One library that finds paths, in a process of its own: loads a graph, then answers and is timed.

Reads questions from standard input, some pairs a line, and writes a line of JSON for each: how long
each pair took, and what was found, so that the bench can hold the answers against one another.
"""

import ctypes
import gc
import json
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import measured
import numpy as np

K = 10
HOPS = 4
CHOSEN = (1, 2, 4, 6, 9, 11, 12, 15)
"""The relations that a filtered question follows: half of the edges."""
AGAIN = 0.1
"""What took fewer seconds is asked again at once, to see how long it takes hot."""
Asked = Mapping[str, Callable[[int, int], Any]]


def ours(columns: Mapping[str, Any], mode: str) -> Asked:
    """This project, in one of its modes."""
    import networkx as nx

    from kg.backend import paths
    from kg.backend.graph import from_arrays, network, ready

    graph = from_arrays(
        int(columns["nodes"]),
        (columns["sources"], columns["targets"]),
        relations=columns["relations"],
        weights={"weight": columns["weights"]},
    )
    net = ready(graph)
    net.run_as(mode)
    net.weights("weight")
    other = network(graph)  # what only prepares the questions leaves the graph measured cold
    other.net = replace(net, mode="plain", kept={}, filters={}, desks=deque())

    few = other.only(CHOSEN)

    def k_cheapest(source: int, target: int) -> Any:
        return list(islice(paths.shortest_simple_paths(graph, source, target, "weight"), K))

    return {
        "shortest": lambda s, t: nx.shortest_path(graph, s, t),
        "cheapest": lambda s, t: nx.bidirectional_dijkstra(graph, s, t)[1],
        "k cheapest": k_cheapest,
        "all simple": lambda s, t: list(nx.all_simple_paths(graph, s, t, HOPS)),
        "filtered": lambda s, t: nx.shortest_path(graph, s, t, relations=CHOSEN),
        "exists": lambda s, t: s != t and nx.has_path(other, s, t),
        "exists filtered": lambda s, t: s != t and nx.has_path(few, s, t),
    }


def networkx(columns: Mapping[str, Any], _: str) -> Asked:
    """On its own dictionaries; its k cheapest paths need a graph without parallel edges."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(int(columns["nodes"])))
    sources, targets, relations, weights = (
        columns[name].tolist() for name in ("sources", "targets", "relations", "weights")
    )
    graph.add_edges_from(
        (source, target, {"relation": relation, "weight": weight})
        for source, target, relation, weight in zip(
            sources, targets, relations, weights, strict=True
        )
    )
    view = nx.subgraph_view(
        graph, filter_edge=lambda s, t, key: graph[s][t][key]["relation"] in CHOSEN
    )
    kept: list[Any] = []

    def k_cheapest(source: int, target: int) -> Any:
        if not kept:
            simple = nx.DiGraph()
            simple.add_nodes_from(graph)
            order = np.argsort(-columns["weights"], kind="stable").tolist()
            simple.add_weighted_edges_from((sources[e], targets[e], weights[e]) for e in order)
            kept.append(simple)
        return list(islice(nx.shortest_simple_paths(kept[0], source, target, "weight"), K))

    return {
        "shortest": lambda s, t: nx.shortest_path(graph, s, t),
        "cheapest": lambda s, t: nx.bidirectional_dijkstra(graph, s, t)[1],
        "k cheapest": k_cheapest,
        "all simple": lambda s, t: list(nx.all_simple_paths(graph, s, t, HOPS)),
        "filtered": lambda s, t: nx.shortest_path(view, s, t),
    }


def networkit(columns: Mapping[str, Any], _: str) -> Asked:
    """NetworKit."""
    import networkit as nk

    graph = nk.GraphFromCoo(
        (columns["weights"], (columns["sources"], columns["targets"])),
        n=int(columns["nodes"]),
        weighted=True,
        directed=True,
    )

    unweighted = nk.graphtools.toUnweighted(graph)

    def ran(search: Any, source: int, target: int) -> Any:
        search.run()
        between = list(search.getPath())
        return [source, *between, target]

    def all_simple(source: int, target: int) -> Any:
        search = nk.distance.AllSimplePaths(unweighted, source, target, HOPS)
        try:
            search.run()
        except RuntimeError:  # there is none of so few hops
            return []
        return search.getAllSimplePaths()

    return {
        "shortest": lambda s, t: ran(nk.distance.BidirectionalBFS(graph, s, t), s, t),
        "cheapest": lambda s, t: ran(nk.distance.BidirectionalDijkstra(graph, s, t), s, t),
        "all simple": all_simple,
    }


def igraph(columns: Mapping[str, Any], _: str) -> Asked:
    """python-igraph."""
    import igraph as ig

    pairs = np.stack((columns["sources"], columns["targets"]), axis=1)
    graph = ig.Graph(n=int(columns["nodes"]), edges=pairs, directed=True)
    weights = columns["weights"].tolist()
    graph.es["weight"] = weights

    def one(source: int, target: int, weights: Any) -> Any:
        found = graph.get_shortest_paths(source, target, weights=weights, mode="out")[0]
        return found or None

    def k_cheapest(source: int, target: int) -> Any:
        return graph.get_k_shortest_paths(source, target, k=K, mode="out", weights="weight")

    return {
        "shortest": lambda s, t: one(s, t, None),
        "cheapest": lambda s, t: one(s, t, "weight"),
        "k cheapest": k_cheapest,
        "all simple": lambda s, t: graph.get_all_simple_paths(s, t, maxlen=HOPS, mode="out"),
    }


def scipy(columns: Mapping[str, Any], _: str) -> Asked:
    """scipy.sparse.csgraph: a matrix, so the least of parallel edges."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, dijkstra, yen

    nodes = int(columns["nodes"])
    pairs = columns["sources"].astype(np.int64) * nodes + columns["targets"]
    order = np.lexsort((columns["weights"], pairs))
    first = np.append(True, pairs[order][1:] != pairs[order][:-1])
    kept = order[first]
    ends = columns["sources"][kept], columns["targets"][kept]
    matrix = csr_array((columns["weights"][kept], ends), shape=(nodes, nodes))
    matrix.indices, matrix.indptr = (
        each.astype(np.int32) for each in (matrix.indices, matrix.indptr)
    )

    def back(before: Any, source: int, target: int) -> Any:
        path = [target]
        while path[-1] != source:
            node = int(before[path[-1]])
            if node < 0:
                return None
            path.append(node)
        return path[::-1]

    def shortest(source: int, target: int) -> Any:
        return back(breadth_first_order(matrix, source)[1], source, target)

    def cheapest(source: int, target: int) -> Any:
        found = dijkstra(matrix, indices=source, return_predecessors=True)
        return back(found[1], source, target)

    def k_cheapest(source: int, target: int) -> Any:
        costs, before = yen(matrix, source, target, K, return_predecessors=True)
        return [back(each, source, target) for each in before[: len(costs)]]

    return {"shortest": shortest, "cheapest": cheapest, "k cheapest": k_cheapest}


def rustworkx(columns: Mapping[str, Any], _: str) -> Asked:
    """rustworkx; its cutoff counts one hop less than others'."""
    import rustworkx as rx

    graph = rx.PyDiGraph(multigraph=True)
    graph.add_nodes_from(range(int(columns["nodes"])))
    names = ("sources", "targets", "weights")
    graph.add_edges_from(list(zip(*(columns[name].tolist() for name in names), strict=True)))

    def one(source: int, target: int, weigh: Any) -> Any:
        found = rx.dijkstra_shortest_paths(graph, source, target, weight_fn=weigh)
        return list(found[target]) if target in found else None

    return {
        "shortest": lambda s, t: one(s, t, None),
        "cheapest": lambda s, t: one(s, t, float),
        "all simple": lambda s, t: [
            list(path) for path in rx.all_simple_paths(graph, s, t, cutoff=HOPS + 1)
        ],
    }


LIBRARIES = {
    "fast": ours,
    "plain": ours,
    "networkx": networkx,
    "networkit": networkit,
    "igraph": igraph,
    "scipy": scipy,
    "rustworkx": rustworkx,
}


def said(found: Any, columns: Mapping[str, Any], question: str) -> Any:
    """What is compared of an answer: hops, cost, costs, or how many paths of different nodes."""
    if question.startswith("exists"):
        return found
    if question in {"shortest", "filtered"}:
        return None if found is None else len(found) - 1
    if question == "cheapest":
        return None if found is None else cost(found, columns)
    if question == "k cheapest":
        distinct = dict.fromkeys(map(tuple, found or []))  # igraph: a path for each parallel edge
        return [cost(path, columns) for path in distinct]
    return len({tuple(path) for path in found})


def cost(path: Sequence[int], columns: Mapping[str, Any]) -> float:
    """What the path costs, over the cheapest of parallel edges, to 6 digits."""
    total = 0.0
    for source, target in pairwise(path):
        low, high = columns["starts"][source], columns["starts"][source + 1]
        edges = columns["by_source"][low:high]
        total += columns["weights"][edges[columns["targets"][edges] == target]].min()
    return float(f"{total:.6g}")


def main() -> None:
    """Loads the graph that the arguments name, says so, and answers until the input ends."""
    library, file = sys.argv[1:3]
    columns = dict(np.load(Path(file)))
    order = np.argsort(columns["sources"], kind="stable")
    nodes = int(columns["nodes"])
    columns["by_source"] = order
    columns["starts"] = np.searchsorted(columns["sources"][order], np.arange(nodes + 1))
    __import__("networkx" if library in {"fast", "plain"} else library)
    trim()
    before, began = measured.resident(), time.perf_counter()
    ask = LIBRARIES[library](columns, library)
    built = time.perf_counter() - began
    trim()
    tell(built=built, graph=measured.resident() - before, questions=list(ask))
    for line in sys.stdin:
        question, pairs, most = json.loads(line)
        took, hot, answers = [], [], []
        for source, target in pairs:
            began = time.perf_counter()
            found = ask[question](source, target)
            took.append(time.perf_counter() - began)
            answers.append(found)
            if took[-1] < AGAIN:
                began = time.perf_counter()
                ask[question](source, target)
                hot.append(time.perf_counter() - began)
            if sum(took) > most:
                break
        told = [said(found, columns, question) for found in answers]
        tell(took=took, hot=hot, found=told, held=measured.resident() - before)


def trim() -> None:
    """Gives back what is free, so that what is left is held."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def tell(**what: Any) -> None:
    """A line of JSON."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
