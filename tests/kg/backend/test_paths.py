"""Paths: their order, filters, budgets, and what is left to networkx."""

from itertools import islice
from typing import Any

import networkx as nx
import pytest

from kg.backend import paths, walks
from kg.backend.budget import Budget, CutShortError
from kg.backend.engine import MODES, Mode
from kg.backend.graph import network, ready


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param


def in_mode(graph: Any, mode: Mode) -> Any:
    ours = network(graph)
    ready(ours).run_as(mode)
    return ours


@pytest.fixture
def grid(mode: Mode) -> Any:
    graph = nx.MultiDiGraph(nx.grid_2d_graph(5, 5))
    for number, (source, target, data) in enumerate(graph.edges(data=True)):
        data.update(relation="east" if source[0] == target[0] else "south", km=1 + number % 3)
    return in_mode(graph, mode)


def test_equal_paths_come_as_their_nodes_stand(mode: Mode) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from("azbcd")
    graph.add_edges_from([("a", "b"), ("a", "z"), ("b", "d"), ("z", "d"), ("a", "c"), ("c", "d")])
    ours = in_mode(graph, mode)
    want = [["a", "z", "d"], ["a", "b", "d"], ["a", "c", "d"]]
    assert nx.shortest_path(ours, "a", "d") == want[0]
    for found in (nx.all_shortest_paths, nx.all_simple_paths, nx.shortest_simple_paths):
        assert list(found(ours, "a", "d")) == want


def test_a_path_to_oneself_is_oneself(grid: Any) -> None:
    here = (0, 0)
    assert nx.shortest_path(grid, here, here) == [here]
    assert paths.shortest_path(grid, here, here, relations=["east"]) == [here]
    assert list(nx.all_shortest_paths(grid, here, here)) == [[here]]
    assert list(nx.all_simple_paths(grid, here, here)) == [[here]]
    assert list(nx.all_simple_paths(grid, here, here, cutoff=-1)) == []
    assert list(paths.shortest_simple_paths(grid, here, here)) == [[here]]
    assert nx.bidirectional_dijkstra(grid, here, here, "km") == (0, [here])


def test_hops_hold_the_edges_that_count(mode: Mode) -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", key="one", relation="says")
    graph.add_edge("a", "b", key="two", relation="denies")
    graph.add_edge("b", "c", key="one", relation="says")
    ours = in_mode(graph, mode)
    assert paths.hops(ours, ["a", "b", "c"]) == [
        [("a", "b", "one"), ("a", "b", "two")],
        [("b", "c", "one")],
    ]
    assert paths.hops(ours, ["a", "b"], without=["denies"]) == [[("a", "b", "one")]]
    assert paths.hops(ours, ["a", "c"]) == [[]]
    assert len(list(nx.all_simple_paths(ours, "a", "c"))) == 2
    assert len(list(paths.all_simple_paths(ours, "a", "c", without=["denies"]))) == 1
    assert paths.hops(nx.DiGraph([("a", "b")]), ["a", "b"]) == [[("a", "b")]]


def test_lengths_from_one_node_are_networkx_s(grid: Any) -> None:
    for cutoff in (None, 0, 3, -1):
        plain = nx.MultiDiGraph(grid)
        want = nx.single_source_shortest_path_length(plain, (2, 2), cutoff)
        assert nx.single_source_shortest_path_length(grid, (2, 2), cutoff) == want
    east = paths.single_source_shortest_path_length(grid, (2, 2), relations=["east"])
    assert sorted(east) == [(2, column) for column in range(5)]


def test_where_no_path_leads_networkx_s_errors_are_raised(mode: Mode) -> None:
    graph = in_mode(nx.MultiDiGraph([("a", "b"), ("c", "b")]), mode)
    for function in (
        paths.shortest_path,
        paths.shortest_path_length,
        paths.dijkstra_path,
        paths.dijkstra_path_length,
        paths.bidirectional_dijkstra,
        paths.shortest_simple_paths,
        paths.all_shortest_paths,
    ):
        with pytest.raises(nx.NetworkXNoPath):
            list(function(graph, "a", "c"))
        with pytest.raises((nx.NodeNotFound, nx.NetworkXNoPath)):
            list(function(graph, "a", "nowhere"))
    assert not nx.has_path(graph, "a", "c")
    assert list(nx.all_simple_paths(graph, "a", "c")) == []
    with pytest.raises(nx.NodeNotFound):
        list(nx.all_simple_paths(graph, "nowhere", "c"))
    with pytest.raises(nx.NodeNotFound):
        list(nx.all_simple_edge_paths(graph, "nowhere", "c"))


