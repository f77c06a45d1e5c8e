"""Routes: the question of the mission, its variants, and why there is none where there is none."""

from itertools import pairwise
from pathlib import Path

import pytest

from kg.anchor import article_text, checksum
from kg.errors import UnknownNameError
from kg.paths import RouteAnswer, evidence, leg_graph, routes
from kg.store import OxigraphStore, Store

AMIRABAD, MAKHACHKALA = "place/amirabad", "place/makhachkala"
PRIMORSKO_AKHTARSK, SESHCHA = "place/primorsko-akhtarsk", "place/seshcha"


@pytest.fixture(scope="module")
def answer(graph: Store) -> RouteAnswer:
    return routes(graph, source=AMIRABAD, target=PRIMORSKO_AKHTARSK)


def test_drones_get_from_amirabad_to_primorsko_akhtarsk_by_makhachkala(answer: RouteAnswer) -> None:
    (route,) = answer.routes
    assert [hop.source.id for hop in route.hops] == [AMIRABAD, MAKHACHKALA]
    assert [hop.target.id for hop in route.hops] == [MAKHACHKALA, PRIMORSKO_AKHTARSK]
    assert [hop.order for hop in route.hops] == [1, 2]
    assert answer.reason == ""


def test_each_leg_has_the_words_of_article_002_said_by_the_white_house(answer: RouteAnswer) -> None:
    for hop in answer.routes[0].hops:
        assert hop.evidence
        assert {claim.article for claim in hop.evidence} == {"002_823e27110d85d8d8"}
        assert {claim.speaker_label for claim in hop.evidence} == {"White House"}
    first, second = answer.routes[0].hops
    assert "Amirabad" in first.evidence[0].quotation
    assert "Primorsko-Akhtarsk" in second.evidence[0].quotation


def test_every_quotation_of_a_hop_stands_at_its_offsets(answer: RouteAnswer, texts: Path) -> None:
    for hop in answer.routes[0].hops:
        for claim in hop.evidence:
            text = article_text(texts, claim.article)
            assert text is not None
            assert text[claim.start : claim.end] == claim.quotation
            assert claim.checksum == f"sha256:{checksum(claim.quotation)}"


def test_the_mode_of_transport_stays_unstated(answer: RouteAnswer) -> None:
    assert {hop.mode for hop in answer.routes[0].hops} == {"not-stated"}
    assert answer.routes[0].hops[0].across == ("Caspian Sea",)


def test_the_claims_of_a_hop_stand_together_by_passage(answer: RouteAnswer) -> None:
    for hop in answer.routes[0].hops:
        assert len(hop.passages) == 1
        assert sum(map(len, hop.passages)) == len(hop.evidence)


def test_stops_have_sourced_coordinates(answer: RouteAnswer) -> None:
    for place in (answer.source, answer.target):
        assert place.lat is not None
        assert place.lon is not None
        assert place.accuracy_metres
        assert place.coordinates_from


def test_sisha_is_another_target_of_the_same_leg(graph: Store) -> None:
    (route,) = routes(graph, source=AMIRABAD, target=SESHCHA).routes
    written = {claim.wording for claim in route.hops[-1].evidence if claim.key == "to"}
    assert written == {"Sisha"}


@pytest.mark.parametrize(
    ("source", "target", "view", "reason"),
    [
        (AMIRABAD, AMIRABAD, "any", "both the start and the end"),
        (PRIMORSKO_AKHTARSK, AMIRABAD, "any", "no leg leaves from Primorsko-Akhtarsk"),
        (AMIRABAD, "place/moscow", "any", "no leg arrives at Moscow"),
        (AMIRABAD, PRIMORSKO_AKHTARSK, "russia", "In the view “russia”, no leg leaves"),
    ],
)
def test_where_there_is_no_route_the_answer_says_why(
    graph: Store, source: str, target: str, view: str, reason: str
) -> None:
    answer = routes(graph, source=source, target=target, view=view)
    assert answer.routes == ()
    assert reason in answer.reason


def test_a_place_that_is_none_is_an_error(graph: Store) -> None:
    with pytest.raises(UnknownNameError, match="place/atlantis"):
        routes(graph, source=AMIRABAD, target="place/atlantis")
    with pytest.raises(UnknownNameError, match="place/atlantis"):
        routes(graph, source="place/atlantis", target=AMIRABAD)


def test_the_legs_are_a_networkx_graph(graph: Store) -> None:
    legs = leg_graph(graph, "us")
    assert set(legs.successors(MAKHACHKALA)) == {PRIMORSKO_AKHTARSK, SESHCHA}
    edge = legs.edges[AMIRABAD, MAKHACHKALA, "leg/amirabad-makhachkala"]
    assert edge["order"] == 1
    assert edge["cargo"] == ("system/uav",)


def test_a_denial_is_evidence_with_its_polarity(graph: Store) -> None:
    claims = evidence(graph, "use/iranian-uav-ukraine")
    denied = [claim for claim in claims if claim.polarity == "denied"]
    assert [(claim.key, claim.value, claim.principal) for claim in denied] == [
        ("status", "status/used", "actor/russia")
    ]


def _chain(*places: str) -> list[bytes]:
    """A view in which a leg leads from each place to the next."""
    view = "<https://w3id.org/caspian/graph/view/any>"
    base, cas = "https://w3id.org/caspian/id", "https://w3id.org/caspian/ontology#"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    lines = [f"{view} {kind} <{cas}View> {view} ."]
    for name in places:
        place = f"<{base}/place/{name}>"
        lines += [f'{place} {label} "{name}"@en {view} .', f"{place} {kind} <{cas}Place> {view} ."]
    for here, there in pairwise(places):
        leg = f"<{base}/leg/{here}-{there}>"
        lines.append(f"{leg} <{cas}from> <{base}/place/{here}> {view} .")
        lines.append(f"{leg} <{cas}to> <{base}/place/{there}> {view} .")
    return [f"{line}\n".encode() for line in lines]


def test_legs_that_do_not_meet_make_no_route() -> None:
    store = OxigraphStore.memory([*_chain("a", "b"), *_chain("c", "d")])
    answer = routes(store, source="place/a", target="place/d")
    assert answer.routes == ()
    assert answer.reason == "In the view “any”, no chain of legs leads from a to d."


def test_a_route_of_too_many_hops_is_not_given() -> None:
    names = [f"p{number:02}" for number in range(14)]
    store = OxigraphStore.memory(_chain(*names))
    answer = routes(store, source="place/p00", target="place/p13")
    assert answer.routes == ()
    assert "more than 12 hops" in answer.reason
    twelve = routes(store, source="place/p00", target="place/p12").routes
    assert [len(route.hops) for route in twelve] == [12]
    assert twelve[0].hops[0].order is None


def test_an_unknown_view_is_answered_with_the_nearest_or_all(graph: Store) -> None:
    with pytest.raises(UnknownNameError) as caught:
        routes(graph, source=AMIRABAD, target=PRIMORSKO_AKHTARSK, view="rusia")
    assert caught.value.near == ("russia",)
    with pytest.raises(UnknownNameError) as caught:
        routes(graph, source=AMIRABAD, target=PRIMORSKO_AKHTARSK, view="zzz")
    assert {"any", "us"} <= set(caught.value.near)
