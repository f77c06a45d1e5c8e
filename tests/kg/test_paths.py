"""Paths: the question of the mission, its variants, and what is said where there is none."""

from itertools import islice
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from kg.anchor import article_text, checksum
from kg.asked import Asked
from kg.errors import AmbiguousNameError, LimitError, QueryError, UnknownNameError
from kg.network import Network, network
from kg.paths import Answer, Found, find
from kg.paths import graph as plain
from kg.routing import evidence
from kg.store import Store
from tests.claimed import Told, chain, claimed, leg

AMIRABAD, MAKHACHKALA = "place/amirabad", "place/makhachkala"
PRIMORSKO_AKHTARSK, SESHCHA = "place/primorsko-akhtarsk", "place/seshcha"
WAY = (AMIRABAD, MAKHACHKALA, PRIMORSKO_AKHTARSK)
ENDS = ("Amirabad", "Primorsko-Akhtarsk")


@pytest.fixture(scope="module")
def held(graph: Store) -> Network:
    return network(graph)


@pytest.fixture(scope="module")
def answer(graph: Store, held: Network) -> Answer:
    return ask(graph, held, *ENDS)


# `Any`: whatever a question has
def ask(store: Store, held: Network, source: str, target: str, **how: Any) -> Answer:  # noqa: ANN401
    return find(store, held, Asked((source,), (target,), **how))


def stops(found: Found) -> tuple[str, ...]:
    return tuple(stop.id for stop in found.stops)


def ways(store: Store, source: str, target: str, **how: Any) -> list[str]:  # noqa: ANN401
    """The paths between two invented places, as the letters they lead through."""
    found = ask(store, network(store), f"place/{source}", f"place/{target}", **how)
    return ["".join(stop.label for stop in path.stops) for path in found.paths]


# -- the question of the mission


def test_drones_get_from_amirabad_to_primorsko_akhtarsk_by_makhachkala(answer: Answer) -> None:
    (path,) = answer.paths
    assert stops(path) == WAY
    assert [hop.order for hop in path.hops] == [1, 2]
    assert [hop.relation for hop in path.hops] == ["leg", "leg"]
    assert {hop.direction for hop in path.hops} == {"along"}
    assert (answer.complete, answer.reason, answer.why) == (True, "", "")


def test_each_leg_has_the_words_of_article_002_said_by_the_white_house(answer: Answer) -> None:
    for hop in answer.paths[0].hops:
        assert {"from", "to"} == {claim.key for claim in hop.evidence if claim.rests}
        assert {claim.article for claim in hop.evidence} == {"002_823e27110d85d8d8"}
        assert {claim.speaker_label for claim in hop.evidence} == {"White House"}
        assert {claim.chain for claim in hop.evidence} == {"White House > Outlet not stated (002)"}
        assert hop.origins == ("United States",)
    first, second = answer.paths[0].hops
    assert "Amirabad" in first.evidence[0].quotation
    assert "Primorsko-Akhtarsk" in second.evidence[0].quotation


def test_the_route_rests_on_one_origin_and_is_as_sure_as_its_one_occasion(answer: Answer) -> None:
    (path,) = answer.paths
    assert path.origins == ("United States",)
    assert path.units == 1
    assert path.confidence == path.hops[0].confidence == path.hops[1].confidence == 0.97


def test_other_articles_corroborate_the_crossing_from_the_same_origin(answer: Answer) -> None:
    crossing = answer.paths[0].hops[0]
    across = [each for each in crossing.corroboration if each.supports == "across Caspian Sea"]
    assert [each.evidence.article[:3] for each in across] == ["001", "004"]
    assert {each.new_origin for each in crossing.corroboration} == {False}


