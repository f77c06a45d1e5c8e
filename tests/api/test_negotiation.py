"""Accept headers, as clients write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.negotiation import choose, media_type
from api.offers import OFFERS

JSON, XML, CSV, TSV = (each.media_type for each in OFFERS["select"][:4])
OFFERED = [JSON, XML, CSV, TSV]

CHOICES = {
    # no wish
    None: JSON,
    "": JSON,
    "  ": JSON,
    "*/*": JSON,
    "application/*": JSON,
    # one wish
    CSV: CSV,
    "TEXT/CSV": CSV,
    "text/csv;charset=utf-8": CSV,
    'text/csv; charset="UTF-8"': CSV,
    "text/csv;header=present": CSV,
    "text/csv;header; ;": CSV,
    "text/*": CSV,
    # several, by quality and then by the order of our table
    "text/csv, text/tab-separated-values": CSV,
    "text/tab-separated-values, text/csv": CSV,
    "text/tab-separated-values;q=1, text/csv;q=0.9": TSV,
    "text/csv;q=0.1,text/tab-separated-values;q=0.2": TSV,
    "text/csv ; q=0.1 , text/tab-separated-values ; q=0.2": TSV,
    "text/csv;Q=0.1, text/tab-separated-values;Q=0.2": TSV,
    "text/html, application/sparql-results+xml": XML,
    "text/html, application/xhtml+xml, application/xml;q=0.9, image/avif, */*;q=0.8": JSON,
    "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2": JSON,
    "*": JSON,
    # the closest range decides, wherever it stands
    "text/*;q=0.9, text/csv;q=0.1": TSV,
    "text/csv;q=0.1, text/*;q=0.9": TSV,
    "*/*;q=0.9, text/*;q=0.1": JSON,
    "*/*;q=0.1, text/csv": CSV,
    "text/csv;header=absent;q=0, text/csv": CSV,
    "text/csv;header=absent, text/csv;q=0, */*;q=0.5": JSON,
    # q=0 takes away
    f"{JSON};q=0, */*": XML,
    f"{JSON};q=0.0, {XML};q=0.000, */*;q=0.1": CSV,
    "text/csv;q=0": None,
    "*/*;q=0": None,
    "text/csv, */*;q=0": CSV,
    # nothing we have, or nothing that can be read
    "image/png": None,
    "text/html": None,
    "csv": None,
    "text/": None,
    "/csv": None,
    "te xt/csv": None,
    ",": None,
    ";q=1": None,
    "text/csv;q=high": None,
    "text/csv;q=2": None,
    "text/csv;q=-1": None,
    "text/csv;q=nan": None,
    "text/csv;q=": None,
    "text/csv;q=high, text/tab-separated-values;q=0.1": TSV,
    # what stands in quotation marks separates nothing
    'image/png;note="a, text/csv;q=1"': None,
    'image/png;note="a\\", text/csv", text/tab-separated-values': TSV,
    'text/csv;note=";q=0"': CSV,
    'text/csv;note="unclosed, text/tab-separated-values;q=0.5': CSV,
}


@pytest.mark.parametrize("accept", CHOICES)
def test_a_client_gets_what_it_likes_best(accept: str | None) -> None:
    assert choose(accept, OFFERED) == CHOICES[accept]


def test_there_are_enough_choices() -> None:
    assert len(CHOICES) >= 45


@settings(deadline=None)
@given(accept=st.text() | st.text('*/,;=q.01 "\\textcsv'))
def test_any_header_gets_an_offer_or_none(accept: str) -> None:
    assert choose(accept, OFFERED) in {*OFFERED, None}


def test_a_long_header_is_read_in_no_time() -> None:
    assert choose("text/csv;q=0.1," * 20_000 + TSV, OFFERED) == TSV
    assert choose('"' * 100_000, OFFERED) is None
    assert choose("a" * 100_000 + "/" + '"\\' * 50_000, OFFERED) is None


def test_a_media_type_is_compared_in_lower_case() -> None:
    found = media_type("Application/SPARQL-Query ; Charset=UTF-8")
    assert found is not None
    assert found.essence == "application/sparql-query"
    assert found.parameters == {"charset": "utf-8"}


@pytest.mark.parametrize("text", ["", "text", "text/", "/plain", "text/plain/x", ";", "text /x"])
def test_what_is_no_media_type_is_none(text: str) -> None:
    assert media_type(text) is None
