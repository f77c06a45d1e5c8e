import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.dates import Bounds, bounds, by_library

DATES = {
    "2023": ("2023-01-01", "2023-12-31"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2023-06-09": ("2023-06-09", "2023-06-09"),
    "2023-06-09/2023-06~": ("2023-06-09", "2023-06-30"),
    "2024-01/2024-04~": ("2024-01-01", "2024-04-30"),
    "2022-08/..": ("2022-08-01", ""),
    "../2022-02": ("", "2022-02-28"),
    "../..": ("", ""),
    "2022-21": ("2022-03-01", "2022-05-31"),
    "2022-21/..": ("2022-03-01", ""),
    "20XX": ("2000-01-01", "2099-12-31"),
    "2023-XX-XX": ("2023-01-01", "2023-12-31"),
    "[2022, 2023]".replace(" ", ""): ("2022-01-01", "2023-12-31"),
    "2023?": ("2023-01-01", "2023-12-31"),
    "0001": ("0001-01-01", "0001-12-31"),
    "9999": ("9999-01-01", "9999-12-31"),
}


@pytest.mark.parametrize(("text", "expected"), DATES.items(), ids=DATES)
def test_a_date_lies_between_its_first_and_last_day(text: str, expected: tuple[str, str]) -> None:
    assert bounds(text) == Bounds(*expected)


NOT_DATES = {
    "": "is not an EDTF date",
    "June 2023": "is not an EDTF date",
    "9 June 2023": "is not an EDTF date",
    "2023-13": "is not an EDTF date",
    "2023-02-30": "is not an EDTF date",
    "2023-X5": "is not an EDTF date",
    "{..0000,0000}": "is not an EDTF date",
    "Y17E99999": "is not an EDTF date",
    "0000": "is not an EDTF date",
    "-0044-03-15": "is not an EDTF date",
    "Y170000": "is not an EDTF date",
    " 2023": "is not an EDTF date",
    "2023 /2024": "is not an EDTF date",
    "2023\n": "is not an EDTF date",
    "/2023": "has an unknown end: write .. for an open one",
    "2023/": "has an unknown end: write .. for an open one",
    "2023/2022": "ends before it begins",
    "2023-06-09/2023-06-08": "ends before it begins",
}


@pytest.mark.parametrize(("text", "message"), NOT_DATES.items(), ids=map(repr, NOT_DATES))
def test_what_is_no_date_is_refused_without_a_sound(
    text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        bounds(text)
    assert repr(text) in str(caught.value)
    assert capsys.readouterr().out == ""


@given(
    st.text("0123456789-/.~?%XYESTZ:[]{},+ ", max_size=16)
    | st.from_regex(r"[0-9X]{4}(-[0-9X]{2}){0,2}[?~%]?(/|\.\.)[0-9X]{0,4}(-[0-9X]{2}){0,2}")
)
def test_any_text_has_bounds_in_order_or_is_refused(text: str) -> None:
    try:
        found = bounds(text)
    except ValueError:
        return
    assert {len(found.earliest), len(found.latest)} <= {0, len("2023-06-09")}
    assert not found.earliest or not found.latest or found.earliest <= found.latest


YEARS = st.integers(1, 9999).map("{:04d}".format)
MONTHS = st.integers(1, 12).map("-{:02d}".format)
DAYS = st.integers(1, 28).map("-{:02d}".format)
PLAIN = st.tuples(
    st.one_of(
        YEARS,
        st.builds("{}{}".format, YEARS, MONTHS),
        st.builds("{}{}{}".format, YEARS, MONTHS, DAYS),
    ),
    st.sampled_from(["", "~", "?"]),
).map("".join)
ENDS = st.one_of(PLAIN, st.just(".."))


@settings(max_examples=40)  # the library takes its time
@given(st.one_of(PLAIN, st.tuples(ENDS, ENDS).map("/".join)))
def test_plain_dates_have_the_bounds_that_the_library_gives(text: str) -> None:
    expected = by_library(text)
    if expected.earliest and expected.latest and expected.earliest > expected.latest:
        with pytest.raises(ValueError, match="ends before it begins"):
            bounds(text)
    else:
        assert bounds(text) == expected