def test_moscows_denial_of_use_is_shown_where_it_touches(answer: Answer) -> None:
    for hop in answer.paths[0].hops:
        (denial,) = hop.denials
        assert denial.touches == (hop.thing, "route/uav-ir-ru", "use/iranian-uav-ukraine")
        assert denial.evidence.principal == "actor/russia"
        assert denial.evidence.interest == "interested-denial"
        assert {each.kind for each in hop.conflicts} == {"contradicts"}
        assert all("Russia" in each.explanation for each in hop.conflicts)


def test_the_sentence_cites_the_passages_it_rests_on(answer: Answer) -> None:
    (path,) = answer.paths
    assert path.sentence == (
        "UAV from Amirabad to Makhachkala across Caspian Sea, transport unstated, undated, "
        "say White House (asserted), by one origin (United States) [1]; "
        "UAV from Makhachkala to Primorsko-Akhtarsk, transport unstated, undated, "
        "say White House (asserted), by one origin (United States) [2]; "
        "Russia denies “Use of Iranian drones against Ukraine”, status used [3]."
    )
    assert [(each.number, each.start, each.end) for each in path.citations[:2]] == [
        (1, 1698, 1834),
        (2, 1840, 1943),
    ]


def test_nobody_says_when_or_by_what_means(answer: Answer) -> None:
    (path,) = answer.paths
    assert path.time_order == "undated"
    assert {hop.dates for hop in path.hops} == {"undated"}
    assert {hop.transport for hop in path.hops} == {"unstated"}
    assert path.hops[0].across == ("Caspian Sea",)


def test_distances_are_geodesics_between_sourced_coordinates(answer: Answer) -> None:
    (path,) = answer.paths
    assert [hop.kilometres for hop in path.hops] == [850.1, 811.3]
    assert path.kilometres == pytest.approx(850.1 + 811.3)
    for stop in path.stops:
        assert stop.accuracy_metres
        assert stop.coordinates_from


def test_the_claims_of_a_hop_stand_together_by_passage(answer: Answer) -> None:
    for hop in answer.paths[0].hops:
        assert len(hop.passages) == 1
        assert sum(map(len, hop.passages)) == len(hop.evidence)


@pytest.mark.parametrize("base", ["Sisha", "Seshcha", "Сеща", "id:place/seshcha", SESHCHA])
def test_the_other_base_goes_by_the_spelling_of_the_article(
    graph: Store, held: Network, base: str
) -> None:
    (path,) = ask(graph, held, "amirabad", base).paths
    assert stops(path) == (AMIRABAD, MAKHACHKALA, SESHCHA)
    written = {claim.wording for claim in path.hops[-1].evidence if claim.key == "to"}
    assert written == {"Sisha"}


def test_both_bases_are_reached_at_once(graph: Store, held: Network) -> None:
    both = find(graph, held, Asked(("Amirabad",), ("Sisha", "Primorsko-Akhtarsk")))
    assert {stops(path)[-1] for path in both.paths} == {SESHCHA, PRIMORSKO_AKHTARSK}


def test_every_quotation_served_stands_at_its_offsets(
    graph: Store, held: Network, texts: Path
) -> None:
    seen = set()
    for ends, profile in (
        (ENDS, "route"),
        (("Iran", "Kyiv"), "route"),
        (("Yak-130", "Alabuga"), "any"),
    ):
        for path in ask(graph, held, *ends, profile=profile, mode="k-shortest").paths:
            for hop in path.hops:
                others = (*hop.corroboration, *hop.denials)
                for claim in (*hop.evidence, *(each.evidence for each in others)):
                    text = article_text(texts, claim.article)
                    assert text is not None
                    first, _, last = claim.quotation.partition(" … ")
                    words = text[claim.start : claim.end]
                    assert words.startswith(first)
                    assert words.endswith(last)
                    assert claim.checksum == f"sha256:{checksum(words)}"
                    seen.add(claim.claim)
    assert len(seen) > 60


# -- chains of more than legs, and connections


