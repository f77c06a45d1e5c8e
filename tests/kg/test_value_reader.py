from decimal import Decimal

import pytest

from kg.errors import Problem
from kg.source import Tree, yaml_document
from kg.value_reader import Reading, read_values
from kg.values import Date, Distance, Money, Quantity, Ref, Text, Value, Whole
from tests.conftest import Small

STRELSAU, KITE = Ref("place/strelsau"), Ref("system/kite")
FAR = Distance("place/strelsau", None, "", "", approximate=False)


def read(small: Small, kind: str, key: str, tree: Tree) -> tuple[list[Value], list[Problem]]:
    """What is read of `{key: tree}` on line 2 of a document, and what is wrong with it."""
    document = yaml_document(f"article: kites\n{key}: x\n", "x.yaml")
    vocabulary = small.corpus().vocabulary
    context = Reading(document, vocabulary.schema, vocabulary.entities, vocabulary.lexicon)
    problems: list[Problem] = []
    found = [*read_values(context, kind, tree, at=(key,), problems=problems)]
    assert {line for _, line in found} <= {2}
    return [value for value, _ in found], problems


VALUES: dict[str, tuple[str, str, Tree, Value]] = {
    "thing": ("Transfer", "item", "system/kite", KITE),
    "thing-by-ref": ("Transfer", "item", {"ref": "system/kite"}, KITE),
    "thing-otherwise-written": (
        *("Transfer", "item", {"ref": "system/kite", "written": "flyers"}),
        Ref("system/kite", "flyers"),
    ),
    "thing-judged": (
        *("RouteLeg", "to"),
        {"ref": "place/freedon", "written": "Fredon", "match": "possible", "because": "sound"},
        Ref("place/freedon", "Fredon", "possible", "sound"),
    ),
    "thing-of-either-class": ("WeaponUse", "target", "actor/freedonia", Ref("actor/freedonia")),
    "the-article": ("GovernmentAction", "discloses", "article/kites", Ref("article/kites")),
    "concept": ("Transfer", "status", "delivered", Ref("status/delivered")),
    "concept-with-a-dash": ("RouteLeg", "mode", "not-stated", Ref("mode/not-stated")),
    "text": ("Transfer", "reason", "for the fair", Text("for the fair")),
    "whole": ("RouteLeg", "order", "2", Whole(2)),
    "whole-of-json": ("RouteLeg", "order", 2, Whole(2)),
    "whole-with-a-point": ("RouteLeg", "order", "2.0", Whole(2)),
    "count": ("Transfer", "quantity", {"count": "130"}, Quantity(Decimal(130), Decimal(130))),
    "count-of-json": (
        *("Transfer", "quantity", {"count": 130, "says": "130 kites"}),
        Quantity(Decimal(130), Decimal(130), "130 kites"),
    ),
    "words-of-the-lexicon": (
        *("Transfer", "quantity", {"says": "Hundreds"}),
        Quantity(Decimal(200), Decimal(999), "Hundreds", "hundreds"),
    ),
    "at-least": (
        *("Transfer", "quantity", {"says": "at least 3", "min": "3"}),
        Quantity(Decimal(3), None, "at least 3"),
    ),
    "at-most": ("Transfer", "quantity", {"max": "3.5"}, Quantity(None, Decimal("3.5"))),
    "between": (
        *("Transfer", "quantity", {"min": "3", "max": "3"}),
        Quantity(Decimal(3), Decimal(3)),
    ),
    "sum": (
        *("Transfer", "monetaryValue", {"says": "billions of crowns", "currency": "CZK"}),
        Money(Decimal(2000000000), None, "CZK", "billions of crowns", "billions"),
    ),
    "sum-in-digits": (
        *("Deal", "monetaryValue", {"min": 5, "max": 6, "currency": "USD"}),
        Money(Decimal(5), Decimal(6), "USD"),
    ),
    "kilometres": (
        *("Place", "distanceFrom"),
        {"place": "place/strelsau", "km": "1100.5", "says": "far", "approximate": "true"},
        FAR._replace(number=Decimal("1100.5"), unit="km", approximate=True, wording="far"),
    ),
    "miles": (
        *("Place", "distanceFrom"),
        {"place": "place/strelsau", "miles": 100, "approximate": False, "bearing": "NE"},
        FAR._replace(number=Decimal(100), unit="miles", bearing="NE"),
    ),
    "approximate-in-json": (
        *("Place", "distanceFrom", {"place": "place/strelsau", "km": 1, "approximate": True}),
        FAR._replace(number=Decimal(1), unit="km", approximate=True),
    ),
    "bearing": (
        *("Place", "distanceFrom", {"place": "place/strelsau", "bearing": "E"}),
        FAR._replace(bearing="E"),
    ),
    "date": (
        *("Transfer", "period", {"edtf": "2023-06"}),
        Date("2023-06", "2023-06-01", "2023-06-30"),
    ),
    "date-in-words": (
        *("Transfer", "period", {"edtf": "2023-06", "says": "in June", "anchor": "2023-06-09"}),
        Date("2023-06", "2023-06-01", "2023-06-30", "in June", "2023-06-09"),
    ),
    "date-of-the-lexicon": (
        *("Transfer", "period", {"says": "early next year", "anchor": "2023-06-09"}),
        Date(
            *("2024-01/2024-04~", "2024-01-01", "2024-04-30"),
            *("early next year", "2023-06-09", "early-next-year"),
        ),
    ),
    "a-date-given-owes-nothing-to-the-lexicon": (
        *("Transfer", "period", {"says": "early next year", "edtf": "2024-02"}),
        Date("2024-02", "2024-02-01", "2024-02-29", "early next year"),
    ),
}


