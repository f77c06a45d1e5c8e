"""Searches, held against networkx on graphs made by chance, and by what they may scan."""

import random
from itertools import islice, pairwise
from time import monotonic
from typing import Any

import networkx as nx
import pytest

from kg.search import (
    Direction,
    Edge,
    How,
    Scan,
    SpentError,
    between,
    cheapest_path,
    earliest_path,
    paths_by_cost,
    reachable,
    shortest_path,
)

Graph = Any
KINDS = ("leg", "supply", "use")


def by_chance(seed: int) -> Graph:
    """A multigraph of up to 25 nodes, with parallel edges of several kinds and weights."""
    chance = random.Random(seed)  # noqa: S311 -- the same graphs each time
    size = chance.randint(4, 20)
    names = [f"n{number:02}" for number in range(size)]
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(names)
    for number in range(chance.randint(size, 3 * size)):
        start, end = chance.sample(names, 2)
        weight, kind = chance.randint(0, 9), chance.choice(KINDS)
        graph.add_edge(start, end, key=f"e{number}", weight=weight, kind=kind)
    return graph


def flat(graph: Graph, direction: Direction = "out", *, kinds: tuple[str, ...] = KINDS) -> Graph:
    """The same for networkx: one edge for all that lead from one node to another."""
    plain = nx.DiGraph()
    plain.add_nodes_from(graph)
    for start, end, data in graph.edges(data=True):
        if data["kind"] not in kinds:
            continue
        forth, back = [(start, end)], [(end, start)]
        for one, other in {"out": forth, "in": back, "either": forth + back}[direction]:
            known = plain.get_edge_data(one, other, {"weight": data["weight"]})["weight"]
            plain.add_edge(one, other, weight=min(known, data["weight"]))
    return plain


def ends(graph: Graph, seed: int) -> tuple[str, str]:
    start, end = random.Random(seed).sample(sorted(graph), 2)  # noqa: S311 -- as above
    return start, end


DIRECTIONS: tuple[Direction, ...] = ("out", "in", "either")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_shortest_path_is_the_first_of_those_of_networkx(direction: Direction) -> None:
    found = 0
    for seed in range(80):
        graph = by_chance(seed)
        start, end = ends(graph, seed)
        plain = flat(graph, direction)
        path = shortest_path(graph, [start], [end], How(direction=direction))
        if nx.has_path(plain, start, end):
            found += 1
            assert path == tuple(min(nx.all_shortest_paths(plain, start, end)))
        else:
            assert path is None
    assert found >= 40


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_paths_by_cost_are_those_of_networkx_cheapest_first(direction: Direction) -> None:
    for seed in range(20):
        graph = by_chance(seed)
        start, end = ends(graph, seed)
        plain = flat(graph, direction)
        ours = [
            *islice(
                paths_by_cost(graph, [start], [end], How(direction=direction), weight="weight"), 20
            )
        ]
        costs = [cost for cost, _ in ours]
        assert costs == sorted(costs)
        assert len(set(ours)) == len(ours)
        for cost, path in ours:
            assert nx.path_weight(plain, path, "weight") == cost
        if not nx.has_path(plain, start, end):
            assert ours == []
            continue
        theirs = islice(nx.shortest_simple_paths(plain, start, end, weight="weight"), 20)
        assert costs == [nx.path_weight(plain, path, "weight") for path in theirs]


def test_all_simple_paths_are_found_shortest_first() -> None:
    for seed in range(20):
        graph = by_chance(seed)
        start, end = ends(graph, seed)
        ours = [path for _, path in paths_by_cost(graph, [start], [end], How(most_hops=4))]
        theirs = map(tuple, nx.all_simple_paths(flat(graph), start, end, cutoff=4))
        assert ours == sorted(theirs, key=lambda path: (len(path), path))


def test_edges_that_are_not_kept_are_not_travelled() -> None:
    for seed in range(20):
        graph = by_chance(seed)
        start, end = ends(graph, seed)
        plain = flat(graph, kinds=("leg",))
        legs = How(lambda _, __, ___, data: data["kind"] == "leg")
        path = shortest_path(graph, [start], [end], legs)
        assert (path is not None) == nx.has_path(plain, start, end)
        if path:
            assert len(path) == nx.shortest_path_length(plain, start, end) + 1
            for edges in between(graph, path, legs):
                assert {edge.data["kind"] for edge in edges} == {"leg"}


def test_what_can_be_reached_is_told_with_its_hops() -> None:
    for seed in range(20):
        graph = by_chance(seed)
        start, _ = ends(graph, seed)
        assert reachable(graph, [start]) == nx.single_source_shortest_path_length(
            flat(graph), start
        )
        assert set(reachable(graph, [start], How(most_hops=1))) == {start, *graph.successors(start)}


