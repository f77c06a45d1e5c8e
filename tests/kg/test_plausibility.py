"""What is claimed, held against coordinates, dates and other numbers."""

from decimal import Decimal

import pytest

from kg.comparing.group import Context, Group
from kg.dates import Bounds, bounds
from kg.geodesy import Line, apart, line
from kg.known import Known, Point, Thing
from kg.mapping import Passage
from kg.plausibility import Check, checks_of
from kg.records import Record, Telling
from kg.resources import folder
from kg.rules import read_rules
from kg.values import Date, Distance, Money, Quantity, Ref, Value

RULES = read_rules(folder("seeds") / "relations.yaml")


def thing(label: str, point: Point | None = None) -> Thing:
    return Thing(label, (), "", "", Bounds("", ""), point)


KNOWN = Known(
    {
        "actor/us": thing("United States"),
        "place/moscow": thing("Moscow", Point(55.75204, 37.61781, 60000)),
        "place/zone": thing("Zone", Point(55.76232, 52.04425, 15000)),
        "project/plant": thing("Plant"),
    }
)


def claim(key: str, said: Value, subject: str = "place/zone", **more: object) -> Record:
    published = more.pop("published", Bounds("2023-06-09", "2023-06-30"))
    telling = Telling(
        article="a",
        outlet="outlet/a",
        speaker="actor/us",
        principal="actor/us",
        ancestors=("utterance/u",),
        sentence="utterance/u",
        root_principal="actor/us",
        chain=("actor/us", "outlet/a"),
        said=Bounds("", ""),
        published=published,  # type: ignore[arg-type]
    )
    record = Record(
        f"claim/a/{key}-{said}",
        subject,
        key,
        said,
        Passage(0, 1, "", ("x",)),
        telling,
        "indirect",
        "asserted",
        "",
        "affirmed",
        "",
        None,
    )
    return record._replace(**more)  # type: ignore[arg-type]


def checked(*claims: Record) -> list[Check]:
    context = Context(KNOWN, RULES, lambda _: frozenset())
    return list(checks_of(Group(claims[0].thing, claims), context))


def far(number: int | None, unit: str = "km", bearing: str = "") -> Distance:
    given = None if number is None else Decimal(number)
    return Distance("place/moscow", given, unit, bearing, approximate=True)


def test_a_degree_along_the_equator_is_as_long_as_the_ellipsoid_has_it() -> None:
    found = line(Point(0, 0, 0), Point(0, 1, 0))
    assert found == Line(pytest.approx(111319.4908, abs=1e-3), pytest.approx(90))
    assert apart(10, 350) == apart(350, 10) == 20
    assert apart(0, 180) == 180


@pytest.mark.parametrize(
    ("given", "plausible"),
    [(far(100, "miles"), False), (far(1100), True), (far(900), True), (far(600), False)],
)
def test_a_distance_is_held_against_coordinates_and_their_accuracy(
    given: Distance,
    plausible: bool,  # noqa: FBT001 -- what the case expects
) -> None:
    (found,) = checked(claim("distanceFrom", given))
    assert (found.rule, found.plausible) == ("distance-by-coordinates", plausible)
    assert found.computed == 904104
    assert found.method == "geodesic on WGS 84 (geographiclib, Karney 2013)"
    assert found.input == "Moscow 55.75204 37.61781 ± 60 km; Zone 55.76232 52.04425 ± 15 km"


@pytest.mark.parametrize(("bearing", "plausible"), [("E", True), ("NE", True), ("W", False)])
def test_a_direction_is_held_against_coordinates(
    bearing: str,
    plausible: bool,  # noqa: FBT001 -- what the case expects
) -> None:
    (found,) = checked(claim("distanceFrom", far(None, bearing=bearing)))
    assert (found.rule, found.plausible) == ("bearing-by-coordinates", plausible)
    assert found.computed == Decimal("84.0")


def test_a_plant_is_where_its_site_is() -> None:
    site = claim("site", Ref("place/zone"), "project/plant")
    near = claim("near", Ref("place/moscow"), "project/plant")
    (found,) = checked(site, near)
    assert (found.rule, found.plausible) == ("near-by-coordinates", False)
    assert found.id.startswith("check/")


def test_what_has_no_coordinates_is_not_checked() -> None:
    assert not checked(claim("distanceFrom", far(5), "project/plant"))
    assert not checked(claim("near", Ref("place/moscow"), "project/plant"))
    assert not checked(claim("near", Ref("place/moscow"), "place/moscow"))
    assert not checked(claim("distanceFrom", far(5), polarity="denied"))


def test_a_distance_of_nothing_is_no_distance() -> None:
    assert not checked(claim("distanceFrom", far(0)))


def date(edtf: str) -> Date:
    return Date(edtf, *bounds(edtf))


def test_what_is_over_when_it_is_told_of_cannot_come_after_publication() -> None:
    (past,) = checked(claim("announced", date("2023-03")))
    assert (past.plausible, past.computed) == (True, -121)
    (ahead,) = checked(claim("announced", date("2023-08")))
    assert (ahead.plausible, ahead.computed) == (False, 32)
    assert "published 2023-06-09 to 2023-06-30" in ahead.explanation


def test_dates_to_come_and_open_ones_are_not_checked() -> None:
    assert not checked(claim("operational", date("2024")))
    assert not checked(claim("announced", date("../2024")))
    assert not checked(claim("announced", date("2024"), published=Bounds("2023-06-09", "")))


def number(low: int | None, high: int | None) -> Quantity:
    return Quantity(*(None if end is None else Decimal(end) for end in (low, high)))


def test_a_number_is_held_against_all_others_given_for_it() -> None:
    found = checked(
        claim("quantity", number(200, 999)),
        claim("quantity", number(0, 400)),
        claim("quantity", number(5000, None)),
        claim("quantity", number(None, 100)),
    )
    assert [(check.computed, check.plausible) for check in found] == [
        (Decimal("0.33"), True),
        (Decimal("0.67"), True),
        (Decimal("0.00"), False),
        (Decimal("0.33"), True),
    ]
    assert found[0].explanation.endswith("1 of 3 other values given fit it, and none fits all.")


def test_one_number_alone_is_not_checked_nor_two_units() -> None:
    assert not checked(claim("quantity", number(1, 2)))
    dollars, euros = (Money(Decimal(1), Decimal(2), unit) for unit in ("USD", "EUR"))
    assert not checked(claim("monetaryValue", dollars), claim("monetaryValue", euros))


def test_of_many_numbers_the_first_are_listed() -> None:
    found = checked(*(claim("quantity", number(n, 99)) for n in range(20)))
    assert len(found) == 20
    assert found[0].input.endswith("; and 8 more")
    assert "all allow 19 to 99" in found[0].explanation