def test_from_iran_to_kyiv_supply_use_and_target_chain_up(graph: Store, held: Network) -> None:
    found = ask(graph, held, "Iran", "Kyiv")
    assert {place.id for place in found.sources} == {"actor/iran", "place/iran"}
    assert {tuple(hop.relation for hop in path.hops) for path in found.paths} == {
        ("supply", "use", "target"),
        ("route", "base", "target"),
    }
    supply = next(path for path in found.paths if path.hops[0].relation == "supply").hops[0]
    assert "delivered" in supply.status
    assert set(supply.origins) == {"Iran", "United States"}
    assert {each.thing for each in supply.parallel} <= {
        "transfer/ballistic-missiles-ir-ru",
        "transfer/plant-materials-ir-ru",
    }


def test_the_finer_way_begins_in_a_part_of_the_country(graph: Store, held: Network) -> None:
    found = ask(graph, held, "place/iran", "Sisha", mode="k-shortest")
    ways = {tuple(hop.relation for hop in path.hops): path for path in found.paths}
    assert set(ways) == {("route",), ("contains", "leg", "leg")}
    fine = ways["contains", "leg", "leg"]
    assert stops(fine) == ("place/iran", AMIRABAD, MAKHACHKALA, SESHCHA)
    assert fine.hops[0].evidence[0].key == "locatedIn"
    assert fine.kilometres == pytest.approx(sum(hop.kilometres or 0 for hop in fine.hops))
    assert "Amirabad, which lies in Iran" in fine.sentence


def test_what_is_in_a_country_is_not_everywhere_in_it(graph: Store, held: Network) -> None:
    for path in ask(graph, held, "Amirabad", "Alabuga", mode="all").paths:
        assert "place/russia" not in stops(path)[1:-1]
    within = ask(graph, held, "Amirabad", "place/dagestan").paths
    assert [hop.relation for hop in within[0].hops] == ["leg", "within"]


def test_the_yak_130_is_connected_with_alabuga_in_either_direction(
    graph: Store, held: Network
) -> None:
    found = ask(graph, held, "Yak-130", "Alabuga", profile="any")
    assert found.paths
    for path in found.paths:
        assert stops(path)[0] == "system/yak-130"
        assert path.hops[0].direction == "against"
        assert path.hops[0].relation == "item"
        assert all(hop.evidence for hop in path.hops)
    one_way = ask(graph, held, "Yak-130", "Alabuga", profile="any", direction="out")
    assert one_way.paths == ()
    assert [each.filter for each in one_way.would_give] == ["direction"]


# -- who counts, by when, how sure


@pytest.mark.parametrize(
    ("how", "reason", "dropped"),
    [
        (
            {"view": "russia"},
            "In the view “russia”, nothing that counts leads from Amirabad",
            "view",
        ),
        ({"view": "two-origins"}, "In the view “two-origins”, nothing", "view"),
        ({"as_of": "2022-12-31"}, "of what was published by 2022-12-31, nothing", "as_of"),
        ({"origins": 2}, "nothing that counts leads from Amirabad", "origins"),
        ({"cargo": ("Su-35",)}, "nothing that counts", "cargo"),
        ({"transport": ("sea",)}, "nothing that counts", "transport"),
        ({"relations": ("supply",)}, "nothing that counts", "relations"),
        ({"without": ("leg",)}, "nothing that counts", "without"),
        ({"via": ("Moscow, the city",)}, "", ""),
        ({"via": ("place/moscow",)}, "no chain of at most 12 hops", "via"),
        ({"avoid": ("Makhachkala",)}, "nothing that counts", "avoid"),
        ({"skip_degree": 1}, "nothing that counts", "skip_degree"),
        ({"after": "2023"}, "nothing that counts", "dates"),
        ({"max_hops": 1}, "no chain of at most 1 hops", "max_hops"),
    ],
)
def test_where_there_is_none_the_answer_says_which_filter_stands_in_the_way(
    graph: Store, held: Network, how: dict[str, Any], reason: str, dropped: str
) -> None:
    if not dropped:
        with pytest.raises(UnknownNameError):
            ask(graph, held, *ENDS, **how)
        return
    found = ask(graph, held, *ENDS, **how)
    assert found.paths == ()
    assert found.complete
    assert reason in found.reason
    # the direction is a filter too: legs lead there, and nothing leads back
    assert [(each.filter, each.stops[-1]) for each in found.would_give] == [
        (dropped, "Primorsko-Akhtarsk")
    ]
    assert found.searched.edges > 0


