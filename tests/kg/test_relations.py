"""The rules of seeds/relations.yaml, each on claims made for it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest

from kg.comparing.group import Context, Group, joined
from kg.dates import Bounds, bounds
from kg.derive import Index
from kg.known import Known, Point, Thing
from kg.mapping import Passage
from kg.measures import bounds_of, same, shown
from kg.phrasing import value, when
from kg.records import Record, Telling
from kg.relations import Relation, relations_of
from kg.resources import folder
from kg.rules import Rules, read_rules
from kg.values import Date, Distance, Money, Quantity, Ref, Text, Value, Whole

RULES = read_rules(folder("seeds") / "relations.yaml")
THING = "transfer/t"
_numbers = count()

PEOPLE = {"us": "actor/us", "kirby": "actor/us", "iran": "actor/iran", "wire": "outlet/wire"}
IDS = {"us": "actor/us", "kirby": "person/kirby", "iran": "actor/iran", "wire": "outlet/wire"}


def thing(label: str, *above: str, speaks_for: str = "", point: Point | None = None) -> Thing:
    return Thing(label, above, speaks_for, "", Bounds("", ""), point)


KNOWN = Known(
    {
        "transfer/t": thing("Drones"),
        "actor/us": thing("United States"),
        "actor/iran": thing("Iran"),
        "person/kirby": thing("Kirby", "actor/us", speaks_for="actor/us"),
        "outlet/wire": thing("The Wire"),
        "place/moscow": thing("Moscow", point=Point(55.75, 37.62, 60000)),
        "place/zone": thing("Zone", point=Point(55.76, 52.04, 15000)),
        "system/uav": thing("UAV"),
        "system/attack-uav": thing("attack UAV", "system/uav"),
    }
)


def claim(key: str, said: Value, article: str = "a", by: str = "us", **more: object) -> Record:
    """A claim of the transfer; everything that is not given is plain."""
    number = next(_numbers)
    day = str(more.pop("day", "2023-06-09"))
    root = str(more.pop("root", f"utterance/{by}"))
    parts = more.pop("parts", (f"words {number}",))
    published = Bounds("2023-06-09", "2023-06-30")
    telling = Telling(
        article=article,
        outlet=f"outlet/{article}",
        speaker=str(more.pop("speaker", IDS[by])),
        principal=PEOPLE[by],
        ancestors=(root,),
        sentence=str(more.pop("sentence", root)),
        root_principal=PEOPLE[by],
        chain=more.pop("chain", (IDS[by], f"outlet/{article}")),  # type: ignore[arg-type]
        said=bounds(day) if day else Bounds("", ""),
        published=published,
    )
    record = Record(
        claim=f"claim/{article}/{number:04}",
        thing=str(more.pop("thing", THING)),
        key=key,
        value=said,
        passage=Passage(number, number + 9, f"sum{number}", parts),  # type: ignore[arg-type]
        telling=telling,
        form="indirect",
        certainty="asserted",
        cue="",
        polarity="affirmed",
        basis="",
        as_of=None,
    )
    return record._replace(**more)  # type: ignore[arg-type]


def related(
    *records: Record, rules: Rules = RULES, concrete: Record | None = None
) -> list[Relation]:
    context = Context(KNOWN, rules, lambda r: frozenset({r.telling.root_principal}))
    own = sorted(records, key=lambda r: r.order)
    name = own[0].thing
    return list(relations_of(Group(name, own, [concrete] if concrete else []), context))


def ids(relations: list[Relation]) -> list[tuple[str, str]]:
    return [(relation.kind, relation.rule) for relation in relations]


def quantity(low: int | None, high: int | None, wording: str = "") -> Quantity:
    return Quantity(*(None if end is None else Decimal(end) for end in (low, high)), wording)


def date(edtf: str, wording: str = "") -> Date:
    return Date(edtf, *bounds(edtf), wording)


def far(number: int | None, unit: str = "km", bearing: str = "E") -> Distance:
    given = None if number is None else Decimal(number)
    return Distance("place/moscow", given, unit, bearing, number is not None)


# -- numbers and dates


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ((0, 400), (300, 999), ("compatible", "overlap")),
        ((300, 999), (200, 999), ("refines", "bounds-inside")),
        ((200, 999), (300, 400), ("refines", "bounds-inside")),
        ((0, 100), (200, 300), ("contradicts", "disjoint")),
        ((None, 100), (100, None), ("compatible", "overlap")),
    ],
)
def test_numbers_are_held_against_each_other_by_their_bounds(
    one: tuple[int, int], other: tuple[int, int], found: tuple[str, str]
) -> None:
    relations = related(
        claim("quantity", quantity(*one)), claim("quantity", quantity(*other), "b", "iran")
    )
    assert ids(relations) == [found]


def test_the_narrower_claim_refines_the_wider() -> None:
    wide, narrow = (
        claim("quantity", quantity(200, 999)),
        claim("quantity", quantity(300, 400), "b"),
    )
    (found,) = related(wide, narrow)
    assert (found.first, found.second) == (narrow.claim, wide.claim)


def test_a_conflict_within_an_article_is_internal_where_one_party_speaks() -> None:
    one = claim("quantity", quantity(1, 1))
    assert ids(related(one, claim("quantity", quantity(2, 2)))) == [
        ("internal-conflict", "disjoint")
    ]
    other_party = claim("quantity", quantity(2, 2), by="iran")
    assert ids(related(one, other_party)) == [("contradicts", "disjoint")]
    narrated = claim("quantity", quantity(2, 2), speaker="outlet/a", form="narrator", by="wire")
    assert ids(related(one, narrated)) == [("internal-conflict", "disjoint")]


def test_a_later_and_higher_number_is_news_where_both_say_as_of_when() -> None:
    may = claim("quantity", quantity(100, 200), as_of=date("2023-05"))
    june = claim("quantity", quantity(300, 400), "b", as_of=date("2023-06"))
    for pair in ((may, june), (june, may)):
        (found,) = related(*pair)
        assert (found.kind, found.first, found.second) == ("supersedes", june.claim, may.claim)
    fewer = claim("quantity", quantity(1, 2), "b", as_of=date("2023-06"))
    assert ids(related(may, fewer)) == [("contradicts", "disjoint")]
    undated = claim("quantity", quantity(300, 400), "b")
    assert ids(related(may, undated)) == [("contradicts", "disjoint")]


def test_sums_of_two_currencies_are_not_compared() -> None:
    dollars = Money(Decimal(1), Decimal(2), "USD")
    euros = Money(Decimal(5), Decimal(6), "EUR")
    assert not related(claim("monetaryValue", dollars), claim("monetaryValue", euros, "b"))


def test_one_of_three_is_told_of_what_all_allow() -> None:
    relations = related(
        claim("quantity", quantity(200, 999)),
        claim("quantity", quantity(0, 400), "b"),
        claim("quantity", quantity(300, 999), "c"),
    )
    overlaps = [r.compared for r in relations if r.kind == "compatible"]
    assert overlaps == [
        "both allow 200 to 400, and all that is said 300 to 400",
        "both allow 300 to 400",
    ]


def test_many_values_are_compared_with_their_neighbours_only() -> None:
    few = replace(RULES, limits=RULES.limits._replace(most=3))
    claims = [claim("quantity", quantity(n, n), f"a{n:03}") for n in range(100)]
    assert len(related(*claims, rules=few)) == 100 * 3 - 6


# -- distances


def test_two_distances_apart_contradict_and_coordinates_are_told() -> None:
    zone = {"thing": "place/zone"}
    (found,) = related(
        claim("distanceFrom", far(100, "miles"), **zone),
        claim("distanceFrom", far(1100), "b", **zone),
    )
    assert (found.kind, found.rule) == ("contradicts", "distance")
    assert found.compared == "161 km against 1,100 km, 6.8 times as far"
    assert found.explanation.endswith("by coordinates it is about 904 km.")


def test_about_the_same_distance_in_two_units_is_no_conflict() -> None:
    assert not related(
        claim("distanceFrom", far(100, "miles")), claim("distanceFrom", far(160), "b")
    )


def test_one_number_in_two_units_is_told_as_that() -> None:
    relations = related(
        claim("distanceFrom", far(500, "miles")), claim("distanceFrom", far(500), "b")
    )
    assert ids(relations) == [("contradicts", "unit")]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (far(500), far(500, bearing="W"), [("contradicts", "bearing")]),
        (far(500), far(500, bearing="NE"), []),
        (far(500), far(500, bearing=""), []),
        (far(None), far(500), [("refines", "bounds-inside")]),
        (far(500), far(None), [("refines", "bounds-inside")]),
        (far(None), far(None, bearing="NE"), []),
        (far(0), far(500), [("contradicts", "distance")]),
        (far(None, bearing=""), far(500), []),
    ],
)
def test_directions_are_compared_and_a_bare_one_is_refined(
    one: Distance, other: Distance, found: list[tuple[str, str]]
) -> None:
    relations = related(claim("distanceFrom", one), claim("distanceFrom", other, "b"))
    assert ids(relations) == found


def test_near_and_far_do_not_go_together() -> None:
    near = claim("near", Ref("place/moscow"))
    assert ids(related(near, claim("distanceFrom", far(1100)))) == [
        ("internal-conflict", "near-and-far")
    ]
    assert ids(related(near, claim("distanceFrom", far(1100), "b", "iran"))) == [
        ("contradicts", "near-and-far")
    ]
    assert not related(near, claim("distanceFrom", far(90)))
    elsewhere = claim("near", Ref("place/zone"))
    assert not related(elsewhere, claim("distanceFrom", far(1100)))


# -- stages


@pytest.mark.parametrize(
    ("full", "begun", "found"),
    [
        ("2024-01/2024-04", "2024", [("refines", "stage")]),
        ("2024", "2024", [("refines", "stage")]),
        ("2023-06/..", "2024", [("compatible", "stage-overlap")]),
        ("2023", "2024", [("contradicts", "disjoint")]),
        ("2025", "2024", []),
    ],
)
def test_what_works_fully_works_by_then(
    full: str, begun: str, found: list[tuple[str, str]]
) -> None:
    relations = related(
        claim("fullyOperational", date(full)), claim("operational", date(begun), "b")
    )
    assert ids(relations) == found


# -- who, what and where


def test_a_kind_of_it_is_narrower() -> None:
    wide, narrow = (
        claim("item", Ref("system/uav")),
        claim("item", Ref("system/attack-uav"), "b", "iran"),
    )
    for pair in ((wide, narrow), (narrow, wide)):
        (found,) = related(*pair)
        assert (found.rule, found.first, found.second) == ("narrower", narrow.claim, wide.claim)


def test_two_values_of_one_statement_drift_and_of_two_are_complementary() -> None:
    one, other = Ref("system/radar"), Ref("system/tank")
    assert ids(related(claim("item", one), claim("item", other, "b"))) == [("drifts", "object")]
    assert ids(related(claim("item", one), claim("item", other, "b", "iran"))) == [
        ("compatible", "complementary")
    ]
    assert not related(claim("item", one), claim("item", other))


def test_a_value_more_is_told_where_another_is_shared() -> None:
    both = [claim("item", Ref("system/radar")), claim("item", Ref("system/tank"))]
    one = claim("item", Ref("system/radar"), "b")
    assert ids(related(*both, one)) == [("compatible", "also"), ("restates", "restates")]
    assert ("compatible", "also") in ids(related(one._replace(claim="claim/a/0"), *both))
    alone = claim("item", Ref("system/uav"), "b")
    more = [claim("item", Ref("system/attack-uav")), claim("item", Ref("system/tank"))]
    assert ids(related(*more, alone)) == [("refines", "narrower")]


def test_of_what_can_be_one_only_two_are_a_contradiction() -> None:
    sea, road = (
        claim("mode", Ref("mode/sea")),
        claim("mode", Ref("mode/road"), "b", "iran"),
    )
    assert ids(related(sea, road)) == [("contradicts", "exclusive")]
    one_occasion = claim("mode", Ref("mode/road"), "b", sentence="utterance/other")
    assert ids(related(sea, one_occasion)) == [("drifts", "object")]
    assert not related(sea, claim("mode", Ref("mode/not-stated"), "b", "iran"))
    assert ids(related(claim("order", Whole(1)), claim("order", Whole(2), "b", "iran"))) == [
        ("contradicts", "exclusive")
    ]


# -- roles


def test_roles_exchanged_are_found_once() -> None:
    us, iran = Ref("actor/us"), Ref("actor/iran")
    relations = related(
        claim("supplier", iran),
        claim("recipient", us),
        claim("supplier", us, "b"),
        claim("recipient", iran, "b"),
    )
    assert ids(relations) == [("reverses-roles", "roles")]


def test_an_actor_in_both_roles_by_the_same_words_is_no_reversal() -> None:
    us = Ref("actor/us")
    first = claim("supplier", us)
    assert not related(first, claim("recipient", us, passage=first.passage))


def test_where_the_other_names_nobody_in_the_role_its_counterpart_is_told() -> None:
    us = Ref("actor/us")
    (found,) = related(claim("supplier", us), claim("recipient", us, "b", "iran"))
    assert found.kind == "reverses-roles"


# -- statuses


def status(name: str, *args: str, **more: object) -> Record:
    return claim("status", Ref(f"status/{name}"), *args, **more)


SUMMER, WINTER = {"day": "2022-07", "root": "utterance/old"}, {"day": "2022-12"}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (status("delivered"), status("intended", "b", **SUMMER), ("supersedes", "status-later")),
        (
            status("delivered"),
            status("intended", "b", certainty="possible", cue="may", **SUMMER),
            ("supersedes", "expectation"),
        ),
        (
            status("agreed", by="iran"),
            status("expected", "b", **SUMMER),
            ("supersedes", "expectation"),
        ),
        (
            status("delivered", by="iran"),
            status("intended", "b", **SUMMER),
            ("refines", "status-further"),
        ),
        (
            status("sought"),
            status("in-progress", "b", certainty="possible", **SUMMER),
            ("supersedes", "expectation"),
        ),
        (
            status("in-progress"),
            status("agreed", "b", "iran"),
            ("refines", "status-further"),
        ),
        (status("in-progress"), status("sought", "b"), ("drifts", "status-drift")),
        (status("in-progress"), status("sought"), ("internal-conflict", "status-inside")),
        (status("in-progress"), status("agreed"), ("drifts", "status-drift")),
        (status("sought"), status("offered", "b"), ("compatible", "status-same-step")),
        (
            status("not-materialised"),
            status("considered", "b", "iran"),
            ("compatible", "status-outcome"),
        ),
        (
            status("not-materialised"),
            status("delivered", "b", "iran"),
            ("contradicts", "status-denied-by-outcome"),
        ),
        (
            status("cancelled"),
            status("expected", "b", **SUMMER),
            ("supersedes", "expectation"),
        ),
    ],
)
def test_statuses_are_compared_by_rank_and_time(
    one: Record, other: Record, found: tuple[str, str]
) -> None:
    assert ids(related(one, other)) == [found]
    (relation,) = related(other, one)
    if relation.kind in {"supersedes", "refines"}:
        assert (relation.first, relation.second) == (one.claim, other.claim)


def test_less_far_at_a_later_time_is_no_news_unless_it_was_a_guess() -> None:
    before = status("delivered", "b", **SUMMER)
    assert not related(status("sought"), before)
    assert not related(status("sought", by="iran"), before._replace(certainty="possible"))


def test_a_plan_is_superseded_by_a_place_named_later() -> None:
    plan = status("intended", **SUMMER)
    named = claim("site", Ref("place/zone"), "b", thing="project/p")
    (found,) = related(plan, concrete=named)
    assert (found.rule, found.first) == ("plan-to-project", named.claim)
    assert not related(status("intended"), concrete=named)
    assert not related(status("delivered", **SUMMER), concrete=named)
    assert not related(plan, concrete=named._replace(polarity="denied"))


# -- manner


def test_the_same_value_is_restated_or_corroborated_by_origin() -> None:
    one = claim("supplier", Ref("actor/iran"))
    assert ids(related(one, claim("supplier", Ref("actor/iran"), "b"))) == [
        ("restates", "restates")
    ]
    assert ids(related(one, claim("supplier", Ref("actor/iran"), "b", "iran"))) == [
        ("corroborates", "corroborates")
    ]
    assert not related(one, claim("supplier", Ref("actor/iran"), form="headline"))


def test_an_outlet_does_not_corroborate_what_it_relays() -> None:
    own = claim("supplier", Ref("actor/iran"), by="wire", form="narrator", speaker="outlet/wire")
    chain = ("actor/us", "outlet/wire", "outlet/b")
    relayed = claim("supplier", Ref("actor/iran"), "b", chain=chain)
    assert not related(own, relayed)
    assert not related(relayed, own._replace(claim="claim/z/0"))


def test_what_draws_on_both_corroborates_neither() -> None:
    origins = {"a": frozenset({"x"}), "b": frozenset({"x", "y"})}
    context = Context(KNOWN, RULES, lambda r: origins[r.article])
    records = [claim("supplier", Ref("actor/iran"), name) for name in "ab"]
    assert not list(relations_of(Group(THING, records), context))


def test_a_denial_contradicts_and_two_denials_restate() -> None:
    used, denied = status("used"), status("used", "b", "iran", polarity="denied")
    again = status("used", "c", "iran", polarity="denied")
    assert ids(related(used, denied, again)) == [
        ("restates", "restates"),
        ("contradicts", "polarity"),
        ("contradicts", "polarity"),
    ]
    assert not related(denied, status("delivered"))


def test_nothing_is_held_against_an_inference() -> None:
    assert not related(status("used"), status("used", "b", polarity="denied", form="inference"))


def test_one_statement_told_surer_or_on_another_basis_drifts_once_for_its_words() -> None:
    first = [claim(key, Ref("actor/us"), basis="evidence") for key in ("user", "affected")]
    first[1] = first[1]._replace(passage=first[0].passage)
    other = [
        claim(key, Ref("actor/us"), "b", certainty="possible", basis="information")
        for key in ("user", "affected")
    ]
    other[1] = other[1]._replace(passage=other[0].passage)
    found = ids(related(*first, *other))
    assert found.count(("drifts", "certainty")) == 1
    assert found.count(("drifts", "basis")) == 1


# -- words


def words(*parts: str) -> dict[str, object]:
    return {"parts": parts}


def test_two_wordings_of_one_statement_drift_and_of_two_are_nothing() -> None:
    one = claim("effect", Text("harmful"))
    relations = related(one, claim("effect", Text("detrimental"), "b"))
    assert ids(relations) == [("drifts", "wording")]
    assert not related(one, claim("effect", Text("detrimental"), "b", "iran"))
    assert not related(one, claim("effect", Text("detrimental")))


def test_titles_are_names_and_media_may_all_be_so() -> None:
    one, other = claim("title", Text("Envoy")), claim("title", Text("Spokesman"), "b")
    assert ids(related(one, other)) == [("drifts", "naming")]
    assert not related(one, other._replace(telling=one.telling))
    assert ids(related(claim("medium", Text("image")), claim("medium", Text("report"), "b"))) == [
        ("compatible", "venue")
    ]


def test_one_thing_under_two_names_drifts() -> None:
    one = claim("item", Ref("system/uav", "drone"))
    assert ids(related(one, claim("item", Ref("system/uav", "UAV"), "b")))[-1] == (
        "drifts",
        "naming",
    )
    plural = claim("item", Ref("system/uav", "drones"), "b")
    assert ids(related(one, plural)) == [("restates", "restates")]
    unwritten = claim("item", Ref("system/uav"), "b")
    assert ids(related(one, unwritten)) == [("restates", "restates")]
    kyiv = claim("target", Ref("place/moscow", "moscow"))
    assert ids(related(kyiv, claim("target", Ref("place/moscow"), "b")))[-1] == (
        "drifts",
        "naming",
    )


DIRECT = {"form": "direct"}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (words("has used drones"), words("has been using drones"), "tense"),
        (words("offered", "defense"), words("has been offering", "defence"), "tense"),
        (words("tool we have", "public"), words("tools at hand", "public"), "quotation"),
        (words("concerned", "inside"), words("concerned", "inside"), "quotation"),
        (words("concerned", "inside"), words("worried", "inside"), ""),
        (words("…"), words("…"), ""),
    ],
)
def test_the_same_stretch_in_other_words_drifts(
    one: dict[str, object], other: dict[str, object], found: str
) -> None:
    relations = related(
        claim("user", Ref("actor/us"), **DIRECT, **one),
        claim("user", Ref("actor/us"), "b", **DIRECT, **other),
    )
    assert [r.rule for r in relations if r.kind == "drifts"] == ([found] if found else [])


def test_reported_words_are_nobodys_quotation() -> None:
    one = claim("user", Ref("actor/us"), **words("concerned", "inside"))
    other = claim("user", Ref("actor/us"), "b", **words("concerned", "inside"))
    assert ids(related(one, other)) == [("restates", "restates")]


# -- groups, sentences, ids


def test_pairs_across_two_long_lists_are_not_all_pairs() -> None:
    assert len(list(joined(range(3), range(4), 4))) == 12
    assert len(list(joined(range(30), range(40), 4))) == 69


def test_a_relation_is_the_same_whichever_claim_comes_first() -> None:
    pair = claim("quantity", quantity(1, 1)), claim("quantity", quantity(5, 5), "b")
    (one,), (other,) = related(*pair), related(*reversed(pair))
    assert one == other
    assert one.id == other.id
    assert one.id.startswith("relation/")
    assert one.first < one.second


def _sentences() -> Iterator[str]:
    chain = ("person/kirby", "outlet/wire", "outlet/x", "outlet/b")
    yield related(
        claim("quantity", quantity(200, 999, "hundreds"), "002_ab", form="headline"),
        claim("quantity", quantity(0, 40, "up to 40"), "b", "kirby", chain=chain),
    )[0].explanation
    unnamed = ("outlet/not-stated-1",)
    yield related(
        claim("period", date("2022-08/..", "since August"), "1_x", "wire", chain=unnamed),
        claim("period", date("../2022-02"), "b", "iran"),
    )[0].explanation


def test_the_sentence_can_be_printed() -> None:
    assert list(_sentences()) == [
        (
            "Drones, quantity: United States (headline of article 002) says “hundreds” "
            "(200 to 999), Kirby, as The Wire and x relayed it (article b), says “up to 40” "
            "(0 to 40); both cannot hold (200 to 999 against 0 to 40)."
        ),
        (
            "Drones, period: article 1 says “since August” (2022-08/..), Iran (article b) says "
            "../2022-02; both cannot hold (2022-08-01 or more against up to 2022-02-28)."
        ),
    ]


def test_values_are_told_in_the_words_of_the_article_and_in_ours() -> None:
    assert value(Whole(2), KNOWN) == "2"
    assert value(Text("harmful"), KNOWN) == "“harmful”"
    assert value(Money(Decimal(2_000_000), None, "USD", "millions"), KNOWN) == (
        "“millions” (2,000,000 to … USD)"
    )
    assert value(quantity(5, 5), KNOWN) == "5"
    assert value(Distance("place/moscow", Decimal(5), "miles", "", approximate=False), KNOWN) == (
        "5 miles (8 km) from Moscow"
    )
    assert value(far(None), KNOWN) == "east of Moscow"


def test_times_and_bounds_are_told_open_or_closed() -> None:
    assert when(Bounds("", "")) == "at a time unknown"
    assert when(Bounds("2022-01-01", "")) == "from 2022-01-01"
    limits = RULES.limits
    for given, words_ in (
        (quantity(None, None), "anything"),
        (quantity(5, 5), "5"),
        (date("2022"), "2022-01-01 to 2022-12-31"),
        (date("2022-01-01"), "2022-01-01"),
        (far(100), "85 km to 115 km"),
        (Quantity(Decimal("1.5"), None), "1.5 or more"),
    ):
        interval = bounds_of(given, limits)
        assert interval is not None
        assert shown(interval, given) == words_
    assert bounds_of(Text("x"), limits) is None


def test_values_that_say_the_same_are_the_same() -> None:
    assert same(quantity(1, 2, "a")) == same(quantity(1, 2, "b"))
    assert same(far(1)) != same(far(1, bearing="W"))
    assert same(date("2022")) == same(date("2022-01/2022-12"))


def test_an_index_asks_origins_where_words_go_back_to() -> None:
    index = Index(RULES)
    record = claim("item", Ref("system/uav"))
    index.add("a", [record])
    assert index.context().origin(record) == {"actor/us"}