@pytest.mark.parametrize(("kind", "key", "tree", "value"), VALUES.values(), ids=VALUES)
def test_a_value_is_read_by_the_kind_of_its_property(
    small: Small, kind: str, key: str, tree: Tree, value: Value
) -> None:
    assert read(small, kind, key, tree) == ([value], [])


def test_a_list_gives_one_value_for_each_item(small: Small) -> None:
    found, problems = read(
        small, "RouteLeg", "across", ["place/strelsau", {"ref": "place/old-sea"}]
    )
    assert found == [STRELSAU, Ref("place/old-sea")]
    assert problems == []


def test_a_bad_item_leaves_the_others_as_they_are(small: Small) -> None:
    found, problems = read(
        small, "RouteLeg", "across", ["place/strelsau", "place/x", "system/kite"]
    )
    assert found == [STRELSAU]
    assert [problem.key for problem in problems] == ["across.1", "across.2"]


TO, QUANTITY, DISTANCE = ("RouteLeg", "to"), ("Transfer", "quantity"), ("Place", "distanceFrom")
DATE, MONEY, ORDER = ("Transfer", "period"), ("Transfer", "monetaryValue"), ("RouteLeg", "order")
AWAY = {"place": "place/strelsau"}
JUDGED = {"ref": "place/freedon", "match": "probable"}
# (class, property), what is given, then the key, part of the message and part of the hint
BAD: dict[str, tuple[tuple[str, str], Tree, str, str, str]] = {
    "property": (("Transfer", "suplier"), "x", "suplier", "no property suplier", "known: supplier"),
    "property-of-another-class": (
        *(("Transfer", "order"), "2", "order"),
        *("a Transfer has no property order", "known: "),
    ),
    "class-without-properties": (("Source", "order"), "2", "order", "a Source has no property", ""),
    "no-item": (TO, [], "to", "lists no value", ""),
    "no-id": (TO, "", "to", "names no thing", "write its id"),
    "no-ref": (TO, {"written": "x"}, "to", "names no thing", "{ref: id}"),
    "unknown-thing": (TO, "place/fredon", "to", "no thing place/fredon", "mean place/freedon"),
    "thing-like-nothing": (TO, "q", "to", "no thing q", ""),
    "class-of-thing": (TO, "actor/freedonia", "to", "actor/freedonia is a State, not a Place", ""),
    "neither-class": (
        *(("WeaponUse", "target"), "system/kite", "target"),
        *("system/kite is a SystemType, not a Actor or Place", ""),
    ),
    "another-article": (TO, "article/other", "to", "no thing article/other", ""),
    "field-of-a-ref": (TO, {"ref": "x", "writen": "y"}, "to.writen", "no field", "known: written"),
    "null": (TO, None, "to", "is no value of this kind", "write {because, match, ref, written}"),
    "number-for-a-thing": (TO, 7, "to", "is no value of this kind", ""),
    "empty-map": (TO, {}, "to", "is no value of this kind", ""),
    "list-in-a-field": (TO, {"ref": ["x"]}, "to.ref", "is no text or number", ""),
    "null-in-a-field": (QUANTITY, {"count": 3, "says": None}, "quantity.says", "no text or", ""),
    "match": (TO, {**JUDGED, "match": "sure"}, "to.match", "no certainty sure", "possible"),
    "match-of-nothing": (TO, {**JUDGED, "because": "x"}, "to", "lacks written", "which name"),
    "match-without-why": (TO, {**JUDGED, "written": "x"}, "to", "lacks because", "and why"),
    "concept": (("Transfer", "status"), "deliverd", "status", "no status deliverd", "delivered"),
    "no-concept": (("Transfer", "status"), "", "status", "lacks a status", "known: agreed, "),
    "map-for-a-concept": (("RouteLeg", "mode"), {"a": "b"}, "mode", "no transportmode", "sea"),
    "blank-text": (("Transfer", "reason"), " ", "reason", "is no text", "copy the words"),
    "number-for-a-text": (("Transfer", "reason"), 3, "reason", "is no text", "from the quote"),
    "half": (ORDER, "1.5", "order", "'1.5' is no whole number", ""),
    "negative": (ORDER, "-1", "order", "'-1' is no number", "write digits"),
    "true": (ORDER, True, "order", "True is no number", "write digits"),
    "comma": (QUANTITY, {"count": "1,100"}, "quantity.count", "is no number", "without commas"),
    "exponent": (QUANTITY, {"max": "1e999999999"}, "quantity.max", "is no number", "digits"),
    "nan": (QUANTITY, {"min": float("nan")}, "quantity.min", "'nan' is no number", "digits"),
    "count-and-bound": (QUANTITY, {"count": 3, "min": 2}, "quantity", "count beside min", "one or"),
    "upside-down": (QUANTITY, {"min": 9, "max": 2}, "quantity", "min 9 is more than max 2", "swap"),
    "wording": (
        QUANTITY,
        {"says": "hundred"},
        "quantity",
        "no quantity 'hundred'",
        ": hundreds; or",
    ),
    "no-wording": (MONEY, {"currency": "USD"}, "monetaryValue", "no money ''", "or give min:"),
    "text-for-a-quantity": (QUANTITY, "hundreds", "quantity", "is no value", "write {count, max"),
    "no-currency": (MONEY, {"min": 1}, "monetaryValue.currency", "'' is no currency", "ISO 4217"),
    "currency": (MONEY, {"min": 1, "currency": "US$"}, "monetaryValue.currency", "'US$'", "USD"),
    "currency-of-elsewhere": (MONEY, {"currency": "ÉÀÎ"}, "monetaryValue.currency", "'ÉÀÎ'", ""),
    "no-place": (DISTANCE, {"km": 3}, "distanceFrom.place", "names no thing", ""),
    "place": (DISTANCE, {"place": "actor/freedonia", "km": 1}, "distanceFrom.place", "a State", ""),
    "no-distance": (DISTANCE, AWAY, "distanceFrom", "needs one of km, miles, or a bearing", ""),
    "two-units": (DISTANCE, {**AWAY, "km": 3, "miles": 2}, "distanceFrom", "needs one of km", ""),
    "unit": (DISTANCE, {**AWAY, "mils": 3}, "distanceFrom.mils", "is no field", "known: miles"),
    "bearing": (DISTANCE, {**AWAY, "bearing": "EN"}, "distanceFrom.bearing", "no bearing EN", "E"),
    "no-number": (DISTANCE, {**AWAY, "km": "ten"}, "distanceFrom.km", "'ten' is no number", ""),
    "approximate": (
        *(DISTANCE, {**AWAY, "km": 3, "approximate": "about"}),
        *("distanceFrom.approximate", "is neither true nor false", ""),
    ),
    "edtf": (DATE, {"edtf": "9 June"}, "period", "'9 June' is not an EDTF date", ""),
    "unknown-start": (DATE, {"edtf": "/2023"}, "period", "has an unknown end", ""),
    "ends-first": (DATE, {"edtf": "2023/2022"}, "period", "ends before it begins", ""),
    "words-of-nobody": (
        *(DATE, {"says": "erly next year", "anchor": "2023"}, "period"),
        *("the lexicon has no date 'erly next year'", "early next year; or give edtf:"),
    ),
    "only-an-anchor": (DATE, {"anchor": "2023"}, "period", "the lexicon has no date ''", "edtf:"),
    "no-anchor": (DATE, {"says": "early next year"}, "period", "the date it is counted", "anchor:"),
    "anchor-without-a-year": (
        *(DATE, {"says": "early next year", "anchor": "20XX"}),
        *("period", "needs the date it is counted from", ""),
    ),
    "bad-anchor": (
        *(DATE, {"says": "early next year", "anchor": "2023-13"}),
        *("period", "'2023-13' is not an EDTF date", ""),
    ),
    "odd-anchor": (
        *(DATE, {"edtf": "2023", "anchor": "²²²²"}, "period"),
        *("'²²²²' is not an EDTF date", ""),
    ),
    "date-as-text": (
        DATE,
        "2023-06-09",
        "period",
        "is no value of this kind",
        "{anchor, edtf, says}",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_value_that_cannot_be_read_is_told(small: Small, case: str) -> None:
    prop, tree, key, message, hint = BAD[case]
    found, problems = read(small, *prop, tree)
    assert found == []
    (problem,) = problems
    assert (problem.file, problem.line, problem.key) == ("x.yaml", 2, key)
    assert message in problem.message
    assert hint in problem.hint


def test_there_are_enough_bad_values() -> None:
    assert len(BAD) >= 55