def test_a_filter_that_lets_the_route_through_changes_nothing(
    graph: Store, held: Network, answer: Answer
) -> None:
    for how in (
        {"view": "us"},
        {"as_of": "2023"},
        {"certainty": "asserted"},
        {"cargo": ("military equipment",)},
        {"transport": ("unstated", "sea")},
        {"relations": ("leg",)},
        {"via": ("Makhachkala",)},
        {"avoid": ("Kyiv",)},
        {"time_respecting": True},
        {"mode": "shortest"},
        {"mode": "shortest", "via": ("Makhachkala",)},
        {"rank": "confidence"},
        {"rank": "distance"},
        {"rank": "date"},
    ):
        found = ask(graph, held, *ENDS, **how)
        assert [stops(path) for path in found.paths] == [WAY], how
        assert found.paths[0].hops == answer.paths[0].hops, how


def test_filters_that_only_together_stand_in_the_way_are_told_together(
    graph: Store, held: Network
) -> None:
    found = ask(graph, held, *ENDS, view="russia", as_of="2022-12-31")
    assert [each.filter for each in found.would_give] == ["all"]
    assert found.would_give[0].given == "view=russia, as_of=2022-12-31, direction=out"


def test_what_appeared_later_is_no_evidence_by_then(graph: Store, held: Network) -> None:
    found = ask(graph, held, "Iran", "actor/russia", as_of="2022-12-31", mode="k-shortest")
    claims = [claim for path in found.paths for hop in path.hops for claim in hop.evidence]
    assert {claim.article[:3] for claim in claims} == {"003"}


def test_what_no_filter_stands_in_the_way_of_is_told_without_one(
    graph: Store, held: Network
) -> None:
    assert ask(graph, held, AMIRABAD, "place/moscow", view="us").would_give == ()


def test_filters_are_dropped_within_the_budget_and_it_is_said(graph: Store, held: Network) -> None:
    found = ask(graph, held, *ENDS, view="russia", edges=4)
    assert found.complete
    assert found.would_give == ()
    assert "Not every filter could be dropped" in found.reason


@pytest.mark.parametrize("rank", ["confidence", "date"])
@pytest.mark.parametrize("mode", ["shortest", "k-shortest"])
def test_a_rank_that_not_all_paths_were_put_in_says_so(
    graph: Store, held: Network, rank: str, mode: str
) -> None:
    some = ask(graph, held, "Iran", "Kyiv", profile="any", rank=rank, mode=mode)
    assert (some.complete, some.cut) == (False, "rank")
    assert f"Ranked by {rank} are the 50 paths found first" in some.why
    all_there_are = ask(graph, held, "Amirabad", "Kyiv", rank=rank, mode=mode)
    assert (all_there_are.complete, all_there_are.cut) == (True, "")


def test_what_nobody_dates_or_places_stands_in_the_way_of_time_and_distance(
    graph: Store, held: Network
) -> None:
    early = ask(graph, held, *ENDS, mode="earliest")
    assert [each.given for each in early.would_give] == ["mode=earliest"]
    near = ask(graph, held, "Iran", "Kyiv", rank="distance")
    assert "each of a known length" in near.reason
    assert [each.given for each in near.would_give] == ["rank=distance"]


