from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.dates import bounds
from kg.errors import InputError
from kg.lexicon import Rule, lexicon, number, read_lexicon
from kg.resources import folder
from kg.source import read_yaml, yaml_document
from tests.bad import Bad, named, told
from tests.conftest import LEXICON, Small


def test_words_are_found_by_kind_whatever_their_capitals(small: Small) -> None:
    found = read_lexicon(small.seeds / "lexicon.yaml")
    assert found.find("quantity", "Hundreds") == Rule(
        "hundreds", "quantity", ("hundreds",), Decimal(200), Decimal(999)
    )
    assert found.find("money", "hundreds") is None
    assert found.find("quantity", "thousands") is None
    assert found.wordings("quantity") == ("hundreds",)


def test_a_bound_may_be_open(small: Small) -> None:
    rule = read_lexicon(small.seeds / "lexicon.yaml").find("money", "billions of crowns")
    assert rule
    assert (rule.minimum, rule.maximum) == (Decimal(2000000000), None)


@pytest.mark.parametrize(
    ("template", "anchor", "expected"),
    [
        ("{year+1}-01/{year+1}-04~", "2023-06-09", "2024-01/2024-04~"),
        ("{year}-03", "2023", "2023-03"),
        ("{year-1}-08/..", "2023-06", "2022-08/.."),
        ("../2022-02", "2023-06-09", "../2022-02"),
    ],
)
def test_a_date_is_counted_from_the_year_of_the_words(
    template: str, anchor: str, expected: str
) -> None:
    assert Rule("x", "date", (), edtf=template).dated(anchor) == expected


@pytest.mark.parametrize("text", ["0", "1100", "1100.5", "007", "999999999999999999.999999999"])
def test_digits_are_a_number(text: str) -> None:
    assert number(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    ["", "1,100", "1 100", "1_000", "-1", "+1", "1e3", "1e999999999", "NaN", "Infinity", "٣", ".5"],
)
def test_what_is_not_written_in_digits_is_no_number(text: str) -> None:
    assert number(text) is None


@given(st.integers(0, 10**18 - 1), st.integers(0, 10**9 - 1))
def test_every_number_in_digits_is_exact(whole: int, fraction: int) -> None:
    text = f"{whole}.{fraction:09d}"
    assert format(number(text), "f") == text
    assert number(whole) == whole


HUNDREDS = '{kind: quantity, says: [hundreds], min: "200", max: "999"}'
LIST = "is no list of words"
BAD = (
    Bad("no-says", "says: [hundreds], ", "", "hundreds:", "hundreds", "needs says and kind"),
    Bad("no-kind", "kind: money, ", "", "billions:", "billions", "needs says and kind", "money or"),
    Bad("no-rule", HUNDREDS, "from 200", "hundreds:", "hundreds", "needs says and kind"),
    Bad("kind", "kind: quantity", "kind: quantty", "hundreds:", "hundreds.kind", "no kind", "tity"),
    Bad("field", "max: ", "mx: ", "hundreds:", "hundreds.mx", "no field of a rule", "known: max"),
    Bad("words", "[hundreds]", "hundreds", "hundreds:", "hundreds.says", LIST, "[a, b]"),
    Bad("no-words", "[hundreds]", "[]", "hundreds:", "hundreds.says", LIST, "[a, b]"),
    Bad("map-of-words", "[hundreds]", "[{a: b}]", "hundreds:", "hundreds.says", LIST),
    Bad("comma", '"200"', '"2,00"', "hundreds:", "hundreds.min", "'2,00' is no number", "commas"),
    Bad("exponent", '"2000000000"', '"2e9"', "billions:", "billions.min", "is no number"),
    Bad("no-bound", ', min: "2000000000"', "", "billions:", "billions", "money needs max or min"),
    Bad("no-date", ', edtf: "{year+1}-01/{year+1}-04~"', "", "early-", "early-next-year", "edtf"),
    Bad(
        "twice",
        "billions: {kind: money, says: [billions of crowns]",
        "billions: {kind: quantity, says: [several, Hundreds]",
        "billions:",
        "billions.says",
        "'hundreds' stands twice",
        "hundreds covers them too",
    ),
)


@named(*BAD)
def test_a_rule_that_cannot_be_read_is_told(bad: Bad) -> None:
    text = bad.spoil(LEXICON)
    told(bad, text, "x.yaml", lambda: lexicon(yaml_document(text, "x.yaml")))


def test_a_lexicon_is_a_map_of_rules() -> None:
    with pytest.raises(InputError, match=r"x\.yaml:1: holds no rules \(write rule-id"):
        lexicon(yaml_document("- hundreds", "x.yaml"))


def test_a_wording_may_stand_twice_in_one_rule_and_once_for_each_kind() -> None:
    text = LEXICON.replace("[hundreds]", "[a, A]").replace("[billions of crowns]", "[a]")
    found = lexicon(yaml_document(text, "x.yaml"))
    assert len(found.rules) == 3
    assert found.find("quantity", "a") is not found.find("money", "a")


def test_every_rule_of_the_seeds_says_where_its_bounds_come_from() -> None:
    document = read_yaml(folder("seeds") / "lexicon.yaml")
    assert len(document.tree) >= 10
    assert all(entry["source"] for entry in document.tree.values())
    assert all(
        bounds(rule.dated("2023")) for rule in lexicon(document).rules if rule.kind == "date"
    )
