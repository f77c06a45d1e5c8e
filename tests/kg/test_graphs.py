"""Which graphs a store has: read from its description, counted where it has none."""

from pathlib import Path

import pytest

from kg.dumps import graph_sizes
from kg.errors import UnknownNameError
from kg.graphs import Graphs, Held, graphs, known_graph
from kg.snapshot import open_snapshot, write
from kg.store import Store
from tests.kg.conftest import GRAPH, LINES
from tests.told import write_told


def test_the_graphs_are_read_from_the_description(graph: Store) -> None:
    found = graphs(graph)
    assert {each.iri: each.triples for each in found.named} == graph_sizes(graph)
    assert [each.iri for each in found.named] == sorted(graph_sizes(graph))
    (count,) = graph.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0]
    assert found.merge == int(str(count))
    labels = {each.name: each.label for each in found.named}
    assert labels["view/us"] == "The United States"
    assert labels["reference"].startswith("What the seeds declare")
    assert labels["article/002_823e27110d85d8d8"] == ""


def test_a_store_without_a_description_is_counted(store: Store) -> None:
    assert graphs(store) == Graphs(
        7,
        (
            Held(f"{GRAPH}reference", "", 4),
            Held(f"{GRAPH}view/any", "", 3),
            Held(f"{GRAPH}view/us", "", 2),
        ),
    )


def test_nothing_has_no_graphs(tmp_path: Path) -> None:
    write(tmp_path, [])
    _, store = open_snapshot(tmp_path)
    assert graphs(store) == Graphs(0, ())
    store.close()


@pytest.mark.parametrize("name", [f"{GRAPH}view/us", "view/us", "graph:view/us"])
def test_a_graph_is_known_by_iri_by_name_and_by_curie(store: Store, name: str) -> None:
    assert known_graph(store, name) == f"{GRAPH}view/us"


@pytest.mark.parametrize("name", [f"{GRAPH}view/uz", "view/uz", "graph:view/uz"])
def test_the_nearest_graphs_are_told(store: Store, name: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        known_graph(store, name)
    assert caught.value.near[0] == "view/us"


@pytest.mark.parametrize("name", ["", "no iri", "<urn:g>", "urn:nowhere", "%", "?g", 'a"b'])
def test_what_names_no_graph_is_told_with_those_there_are(store: Store, name: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        known_graph(store, name)
    assert caught.value.near == ("reference", "view/any", "view/us")


def test_of_many_graphs_a_few_are_told(tmp_path: Path) -> None:
    lines = (f"<urn:s> <urn:p> <urn:o> <urn:g:{n}> .\n".encode() for n in range(50))
    write(tmp_path, [*LINES, *lines])
    _, store = open_snapshot(tmp_path)
    with pytest.raises(UnknownNameError) as caught:
        known_graph(store, "zzz")
    store.close()
    assert len(caught.value.near) == 12


def test_a_graph_built_without_a_description_is_counted(tmp_path: Path) -> None:
    write_told(tmp_path)
    _, store = open_snapshot(tmp_path)
    found = graphs(store)
    assert {each.iri: each.triples for each in found.named} == graph_sizes(store)
    store.close()