def test_into_a_part_of_a_place_is_no_distance_and_no_time(graph: Store, held: Network) -> None:
    (path,) = ask(graph, held, "place/iran", "Sisha", rank="distance", mode="k-shortest").paths
    assert [hop.kilometres for hop in path.hops] == [None, 850.1, 1583.8]
    store = claimed(
        [
            *leg("a", "b"),
            Told("leg/a-b", "period", "2022-01-01/2022-01-31"),
            Told("place/a", "locatedIn", "place/x"),
        ]
    )
    assert ways(store, "x", "b", mode="earliest") == ["xab"]


def test_what_serves_one_thing_by_two_ways_is_told_once() -> None:
    serving = (("a-b", "r"), ("a-b", "s"), ("r", "t"), ("s", "t"))
    store = claimed(
        [
            *leg("a", "b"),
            *(Told(f"leg/{one}", "route", f"leg/{other}") for one, other in serving),
            Told("leg/t", "status", "status/used", by="russia", denied=True),
        ]
    )
    assert ways(store, "a", "b") == ["ab"]


def test_there_and_nowhere(graph: Store, held: Network) -> None:
    assert (
        "nothing that counts leads to Moscow" in ask(graph, held, AMIRABAD, "place/moscow").reason
    )
    back = ask(graph, held, PRIMORSKO_AKHTARSK, AMIRABAD)
    assert [each.given for each in back.would_give] == ["direction=out"]
    same = ask(graph, held, AMIRABAD, AMIRABAD)
    assert same.reason == "Amirabad is both the start and the end."
    assert same.would_give == ()


# -- names


def test_an_ambiguous_name_is_told_with_what_it_may_be(graph: Store, held: Network) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        ask(graph, held, "Amirabad", "Moscow")
    assert caught.value.candidates == ("actor/russia", "place/moscow")


