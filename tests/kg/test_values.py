from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.terms import XSD, Quad, iri, literal
from kg.values import (
    NAME,
    Date,
    Distance,
    Money,
    Quantity,
    Ref,
    Text,
    Value,
    Whole,
    describe,
    digest,
    node_id,
    slug,
    term,
    wording_of,
)
from kg.vocab import EDTF, cas, thing

G = iri("http://e/g")
HUNDREDS = Quantity(Decimal(200), Decimal(999), "Hundreds", "hundreds")
BILLIONS = Money(Decimal(2_000_000_000), None, "USD", "billions of dollars", "billions")
MILES = Distance("place/moscow", Decimal(100), "miles", "SE", approximate=True, wording="100 miles")
EAST = Distance("place/moscow", None, "", "E", approximate=False)
SOON = Date("2024-01/2024-04~", "2024-01-01", "2024-04-30", "early next year", "2023-06-09", "soon")
EVER = Date("../..", "", "")


def decimal(text: str) -> str:
    return literal(text, XSD + "decimal")


def facts(value: Value) -> dict[str, str]:
    """What is said of the value's node; a predicate stands once."""
    quads = [*describe(value, G)]
    found = {quad.predicate: quad.object for quad in quads}
    assert len(found) == len(quads)
    assert {(quad.subject, quad.graph) for quad in quads} <= {(term(value), G)}
    found.pop(iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), None)
    return found


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Ref("place/seshcha", "Sisha", "probable", "why"), thing("place/seshcha")),
        (Text("a “word”"), '"a “word”"'),
        (Whole(2), '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    ],
)
def test_a_thing_a_text_and_a_whole_number_need_no_node(value: Value, written: str) -> None:
    assert term(value) == written
    assert [*describe(value, G)] == []


@pytest.mark.parametrize(
    ("value", "prefix", "name"),
    [
        (HUNDREDS, "value/quantity/hundreds-", "QuantityValue"),
        (BILLIONS, "value/money/billions-of-dollars-", "MoneyValue"),
        (MILES, "value/distance/100-miles-", "DistanceValue"),
        (EAST, "value/distance/stated-", "DistanceValue"),
        (SOON, "value/date/early-next-year-", "DateValue"),
        (Date("2023-05~", "2023-05-01", "2023-05-31"), "value/date/2023-05-", "DateValue"),
        (Quantity(Decimal(1), None, "сотни"), "value/quantity/stated-", "QuantityValue"),
    ],
)
def test_a_value_of_parts_has_a_node_named_by_its_words(
    value: Quantity | Money | Distance | Date, prefix: str, name: str
) -> None:
    assert node_id(value).startswith(prefix)
    assert term(value) == thing(node_id(value))
    typed = next(describe(value, G))
    assert typed == Quad(
        term(value), iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), cas(name), G
    )


def test_a_quantity_keeps_its_bounds_its_words_and_its_rule() -> None:
    assert facts(HUNDREDS) == {
        cas("minimum"): decimal("200"),
        cas("maximum"): decimal("999"),
        cas("wording"): literal("Hundreds"),
        cas("rule"): literal("hundreds"),
    }


def test_an_open_bound_of_a_sum_is_not_written() -> None:
    assert facts(BILLIONS) == {
        cas("minimum"): decimal("2000000000"),
        cas("currency"): literal("USD"),
        cas("wording"): literal("billions of dollars"),
        cas("rule"): literal("billions"),
    }


def test_a_distance_is_given_in_metres_beside_its_own_unit() -> None:
    assert facts(MILES) == {
        cas("referencePlace"): thing("place/moscow"),
        cas("number"): decimal("100"),
        cas("unit"): literal("miles"),
        cas("metres"): decimal("160934.4"),
        cas("approximate"): literal("true", XSD + "boolean"),
        cas("bearing"): literal("SE"),
        cas("wording"): literal("100 miles"),
    }


def test_a_bare_bearing_has_no_number() -> None:
    assert facts(EAST) == {
        cas("referencePlace"): thing("place/moscow"),
        cas("bearing"): literal("E"),
    }
    assert cas("bearing") not in facts(MILES._replace(bearing=""))


def test_a_date_keeps_its_days_its_words_and_what_they_are_counted_from() -> None:
    assert facts(SOON) == {
        cas("edtf"): literal("2024-01/2024-04~", EDTF),
        cas("earliest"): literal("2024-01-01", XSD + "date"),
        cas("latest"): literal("2024-04-30", XSD + "date"),
        cas("anchor"): literal("2023-06-09", EDTF),
        cas("wording"): literal("early next year"),
        cas("rule"): literal("soon"),
    }


def test_an_open_date_has_no_days() -> None:
    assert facts(EVER) == {cas("edtf"): literal("../..", EDTF)}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Ref("place/seshcha", "Sisha"), "Sisha"),
        (Ref("place/seshcha"), ""),
        (Text("by sea"), "by sea"),
        (Whole(2), ""),
        (HUNDREDS, "Hundreds"),
        (BILLIONS, "billions of dollars"),
        (MILES, "100 miles"),
        (SOON, "early next year"),
    ],
)
def test_a_value_keeps_the_words_of_the_article(value: Value, words: str) -> None:
    assert wording_of(value) == words


VALUES = st.one_of(
    st.builds(Quantity, *[st.none() | st.decimals(0, 9999, places=2)] * 2, st.text(), st.text()),
    st.builds(Date, st.text(), st.text(), st.text(), st.text(), st.text(), st.text()),
    st.builds(
        Distance, st.just("place/x"), st.none(), st.just(""), st.just("E"), st.booleans(), st.text()
    ),
)


@given(st.lists(VALUES, max_size=10))
def test_values_have_one_node_exactly_where_they_are_equal(values: list[Date]) -> None:
    assert len({node_id(value) for value in values}) == len(set(values))


def test_a_number_is_one_however_it_is_written() -> None:
    plain, scientific = Quantity(Decimal("200.0"), None), Quantity(Decimal("2E+2"), None)
    assert node_id(plain) == node_id(scientific)
    assert facts(plain) == {cas("minimum"): decimal("200")}


@given(st.text())
def test_a_slug_can_stand_in_an_id(text: str) -> None:
    assert not slug(text) or NAME.fullmatch(slug(text))
    assert len(slug(text)) <= 48


@given(st.lists(st.text("ab"), max_size=3), st.lists(st.text("ab"), max_size=3))
def test_a_fingerprint_tells_parts_apart(left: list[str], right: list[str]) -> None:
    assert (digest(left, 8) == digest(right, 8)) == ("\x1f".join(left) == "\x1f".join(right))
    assert len(digest(left, 8)) == 16