def test_several_sources_and_targets_give_the_nearest_two() -> None:
    graph = nx.MultiDiGraph([("a", "b"), ("b", "c"), ("c", "d"), ("x", "d"), ("x", "y")])
    assert shortest_path(graph, ["a", "x"], ["d", "nowhere"]) == ("x", "d")
    assert [path for _, path in paths_by_cost(graph, ["a", "x"], ["c", "d"])] == [
        ("x", "d"),
        ("a", "b", "c"),
    ]


def test_a_node_is_gone_on_from_when_it_is_first_reached() -> None:
    graph = nx.MultiDiGraph()
    for start, end, day in (
        *(("a", "b", "1"), ("a", "c", "1"), ("b", "d", "3"), ("c", "d", "2")),
        *(("d", "e", "4"), ("e", "a", "5"), ("d", "f", "1")),
    ):
        graph.add_edge(start, end, day=day)

    def when(edge: Edge) -> tuple[str, str]:
        return edge.data["day"], edge.data["day"]

    assert earliest_path(graph, ["a"], ["e"], when=when) == ("a", "c", "d", "e")
    assert earliest_path(graph, ["a"], ["f"], when=when) is None


def test_a_hop_is_all_edges_between_two_nodes() -> None:
    graph = nx.MultiDiGraph()
    for start, end, key in (("a", "b", "two"), ("a", "b", "one"), ("b", "a", "back")):
        graph.add_edge(start, end, key=key)
    (hop,) = between(graph, ("a", "b"), How(direction="either"))
    assert [(edge.key, edge.along) for edge in hop] == [
        ("one", True),
        ("two", True),
        ("back", False),
    ]
    assert [edge.key for edge in between(graph, ("b", "a"), How(direction="in"))[0]] == [
        "one",
        "two",
    ]


def test_a_hop_costs_what_a_function_says_of_its_edges() -> None:
    graph = nx.MultiDiGraph()
    for start, end, key in (("a", "b", "x"), ("a", "b", "y"), ("b", "d", "x"), ("a", "d", "x")):
        graph.add_edge(start, end, key=key)

    def by_support(edges: tuple[Edge, ...]) -> float | None:
        assert all(edge.along for edge in edges)
        if (edges[0].source, edges[0].target) == ("a", "d"):
            return None
        return 1 / len(edges)

    assert list(paths_by_cost(graph, ["a"], ["d"], weight=by_support)) == [(1.5, ("a", "b", "d"))]


def test_a_path_of_too_many_hops_is_none() -> None:
    graph = nx.MultiDiGraph(pairwise("abcdef"))
    assert shortest_path(graph, ["a"], ["f"], How(most_hops=5)) == tuple("abcdef")
    assert shortest_path(graph, ["a"], ["f"], How(most_hops=4)) is None
    assert cheapest_path(graph, ["a"], ["f"], How(most_hops=4)) is None
    assert cheapest_path(graph, ["a"], ["f"], How(most_hops=5)) == tuple("abcdef")


def test_a_node_that_is_start_and_end_is_a_path() -> None:
    graph = nx.MultiDiGraph(pairwise("ab"))
    assert shortest_path(graph, ["a"], ["a"]) == ("a",)
    assert cheapest_path(graph, ["a"], ["a"]) == ("a",)
    assert shortest_path(graph, ["nowhere"], ["a"]) is None


def test_what_is_scanned_is_counted_alike_each_time_and_has_an_end() -> None:
    graph = nx.MultiDiGraph(
        (f"n{a:02}", f"n{b:02}") for a in range(30) for b in range(30) if a != b
    )
    counts = set()
    for _ in range(3):
        scan = Scan()
        assert len([*islice(paths_by_cost(graph, ["n00"], ["n29"], How(scan=scan)), 50)]) == 50
        counts.add(scan.scanned)
    (scanned,) = counts
    enough = Scan(scanned)
    assert len([*islice(paths_by_cost(graph, ["n00"], ["n29"], How(scan=enough)), 50)]) == 50
    found = []
    too_few = Scan(scanned - 1)
    with pytest.raises(SpentError):  # noqa: PT012 -- what was found before is looked at
        for each in islice(paths_by_cost(graph, ["n00"], ["n29"], How(scan=too_few)), 50):
            found.append(each)  # noqa: PERF402 -- as above
    assert 0 < len(found) < 50
    assert too_few.scanned == scanned - 1


def test_networkx_knows_the_searches_by_name() -> None:
    from networkx.utils.backends import _registered_algorithms

    names = {name for name in _registered_algorithms if name.startswith("caspian_")}
    assert names == {
        *("caspian_cheapest_path", "caspian_earliest_path", "caspian_paths_by_cost"),
        *("caspian_reachable", "caspian_shortest_path"),
    }


def test_a_search_ends_when_its_time_is_over() -> None:
    graph = nx.MultiDiGraph(
        (f"n{a:02}", f"n{b:02}") for a in range(40) for b in range(40) if a != b
    )
    scan = Scan(until=monotonic() - 1)
    with pytest.raises(SpentError, match="no more time") as caught:
        next(paths_by_cost(graph, ["n00"], ["n39"], How(scan=scan)))
    assert caught.value.over == "time"
    assert scan.scanned == 1024