def test_whole_weights_give_whole_lengths(mode: Mode) -> None:
    graph = in_mode(nx.DiGraph([(1, 2, {"km": 2}), (2, 3, {"km": 3}), (1, 3, {"km": 6})]), mode)
    assert repr(nx.bidirectional_dijkstra(graph, 1, 3, "km")) == "(5, [1, 2, 3])"
    assert repr(nx.dijkstra_path_length(graph, 1, 3, "km")) == "5"
    assert nx.dijkstra_path(graph, 1, 3, "km") == [1, 2, 3]
    assert nx.shortest_path_length(graph, 1, 3, "km") == 5
    assert nx.shortest_path_length(graph, 1, 3) == 1
    assert nx.shortest_path_length(graph, 1, 3, "missing") == 1


@pytest.mark.parametrize("odd", [-1, float("nan"), float("inf"), 2**60, "far"])
def test_weights_no_kernel_takes_are_left_to_networkx(odd: Any, mode: Mode) -> None:
    graph = nx.DiGraph([(1, 2, {"km": 1}), (2, 3, {"km": 1}), (4, 1, {"km": odd})])
    ours = in_mode(graph, mode)
    assert ready(ours).weights("km") is None
    assert nx.dijkstra_path(ours, 1, 3, "km") == [1, 2, 3]
    assert list(paths.shortest_simple_paths(ours, 1, 3, "km")) == [[1, 2, 3]]


def test_what_networkx_does_itself_it_is_asked(grid: Any) -> None:
    assert len(nx.shortest_path(grid, (0, 0))) == 25
    assert len(nx.shortest_path_length(grid, (0, 0))) == 25
    assert nx.shortest_path(grid, (0, 0), (0, 2), "km", "bellman-ford")[-1] == (0, 2)
    assert len(list(nx.all_simple_paths(grid, (0, 0), [(0, 1), (1, 0)], 1))) == 2
    assert len(list(nx.all_shortest_paths(grid, (0, 0), (0, 1), "km"))) == 1


def test_a_path_may_be_sought_among_all_hops_of_any_length(mode: Mode) -> None:
    ring = in_mode(nx.cycle_graph(300), mode)
    found = list(nx.all_simple_paths(ring, 0, 1))
    assert [len(path) for path in found] == [2, 300]


def test_budgets_cut_both_modes_at_the_same_place() -> None:
    graph = nx.gnm_random_graph(60, 300, seed=3, directed=True)
    cut = 0
    for edges in (0, 1, 7, 40, 90, 200, 500, 2000, 9000):
        told = []
        for mode in MODES:
            ours = in_mode(graph.copy(), mode)
            for function in (
                paths.all_simple_paths,
                paths.all_shortest_paths,
                paths.shortest_simple_paths,
            ):
                budget = Budget(edges)
                extra = (4,) if function is paths.all_simple_paths else ()
                found = list(function(ours, 0, 7, *extra, budget=budget))
                whole = function(ours, 0, 7, *extra)
                assert found == list(islice(whole, len(found)))
                if not budget.cut_short:
                    assert budget.scanned <= edges
                told.append((found, budget.scanned, budget.cut_short))
                cut += budget.cut_short
        assert told[:3] == told[3:]
    assert cut > 10


def answers(graph: Any, ends: tuple[int, int], **how: Any) -> list[Any]:
    """What five functions say, each in at most twenty paths."""
    asked = (
        (paths.shortest_path, ()),
        (paths.bidirectional_dijkstra, ("km",)),
        (paths.all_shortest_paths, ()),
        (paths.shortest_simple_paths, ("km",)),
        (paths.all_simple_edge_paths, (3,)),
    )
    told: list[Any] = []
    for function, extra in asked:
        budget = Budget(how.get("most"))
        chosen = {name: value for name, value in how.items() if name != "most"}
        try:
            found = function(graph, *ends, *extra, budget=budget, **chosen)
            told.append(list(islice(found, 20)))
        except nx.NetworkXException as error:
            told.append(type(error))
        told.append((budget.scanned, budget.cut_short))
    return told


@pytest.mark.parametrize("most", [None, 0, 5, 20, 50, 120, 300])
def test_filters_and_budgets_say_the_same_in_both_modes(most: int | None) -> None:
    graph = nx.MultiDiGraph(nx.gnm_random_graph(40, 130, seed=5, directed=True))
    graph.add_edges_from(list(graph.edges)[::3], relation="b", km=2)
    for number, (*_, data) in enumerate(graph.edges(data=True)):
        data.update(relation="abc"[number % 3], km=1 + number % 5)
    for relations in (["a"], ["a", "b"], ["b", "c"], None):
        fewer = nx.MultiDiGraph(graph)
        fewer.remove_edges_from(
            [
                edge[:3]
                for edge in graph.edges(keys=True, data="relation")
                if relations and edge[3] not in relations
            ]
        )
        plain, fast = (in_mode(graph.copy(), mode) for mode in MODES)
        without = in_mode(fewer, "plain")
        for ends in ((source, (source * 7 + 3) % 40) for source in range(40)):
            want = answers(plain, ends, relations=relations, most=most)
            assert answers(fast, ends, relations=relations, most=most) == want
            if most is None:
                assert answers(without, ends)[0::2] == want[0::2]


