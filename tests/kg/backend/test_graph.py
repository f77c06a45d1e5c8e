"""A graph of the backend's is a networkx graph: it shares, changes, shows less, and serves all."""

from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest

from kg.backend import paths
from kg.backend.graph import MultiDiGraph, from_arrays, network, ready
from kg.backend.net import EVERY

SOURCES, TARGETS = [0, 0, 1, 2, 0, 3], [1, 1, 2, 3, 3, 0]
RELATIONS, NAMES = [1, 0, 0, 1, 2, 0], ["supplies", "leads to", "denies"]
COSTS = {"km": [5.0, 3.0, 2.0, 1.0, 10.0, 4.0]}

OTHERS: dict[str, Callable[[Any], Any]] = {
    "pagerank": nx.pagerank,
    "betweenness": nx.betweenness_centrality,
    "strong components": lambda graph: sorted(map(sorted, nx.strongly_connected_components(graph))),
    "weak components": lambda graph: list(map(sorted, nx.weakly_connected_components(graph))),
    "descendants": lambda graph: nx.descendants(graph, 0),
    "topological order": lambda graph: list(
        nx.topological_sort(nx.condensation(nx.DiGraph(graph)))
    ),
    "cycles": lambda graph: sorted(map(sorted, nx.simple_cycles(nx.DiGraph(graph)))),
    "average length": nx.average_shortest_path_length,
    "eccentricity": nx.eccentricity,
    "matrix": lambda graph: nx.to_numpy_array(graph, weight="km").tolist(),
    "edges by depth": lambda graph: list(nx.dfs_edges(graph, 0)),
    "Floyd and Warshall": lambda graph: dict(nx.floyd_warshall(graph, weight="km")),
    "edge list": lambda graph: sorted(nx.to_edgelist(graph), key=str),
    "reversed": lambda graph: sorted(nx.reverse_view(graph).edges),
    "lengths of all pairs": lambda graph: dict(nx.all_pairs_shortest_path_length(graph)),
    "all sources": lambda graph: nx.shortest_path_length(graph, target=0),
    "copy": lambda graph: sorted(graph.copy().edges(keys=True, data="km")),
    "undirected": lambda graph: sorted(graph.to_undirected().degree),
    "in degrees": lambda graph: dict(graph.in_degree(weight="km")),
}


@pytest.fixture
def plain() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(4))
    columns = zip(SOURCES, TARGETS, RELATIONS, COSTS["km"], strict=True)
    for key, (source, target, relation, km) in enumerate(columns):
        graph.add_edge(source, target, key=key, relation=NAMES[relation], km=km)
    return graph


@pytest.fixture
def arrays() -> Any:
    return from_arrays(4, (SOURCES, TARGETS), relations=RELATIONS, names=NAMES, weights=COSTS)


@pytest.mark.parametrize("algorithm", OTHERS)
def test_other_algorithms_run_unchanged(
    algorithm: str, plain: nx.MultiDiGraph, arrays: Any
) -> None:
    want = OTHERS[algorithm](plain)
    assert OTHERS[algorithm](network(plain)) == want
    assert OTHERS[algorithm](arrays) == want


def test_arrays_read_as_the_same_graph(plain: nx.MultiDiGraph, arrays: Any) -> None:
    assert nx.utils.graphs_equal(plain, arrays)
    assert dict(arrays.pred[3]) == dict(plain.pred[3])
    assert arrays[0][1][1] == {"relation": "supplies", "km": 3.0}
    assert (len(arrays), len(arrays[0]), len(arrays[0][1])) == (4, 2, 2)
    assert nx.shortest_path(arrays, 0, 3, "km") == nx.shortest_path(plain, 0, 3, "km")
    assert dict(ready(arrays).number) == {node: node for node in range(4)}
    assert len(ready(arrays).number) == 4
    assert 4 not in arrays
    assert "0" not in arrays


def test_what_is_not_in_the_arrays_is_a_key_error(arrays: Any) -> None:
    for wrong in (
        lambda: arrays[9],
        lambda: arrays.nodes[9],
        lambda: arrays[0][2],
        lambda: arrays[0][1][4],
    ):
        with pytest.raises(KeyError):
            wrong()


def test_arrays_cannot_be_written(arrays: Any) -> None:
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        arrays.add_edge(0, 2)


def test_nodes_of_arrays_may_have_names() -> None:
    graph = from_arrays(["a", "b"], ([0], [1]))
    assert nx.shortest_path(graph, "a", "b") == ["a", "b"]
    assert list(graph.edges(data=True)) == [("a", "b", {"relation": 0})]


def test_a_graph_without_nodes_is_one() -> None:
    assert list(from_arrays(0, ([], []))) == []
    with pytest.raises(nx.NodeNotFound):
        nx.shortest_path(network(nx.Graph()), 1, 2)


