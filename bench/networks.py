"""Two kinds of large multigraph, as arrays: hubs of many edges, and places with neighbours."""

from typing import Any, NamedTuple

__all__ = ["KINDS", "Arrays", "geographic", "multigraph", "scale_free"]

RELATIONS = 16


class Arrays(NamedTuple):
    """A directed multigraph: nodes are numbers, each edge has a relation and a weight."""

    nodes: int
    sources: Any
    targets: Any
    relations: Any
    weights: Any

    @property
    def edges(self) -> int:
        """How many edges there are."""
        return len(self.sources)


def scale_free(nodes: int, edges: int, seed: int = 5) -> Arrays:
    """A few nodes have most of the edges: degrees fall off as a power law; weights are 1 to 100."""
    import numpy as np

    random = np.random.default_rng(seed)
    likely = (np.arange(nodes) + 10.0) ** -0.75
    likely /= likely.sum()
    sources, targets = (
        random.permutation(nodes)[random.choice(nodes, edges, p=likely)] for _ in range(2)
    )
    weights = random.integers(1, 101, edges).astype(float)
    return Arrays(nodes, sources, targets, random.integers(0, RELATIONS, edges), weights)


def geographic(nodes: int, edges: int, seed: int = 5) -> Arrays:
    """Places on a square, with roads to the nearest: a tenth of the roads have one beside them."""
    import numpy as np
    from scipy.spatial import cKDTree

    random = np.random.default_rng(seed)
    places = random.random((nodes, 2))
    near = edges // nodes
    apart, found = cKDTree(places).query(places, near + 1)
    sources = np.repeat(np.arange(nodes), near)
    targets, lengths = found[:, 1:].ravel(), apart[:, 1:].ravel() * 1000
    beside = random.random(len(sources)) < 0.1
    targets[1:][beside[1:]] = targets[:-1][beside[1:]]
    lengths[1:][beside[1:]] = lengths[:-1][beside[1:]]
    kept = sources != targets
    sources, targets = sources[kept], targets[kept]
    weights = lengths[kept] * random.uniform(1, 1.3, len(sources))
    return Arrays(nodes, sources, targets, random.integers(0, RELATIONS, len(sources)), weights)


KINDS = {"scale-free": scale_free, "geographic": geographic}


def multigraph(arrays: Arrays) -> Any:
    """The same as a networkx MultiDiGraph, relations and weights as attributes."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(arrays.nodes))
    columns = (arrays.sources, arrays.targets, arrays.relations, arrays.weights)
    graph.add_edges_from(
        (source, target, {"relation": relation, "weight": weight})
        for source, target, relation, weight in zip(
            *(column.tolist() for column in columns), strict=True
        )
    )
    return graph
