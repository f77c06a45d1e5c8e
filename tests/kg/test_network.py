"""The graphs that paths are sought in: what they are made of, and how they follow a change."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.network import FLOWS, Network, network, patched
from kg.store import Store
from tests.claimed import Told, chain, claimed, leg, node


def told(held: Network) -> dict[str, Any]:
    """All there is in it, so that two can be compared."""
    found = {each.name: getattr(held, each.name) for each in fields(held)}
    for name in ("routes", "relations"):
        graph = found[name]
        edges = graph.edges(keys=True, data=True)
        found[name] = (
            sorted(graph.nodes),
            {edge[:3]: edge[3] for edge in edges},
        )
    return found


@pytest.fixture(scope="module")
def held(graph: Store) -> Network:
    return network(graph)


def test_no_edge_is_there_without_a_claim(held: Network) -> None:
    for graph in (held.routes, held.relations):
        for *_, data in graph.edges(data=True):
            assert data["needs"]
            assert all(data["needs"])
            assert {each.thing for need in data["needs"] for each in need} == {data["thing"]}


def test_routes_are_made_of_the_flows_that_are_listed(held: Network) -> None:
    found = {relation for *_, relation in held.routes.edges(data="relation")}
    assert found == {flow.relation for flow in FLOWS}


def test_relations_lead_to_things_and_to_no_status_or_value(held: Network) -> None:
    ends = {end.partition("/")[0] for _, end in held.relations.edges()}
    assert not ends & {"status", "mode", "value", "action-kind", "transfer-kind", "trend"}
    assert {"place", "actor", "system", "use"} <= ends


def test_views_are_known_claim_by_claim(held: Network) -> None:
    crossing = held.said["leg/amirabad-makhachkala"]
    assert {each.views for each in crossing if each.key == "to"} == {
        frozenset({"any", "us", "asserted"})
    }
    denied = [each for each in held.said["use/iranian-uav-ukraine"] if not each.affirmed]
    assert [each.origin for each in denied] == ["origin/actor-russia"]


def test_wider_places_and_types_are_known_as_far_as_they_go(held: Network) -> None:
    assert held.wider["place/makhachkala"] == {"place/dagestan", "place/russia"}
    assert "system/one-way-attack-uav" in held.parts["system/uav"]


def test_a_place_that_lies_in_another_by_two_ways_lies_in_it() -> None:
    within = "<http://www.opengis.net/ont/geosparql#sfWithin>"
    pairs = (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"))
    lines = [
        f"{node(f'place/{one}')} {within} {node(f'place/{two}')} <urn:g>" for one, two in pairs
    ]
    store = claimed(chain("a", "b", "c", "d"), lines)
    assert network(store).wider["place/a"] == {"place/b", "place/c", "place/d"}


def test_a_network_does_not_change(held: Network) -> None:
    import networkx as nx

    with pytest.raises(nx.NetworkXError):
        held.routes.add_edge("a", "b")


LEGS = st.builds(
    lambda start, end, by, article: leg(start, end, by=by, article=article),
    *(st.sampled_from("abcd") for _ in range(2)),
    st.sampled_from(["us", "iran"]),
    st.sampled_from(["000", "001", "002"]),
)


@settings(max_examples=40)
@given(before=st.lists(LEGS, max_size=6), after=st.lists(LEGS, max_size=6))
def test_patched_equals_made_anew(
    before: list[tuple[Told, Told]], after: list[tuple[Told, Told]]
) -> None:
    # both stores hear the same two sides, so that their views are the same
    sides = [*leg("y", "z", by="us"), *leg("y", "z", by="iran")]
    old, new = (
        claimed([*sides, *dict.fromkeys(each for ends in legs for each in ends)])
        for legs in (before, after)
    )
    changed = {each.article for legs in (before, after) for ends in legs for each in ends}
    was = network(old)
    remembered = told(was)
    assert told(patched(was, new, changed)) == told(network(new))
    assert told(was) == remembered


def test_a_claim_that_has_another_origin_now_is_read_again() -> None:
    cas = "https://w3id.org/caspian/ontology#"
    claims = chain("a", "b", "c")
    root = f"{node('claim/0000')} <{cas}hasOrigin> {node('origin/x')} <urn:g>"
    was, now = claimed(claims), claimed(claims, [root])
    made = patched(network(was), now)
    assert told(made) == told(network(now))
    assert {each.origin for each in made.said["leg/a-b"]} == {"origin/x", "actor/us"}


def test_with_other_views_all_is_made_anew() -> None:
    was, now = claimed(chain("a", "b")), claimed(chain("a", "b", by="iran"))
    assert told(patched(network(was), now)) == told(network(now))