def test_a_shared_graph_hears_of_changes(plain: nx.MultiDiGraph) -> None:
    ours = network(plain)
    assert nx.shortest_path(ours, 1, 3) == [1, 2, 3]
    plain.add_edge(1, 3)
    assert nx.shortest_path(ours, 1, 3) == [1, 3]
    ours.remove_edge(1, 3)
    assert nx.shortest_path(ours, 1, 3) == [1, 2, 3]
    assert not plain.has_edge(1, 3)


def test_a_frozen_graph_is_shared_as_one(plain: nx.MultiDiGraph) -> None:
    assert nx.is_frozen(network(nx.freeze(plain)))


def test_nothing_is_kept_where_the_owner_wants_that(plain: nx.MultiDiGraph) -> None:
    plain.__networkx_cache__ = None
    assert nx.shortest_path(network(plain), 1, 3) == [1, 2, 3]
    assert ready(network(plain)) is not ready(network(plain))


def test_a_graph_can_be_made_of_the_class_itself() -> None:
    graph = MultiDiGraph([(1, 2), (2, 3)])
    assert nx.shortest_path(graph, 1, 3) == [1, 2, 3]


def test_a_view_of_networkx_is_searched_by_networkx(plain: nx.MultiDiGraph) -> None:
    ours = network(plain)
    view = nx.subgraph_view(ours, filter_node=lambda node: node != 2)
    assert ready(view) is None
    assert ready(network(view)) is None
    assert not nx.has_path(view, 1, 3)
    with pytest.raises(nx.NodeNotFound, match="view"):
        paths.hops(view, [0, 1])


def test_only_some_relations_are_shown_and_searched(plain: nx.MultiDiGraph, arrays: Any) -> None:
    for graph in (network(plain), arrays):
        fewer = graph.only(["supplies", "leads to"])
        assert nx.shortest_path(fewer, 0, 3) == [0, 1, 2, 3]
        assert fewer.number_of_edges() == 5
        assert nx.shortest_path(graph.only(without=["supplies", "denies"]), 0, 1) == [0, 1]
        assert not nx.has_path(graph.only(["leads to"]), 0, 2)
        far = graph.only(edges=lambda *edge: edge[3]["km"] < 10)
        assert nx.shortest_path(far, 0, 3) == [0, 1, 2, 3]
        assert nx.shortest_path(network(far), 0, 3) == [0, 1, 2, 3]
        assert sorted(nx.descendants(fewer, 1)) == [0, 2, 3]


def test_a_view_of_fewer_edges_hears_of_changes(plain: nx.MultiDiGraph) -> None:
    fewer = network(plain).only(without=["denies"])
    assert nx.shortest_path(fewer, 0, 3) == [0, 1, 2, 3]
    plain.add_edge(0, 3, relation="supplies")
    assert nx.shortest_path(fewer, 0, 3) == [0, 3]


def test_edges_are_chosen_once(plain: nx.MultiDiGraph) -> None:
    fewer = network(plain).only(["supplies"])
    with pytest.raises(nx.NetworkXError, match="chooses edges already"):
        fewer.only(["leads to"])
    with pytest.raises(nx.NetworkXError, match="chooses edges already"):
        paths.shortest_path(fewer, 0, 3, without=["supplies"])
    assert fewer.chosen != EVERY


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_every_kind_of_graph_takes_every_kind_of_filter(kind: type) -> None:
    graph = kind([(1, 2, {"kind": "road"}), (2, 3, {"kind": "rail"}), (1, 3, {"kind": "sea"})])
    ours = network(graph, relation="kind")
    assert paths.shortest_path(ours, 1, 3, without=["sea"]) == [1, 2, 3]
    assert paths.shortest_path(ours, 1, 3, edges=lambda *edge: 3 not in edge[:1]) == [1, 3]
    # a byte for each edge, in networkx's order: the one from 1 to 3 is left out
    mask = bytes(sorted(edge[:2]) != [1, 3] for edge in graph.edges)
    assert paths.shortest_path(ours, 1, 3, edges=mask) == [1, 2, 3]
    assert paths.shortest_path(ours, 1, 3, relations=["road", "rail"]) == [1, 2, 3]
    # where networkx itself answers, it sees the same edges
    for how in ({"edges": mask}, {"without": ["sea"]}, {"relations": ["road", "rail"]}):
        assert paths.shortest_path(ours, 1, 3, lambda *_: 1, **how) == [1, 2, 3]
    far = {"edges": lambda *edge: edge[3]["kind"] != "sea"}
    assert paths.shortest_path(ours, 1, 3, lambda *_: 1, **far) == [1, 2, 3]
