"""Asks this project and networkx the same questions of the same graphs: prints what differs.

`python bench/path_agreement.py` asks of 10,000 pairs, for some ten minutes; a test asks of fewer.
"""

import argparse
from collections.abc import Iterator
from itertools import islice
from math import isclose
from typing import Any

import networkx as nx
from networks import KINDS, multigraph

from kg.backend import paths
from kg.backend.engine import MODES
from kg.backend.graph import network, ready

QUESTIONS = ("shortest", "all shortest", "cheapest", "ten cheapest", "all simple")
CUTOFF = 3
TEN = 10


def disagreements(pairs: int, nodes: int, edges: int) -> Iterator[str]:
    """What differs between networkx and either mode, over so many pairs, half in each kind."""
    import numpy as np

    random = np.random.default_rng(pairs)
    for kind, made in KINDS.items():
        theirs = multigraph(made(nodes, edges))
        simple = _cheapest_edges(theirs)
        ours = {mode: _in_mode(theirs, mode) for mode in MODES}
        for source, target in random.integers(0, nodes, (pairs // 2, 2)).tolist():
            wanted = [_found(_networkx, each, theirs, simple, source, target) for each in QUESTIONS]
            for mode, graph in ours.items():
                found = [_found(_ours, each, graph, source, target) for each in QUESTIONS]
                for question, want, have in zip(QUESTIONS, wanted, found, strict=True):
                    if not _same(theirs, question, want, have):
                        asked = f"{kind}, {mode}, {question}, {source} to {target}"
                        yield f"{asked}: {have}, not {want}"


def _in_mode(graph: Any, mode: str) -> Any:
    ours = network(graph.copy())
    ready(ours).run_as(mode)
    return ours


def _cheapest_edges(graph: Any) -> Any:
    """The graph without parallel edges, which networkx's k cheapest paths ask for."""
    simple = nx.DiGraph()
    simple.add_nodes_from(graph)
    for source, target, weight in graph.edges(data="weight"):
        if weight < simple.get_edge_data(source, target, {"weight": weight + 1})["weight"]:
            simple.add_edge(source, target, weight=weight)
    return simple


def _found(ask: Any, *question: Any) -> Any:
    try:
        return ask(*question)
    except nx.NetworkXNoPath:
        return None


def _networkx(question: str, graph: Any, simple: Any, source: int, target: int) -> Any:
    if question in {"shortest", "all shortest"}:
        return sorted(nx.all_shortest_paths(graph, source, target))
    if question == "cheapest":
        return nx.dijkstra_path_length(graph, source, target)
    if question == "ten cheapest":
        found = islice(nx.shortest_simple_paths(simple, source, target, "weight"), TEN)
        return [nx.path_weight(simple, path, "weight") for path in found]
    return sorted(nx.all_simple_paths(graph, source, target, CUTOFF))


def _ours(question: str, graph: Any, source: int, target: int) -> Any:
    if question == "shortest":
        return nx.shortest_path(graph, source, target)
    if question == "all shortest":
        return list(nx.all_shortest_paths(graph, source, target))
    if question == "cheapest":
        return nx.bidirectional_dijkstra(graph, source, target)
    if question == "ten cheapest":
        return list(islice(paths.shortest_simple_paths(graph, source, target, "weight"), TEN))
    return list(nx.all_simple_paths(graph, source, target, CUTOFF))


def _same(graph: Any, question: str, want: Any, have: Any) -> bool:
    if want is None or have is None:
        return want is have
    if question == "shortest":
        return have == want[0]
    if question == "cheapest":
        cost, path = have
        return isclose(cost, want) and isclose(_cost(graph, path), want)
    if question == "ten cheapest":
        costs = [_cost(graph, path) for path in have]
        distinct = len({tuple(path) for path in have}) == len(have)
        simple = all(nx.is_simple_path(graph, path) for path in have)
        close = len(costs) == len(want) and all(map(isclose, costs, want))
        return distinct and simple and close
    if question == "all simple":  # each length in the order of nodes
        return have == sorted(want, key=lambda path: (len(path), path))
    return have == want


def _cost(graph: Any, path: list[int]) -> float:
    return float(nx.path_weight(graph, path, "weight"))


def main() -> None:
    """Prints what differs, and fails where anything does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--nodes", type=int, default=80)
    parser.add_argument("--edges", type=int, default=330)
    args = parser.parse_args()
    found = list(disagreements(args.pairs, args.nodes, args.edges))
    print(*found, sep="\n")
    asked = args.pairs * len(QUESTIONS) * len(MODES)
    print(f"{asked:,} answers in {len(MODES)} modes, {len(found)} differ from networkx's")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