def test_paths_beyond_the_room_of_one_batch_are_all_told(mode: Mode) -> None:
    whole = nx.complete_graph(8)
    found = list(nx.all_simple_paths(in_mode(whole, mode), 0, 7))
    assert sorted(found) == sorted(nx.all_simple_paths(whole, 0, 7))
    assert sum(map(len, found)) > 4096


def test_edges_that_cost_nothing_lead_nobody_round(mode: Mode) -> None:
    free = nx.DiGraph(nx.complete_graph(6))
    nx.set_edge_attributes(free, 0, "km")
    found = list(nx.shortest_simple_paths(in_mode(free, mode), 0, 5, "km"))
    assert sorted(found) == sorted(nx.all_simple_paths(free, 0, 5))
    assert nx.bidirectional_dijkstra(in_mode(free, mode), 0, 5, "km")[0] == 0


@pytest.mark.parametrize("held", [1, 100_000])
def test_many_paths_of_several_lengths_are_tried_length_by_length(
    held: int, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "_MOST_SORTED", held)
    graph = nx.path_graph(12)
    nx.add_cycle(graph, range(12))
    graph.add_edges_from([(3, 20), (20, 4), (3, 21), (21, 4), (7, 22), (22, 8)])
    found = list(nx.all_simple_paths(in_mode(graph, mode), 0, 11))
    assert found == sorted(nx.all_simple_paths(graph, 0, 11), key=lambda path: (len(path), path))
    assert len(found) == 7


def test_one_path_that_is_cut_short_is_an_error(grid: Any) -> None:
    for function in (paths.shortest_path, paths.dijkstra_path, paths.has_path):
        budget = Budget(3)
        with pytest.raises(CutShortError, match="among 3 edges"):
            function(grid, (0, 0), (4, 4), budget=budget)
        assert budget.cut_short
    budget = Budget(1000)
    assert paths.shortest_path(grid, (0, 0), (4, 4), budget=budget)
    assert 0 < budget.scanned <= 1000


def test_a_budget_networkx_would_not_keep_is_refused(grid: Any) -> None:
    with pytest.raises(nx.NetworkXNotImplemented, match="counts no edges"):
        paths.dijkstra_path(grid, (0, 0), (4, 4), lambda *_: 1, budget=Budget(9))
    with pytest.raises(nx.NodeNotFound):
        paths.shortest_path(grid, (9, 9), (4, 4), budget=Budget(9))


def test_filters_asked_for_once_are_not_kept_for_ever(grid: Any) -> None:
    for most in range(1, 50):
        far = {"edges": lambda *edge, most=most: edge[3]["km"] <= most}
        assert paths.has_path(grid, (0, 0), (4, 4), **far) == (most > 2)
    assert len(ready(grid).filters) <= 32
    found = paths.shortest_simple_paths(grid, (0, 0), (0, 4), relations=["east"])
    assert list(found) == [[(0, column) for column in range(5)]]


def test_a_search_given_up_leaves_no_trace(grid: Any) -> None:
    whole = list(nx.all_simple_paths(grid, (0, 0), (2, 2), 6))
    begun = nx.all_simple_paths(grid, (0, 0), (2, 2), 6)
    assert [next(begun), next(begun)] == whole[:2]
    begun.close()
    assert list(nx.all_simple_paths(grid, (0, 0), (2, 2), 6)) == whole


def test_searches_may_run_within_one_another(grid: Any) -> None:
    whole = list(nx.all_simple_paths(grid, (0, 0), (2, 2), 6))
    both = [
        (one, other)
        for one in nx.all_simple_paths(grid, (0, 0), (2, 2), 4)
        for other in nx.all_simple_paths(grid, (0, 0), (2, 2), 6)
    ]
    assert [other for _, other in both[: len(whole)]] == whole


def test_marks_begin_again_where_numbers_end(grid: Any) -> None:
    net, both = ready(grid), ["east", "south"]
    want = paths.shortest_path(grid, (0, 0), (4, 4), relations=both)
    with net.desk() as desk:
        desk.now = 2**31 - 20
    assert paths.shortest_path(grid, (0, 0), (4, 4), relations=both) == want
    assert desk.now < 2**30
