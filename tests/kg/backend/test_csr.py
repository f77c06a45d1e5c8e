"""Arrays are the same however they are made: by numpy where it is installed, or without."""

from array import array
from dataclasses import fields
from random import Random

import pytest

from kg.backend import csr as module
from kg.backend.csr import Csr, chosen, csr, floats, least, picked, usable


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Whoever uses this can take numpy away."""
    return monkeypatch


def without_numpy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(module, "_numpy", lambda: None)


def columns(graph: Csr) -> dict[str, list[int]]:
    return {each.name: list(getattr(graph, each.name)) for each in fields(graph)}


@pytest.mark.parametrize("kind", ["directed", "undirected"])
@pytest.mark.parametrize("size", [(0, 0), (3, 0), (1, 4), (9, 60), (40, 90)])
def test_arrays_are_the_same_with_numpy_and_without(
    size: tuple[int, int], kind: str, plainly: pytest.MonkeyPatch
) -> None:
    directed = kind == "directed"
    random, (nodes, edges) = Random(8), size  # noqa: S311 -- the same graph each time
    given = [[random.randrange(most) for _ in range(edges)] for most in (nodes, nodes, 3)]
    with_numpy = csr(nodes, *given, directed=directed)
    without_numpy(plainly)
    graph = csr(nodes, *given, directed=directed)
    assert columns(graph) == columns(with_numpy)
    assert (graph.nodes, graph.size) == (nodes, with_numpy.size)
    pairs = set(zip(given[0], given[1], strict=True))
    if not directed:
        pairs |= {(target, source) for source, target in pairs}
    for source in range(nodes):
        for target in range(nodes):
            assert (graph.hop(source, target) >= 0) == ((source, target) in pairs)
            for edge in graph.between(source, target):
                number = graph.given[edge]
                ends = given[0][number], given[1][number]
                assert (source, target) == ends or (not directed and (target, source) == ends)
                assert given[2][number] == graph.relation[edge]


def test_edges_of_a_hop_stand_by_relation_and_then_as_given() -> None:
    graph = csr(2, [0, 0, 0], [1, 1, 1], [1, 0, 1])
    assert [graph.given[edge] for edge in graph.between(0, 1)] == [1, 0, 2]


def test_values_are_handled_the_same_with_numpy_and_without(plainly: pytest.MonkeyPatch) -> None:
    values, order = floats([5, 3, 4]), array("i", [2, 0, 1])
    graph = csr(3, [0, 1, 2], [1, 2, 0], [0, 1, 2])

    def handled() -> tuple[object, ...]:
        return (
            picked(values, order).tolist(),
            least(values, array("i", [0, 1, 3])).tolist(),
            least(floats(), array("i", [0])).tolist(),
            [usable(floats([each])) for each in (0, 1.5, -1, float("inf"), float("nan"))],
            chosen(graph, bytes([1, 0, 1]), bytes([1, 1, 0])).tolist(),
        )

    with_numpy = handled()
    assert with_numpy == (
        [4, 5, 3],
        [5, 3],
        [],
        [True, True, False, False, False],
        [1, 0, 0],
    )
    without_numpy(plainly)
    assert handled() == with_numpy


def test_numpy_need_not_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    assert csr(2, [0], [1], [0]).hops == 1