@pytest.mark.parametrize(
    ("how", "near"),
    [
        ({"view": "rusia"}, ("russia",)),
        ({"relations": ("legs",)}, ("leg",)),
        ({"transport": ("unstate",)}, ("unstated",)),
        ({"certainty": "probabel"}, ("probable",)),
        ({"mode": "earlyest"}, ("earliest",)),
        ({"cargo": ("Su-34",)}, ("system/su-35",)),
    ],
)
def test_what_is_misspelt_is_answered_with_the_nearest(
    graph: Store, held: Network, how: dict[str, Any], near: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        ask(graph, held, *ENDS, **how)
    assert caught.value.near == near


def test_an_unknown_view_that_is_near_to_none_is_answered_with_all(
    graph: Store, held: Network
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        ask(graph, held, *ENDS, view="zzz")
    assert {"any", "us"} <= set(caught.value.near)


@pytest.mark.parametrize(
    ("how", "most"),
    [
        ({"k": 51}, 50),
        ({"k": 0}, 50),
        ({"max_hops": 13}, 12),
        ({"edges": 1_000_001}, 1_000_000),
        ({"origins": 51}, 50),
        ({"via": tuple("abcdefghijklmnopqrstu")}, 20),
    ],
)
def test_what_lies_past_a_limit_is_told_the_most(
    graph: Store, held: Network, how: dict[str, Any], most: int
) -> None:
    with pytest.raises(LimitError) as caught:
        ask(graph, held, *ENDS, **how)
    assert caught.value.limit == most


@pytest.mark.parametrize("day", ["yesterday", "2023-02-30", "2023/", "2023-13"])
def test_a_date_that_is_none_is_refused(graph: Store, held: Network, day: str) -> None:
    with pytest.raises(QueryError, match="no date such as"):
        ask(graph, held, *ENDS, as_of=day)


# -- how much, and in which order


def test_pages_follow_each_other_without_a_gap(graph: Store, held: Network) -> None:
    whole = ask(graph, held, "Iran", "Kyiv", mode="all", k=50)
    assert whole.cursor == ""
    found: list[Found] = []
    cursor = ""
    for _ in range(50):
        page = ask(graph, held, "Iran", "Kyiv", mode="all", k=2, cursor=cursor)
        found += page.paths
        cursor = page.cursor
        if not cursor:
            break
    assert tuple(found) == whole.paths
    assert len(found) > 5


def test_a_cursor_is_of_its_question(graph: Store, held: Network) -> None:
    cursor = ask(graph, held, "Iran", "Kyiv", mode="all", k=2).cursor
    for wrong in ("x", "2", "2.0", f"٢{cursor[1:]}"):
        with pytest.raises(QueryError, match="none of this question"):
            ask(graph, held, "Iran", "Kyiv", mode="all", k=2, cursor=wrong)
    with pytest.raises(QueryError, match="none of this question"):
        ask(graph, held, "Iran", "Kyiv", mode="all", k=3, cursor=cursor)
    with pytest.raises(LimitError):
        ask(graph, held, "Iran", "Kyiv", mode="all", k=2, cursor=f"1001{cursor[1:]}")
    far = ask(graph, held, "Iran", "Kyiv", mode="all", k=2, cursor=f"900{cursor[1:]}")
    assert far.reason == "There are no further paths."


def test_evidence_can_be_named_or_left_out(graph: Store, held: Network, answer: Answer) -> None:
    refs = ask(graph, held, *ENDS, evidence="refs").paths[0].hops
    assert [[each.claim for each in hop.evidence] for hop in refs] == [
        [each.claim for each in hop.evidence] for hop in answer.paths[0].hops
    ]
    assert {each.quotation for hop in refs for each in hop.evidence} == {""}
    assert {each.evidence.quotation for hop in refs for each in hop.denials} == {""}
    none = ask(graph, held, *ENDS, evidence="none").paths[0]
    assert {hop.evidence for hop in none.hops} == {()}
    assert none.confidence == answer.paths[0].confidence


def test_a_budget_cuts_an_answer_short_and_says_so(graph: Store, held: Network) -> None:
    whole = ask(graph, held, "Iran", "Kyiv", mode="all", k=50)
    scanned = whole.searched.scanned
    cut = ask(graph, held, "Iran", "Kyiv", mode="all", k=50, edges=scanned - 1)
    assert not cut.complete
    assert cut.cut == "edges"
    assert f"{scanned - 1:,} edges" in cut.why
    assert 0 < len(cut.paths) < len(whole.paths)
    assert cut.paths == whole.paths[: len(cut.paths)]
    assert cut == ask(graph, held, "Iran", "Kyiv", mode="all", k=50, edges=scanned - 1)
    nothing = ask(graph, held, "Iran", "Kyiv", mode="all", k=50, edges=1)
    assert (nothing.paths, nothing.reason) == ((), "")


def test_a_search_whose_time_is_over_says_so(graph: Store, held: Network) -> None:
    late = find(graph, held, Asked(("Iran",), ("Kyiv",)), until=monotonic() - 1)
    assert (late.complete, late.cut, len(late.paths)) == (False, "time", 1)
    rest = find(graph, held, Asked(("Iran",), ("Kyiv",), cursor=late.cursor))
    whole = find(graph, held, Asked(("Iran",), ("Kyiv",)))
    assert (*late.paths, *rest.paths) == whole.paths
    assert "time for an answer" in late.why
    assert find(graph, held, Asked(("Iran",), ("Kyiv",)), until=inf).complete


def test_a_thousand_ways_end_within_the_budget() -> None:
    letters = [f"p{number:02}" for number in range(25)]
    told = [each for a in letters for b in letters if a != b for each in leg(a, b)]
    store = claimed(told)
    held = network(store)
    asked = Asked(("place/p00",), ("place/p24",), mode="all", k=50, evidence="none")
    found = find(store, held, asked)
    assert found.complete
    assert len(found.paths) == 50
    small = find(store, held, Asked(("place/p00",), ("place/p24",), mode="all", k=50, edges=2000))
    assert not small.complete
    assert small.searched.scanned == 2000


# -- ranks and times, over invented legs


def test_the_surest_path_may_be_longer() -> None:
    store = claimed(
        [
            *leg("a", "d", certainty="alleged"),
            *chain("a", "b", "d", certainty="asserted", occasion="one"),
        ]
    )
    assert ways(store, "a", "d") == ["ad"]
    assert ways(store, "a", "d", rank="confidence") == ["abd"]
    assert ways(store, "a", "d", rank="confidence", mode="k-shortest") == ["abd", "ad"]
    assert ways(store, "a", "d", certainty="probable") == ["abd"]


def test_two_origins_are_surer_than_one_and_one_twice_is_not() -> None:
    once = leg("a", "b", certainty="alleged")
    again = leg("a", "b", certainty="alleged", occasion="other", article="001")
    other = leg("a", "b", certainty="alleged", by="iran", article="002")
    sure = [
        ask(store, network(store), "place/a", "place/b").paths[0].confidence
        for store in map(claimed, ([*once], [*once, *again], [*once, *other]))
    ]
    assert sure == [0.5, 0.5, 0.75]


def test_paths_in_time_order_are_told_from_broken_and_possible_ones() -> None:
    def period(thing: str, when: str) -> Told:
        return Told(f"leg/{thing}", "period", when)

    told = chain("a", "b", "c", "d")
    orders = {
        "in time order": (
            "2022-01-01/2022-01-31",
            "2022-02-01/2022-02-28",
            "2022-03-01/2022-03-31",
        ),
        "possible": ("2022-01-01/2022-06-30", "2022-02-01/2022-02-28", "2022-03-01/.."),
        "broken": ("2022-05-01/2022-06-30", "2022-02-01/2022-02-28", "2022-03-01/2022-03-31"),
    }
    for order, days in orders.items():
        dated = [period(thing, day) for thing, day in zip(("a-b", "b-c", "c-d"), days, strict=True)]
        store = claimed([*told, *dated])
        held = network(store)
        (path,) = ask(store, held, "place/a", "place/d").paths
        assert path.time_order == order
        kept = ask(store, held, "place/a", "place/d", time_respecting=True)
        assert bool(kept.paths) == (order != "broken")
        early = ask(store, held, "place/a", "place/d", mode="earliest")
        assert bool(early.paths) == (order != "broken")
    assert [each.filter for each in kept.would_give] == ["time_respecting"]
    assert "has a date for each hop, in time order" in early.reason


def test_the_earliest_path_and_the_order_by_date() -> None:
    store = claimed(
        [
            *leg("a", "c"),
            *leg("a", "b"),
            *leg("b", "c"),
            *leg("a", "x"),
            *leg("x", "c"),
            Told("leg/a-c", "period", "2023-05-01/2023-05-31"),
            Told("leg/a-b", "period", "2022-01-01/2022-01-31"),
            Told("leg/b-c", "period", "2022-02-01/2022-02-28"),
        ]
    )
    assert ways(store, "a", "c", mode="earliest") == ["abc"]
    assert ways(store, "a", "c", mode="earliest", max_hops=1) == []
    assert ways(store, "a", "c", rank="date", mode="k-shortest") == ["abc", "ac", "axc"]
    assert ways(store, "a", "c", rank="date", mode="shortest") == ["abc"]
    assert ways(store, "a", "c", before="2022", mode="k-shortest") == ["abc"]
    assert ways(store, "a", "c", after="2022-02", before="2022-02", mode="k-shortest") == []


def test_parallel_legs_are_one_hop_told_by_the_surest() -> None:
    store = claimed(
        [
            *leg("a", "b", "weak", certainty="alleged"),
            *leg("a", "b", "sure"),
            *leg("b", "a", "back"),
            Told("leg/sure", "order", "3"),
            Told("leg/sure", "cargo", "system/kite"),
            Told("leg/weak", "mode", "mode/sea"),
        ]
    )
    (path,) = ask(store, network(store), "place/a", "place/b").paths
    (hop,) = path.hops
    assert (hop.thing, hop.order, hop.cargo) == ("leg/sure", 3, ("kite",))
    assert [(each.thing, each.confidence) for each in hop.parallel] == [("leg/weak", 0.5)]
    both = ask(store, network(store), "place/a", "place/b", direction="either").paths[0].hops[0]
    assert [(each.thing, each.direction) for each in both.parallel] == [
        ("leg/back", "against"),
        ("leg/weak", "along"),
    ]


def test_of_a_hop_that_very_much_is_said_of_the_first_claims_are_told() -> None:
    told = [
        each
        for number in range(130)
        for each in leg("a", "b", occasion=f"o{number}", article=f"{number:03}")
    ]
    store = claimed([*told, Told("leg/a-b", "cargo", "system/kite", article="000")])
    (path,) = ask(store, network(store), "place/a", "place/b").paths
    (hop,) = path.hops
    assert (hop.claims, len(hop.evidence)) == (261, 200)
    assert all(each.rests and each.quotation for each in hop.evidence)
    assert hop.confidence == 0.97
    assert len({each.claim for each in hop.evidence}) == 200


def test_an_end_that_is_told_apart_from_the_other_needs_both_tellers() -> None:
    start, end = leg("a", "b")
    store = claimed([start, end._replace(by="iran", certainty="probable", article="001")])
    (path,) = ask(store, network(store), "place/a", "place/b").paths
    assert path.confidence == round(0.97 * 0.675, 4)
    assert path.units == 1


def test_what_is_denied_or_inferred_is_no_hop() -> None:
    start, end = leg("a", "b")
    for wrong in ({"denied": True}, {"inferred": True}):
        store = claimed([start, end, *leg("b", "c", **wrong)])
        assert ways(store, "a", "b") == ["ab"]
        assert ways(store, "b", "c") == []


def test_an_article_whose_date_is_open_is_not_known_by_then() -> None:
    store = claimed([*leg("a", "b", published=""), *leg("a", "c", article="001")])
    assert ways(store, "a", "b", as_of="2023-12-31") == []
    assert ways(store, "a", "c", as_of="2023-12-31") == ["ac"]


def test_a_thing_without_a_name_goes_by_its_id(graph: Store, held: Network) -> None:
    assert held.node("place/nowhere").label == "place/nowhere"


# -- for anyone's own analysis


def test_a_view_is_a_networkx_graph_of_plain_values(held: Network) -> None:
    import networkx as nx

    legs = plain(held, "us")
    assert set(legs.successors(MAKHACHKALA)) == {PRIMORSKO_AKHTARSK, SESHCHA}
    edge = legs.edges[AMIRABAD, MAKHACHKALA, "leg/amirabad-makhachkala"]
    assert (edge["order"], edge["cargo"], edge["transport"]) == (1, "system/uav", "unstated")
    assert (edge["confidence"], edge["origins"], edge["kilometres"]) == (0.97, 1, 850.1)
    assert legs.nodes[AMIRABAD]["lat"] == pytest.approx(36.78333)
    assert nx.has_path(legs, AMIRABAD, SESHCHA)
    assert plain(held, "russia").number_of_edges() == 0
    anything = plain(held, profile="any")
    assert anything.number_of_edges() > 100
    assert [*islice(nx.generate_graphml(anything), 3)]


def test_a_denial_is_evidence_with_its_polarity(graph: Store, held: Network) -> None:
    claims = evidence(graph, held, "use/iranian-uav-ukraine")
    denied = [claim for claim in claims if claim.polarity == "denied"]
    assert [(claim.key, claim.value, claim.principal) for claim in denied] == [
        ("status", "status/used", "actor/russia")
    ]


def test_a_leg_that_somebody_denies_says_so() -> None:
    store = claimed(
        [*leg("a", "b"), *leg("a", "b", denied=True, by="russia", article="001")],
    )
    (path,) = ask(store, network(store), "place/a", "place/b").paths
    assert path.confidence == 0.97
