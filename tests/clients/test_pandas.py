"""pandas, which reads CSV from an address: a table in one line, without a SPARQL library."""

from urllib.error import HTTPError
from urllib.parse import urlencode

import httpx
import pandas as pd
import pytest

from kg.vocab import CAS
from tests.clients.conftest import LEGS, SELECT, VIEW
from tests.running import Running

ACCEPT = {"Accept": "text/csv"}


def read(service: Running, query: str, **parameters: str) -> pd.DataFrame:
    url = f"{service.sparql}?{urlencode({'query': query, **parameters})}"
    return pd.read_csv(url, storage_options=ACCEPT)


def test_the_first_line_of_a_notebook_is_a_table(service: Running) -> None:
    table = pd.read_csv(f"{service.url}/queries/how-many-drones", storage_options=ACCEPT)
    assert len(table) >= 3
    assert (table.minimum <= table.maximum).all()


def test_a_query_is_a_table(service: Running) -> None:
    assert list(read(service, SELECT).leg) == sorted(LEGS)


def test_numbers_are_numbers_and_gaps_are_gaps(service: Running) -> None:
    table = read(service, "SELECT * { VALUES (?n ?d ?w) { (7 0.5 'a') (UNDEF 1e2 'b, \"c\"') } }")
    assert (str(table.n.dtype), str(table.d.dtype)) == ("float64", "float64")
    assert table.n.isna().tolist() == [False, True]
    assert table.d.tolist() == [0.5, 100]
    assert table.w.tolist() == ["a", 'b, "c"']


def test_an_aggregate_agrees_with_pandas_own(service: Running) -> None:
    claims = f"?claim <{CAS}speaker> ?speaker ; <{CAS}certainty> ?certainty"
    table = read(service, f"SELECT ?speaker ?certainty {{ {claims} }}")
    grouped = f"SELECT ?speaker (COUNT(*) AS ?n) {{ {claims} }} GROUP BY ?speaker"
    theirs = read(service, grouped).set_index("speaker").n
    assert theirs.sum() == len(table) > 300
    assert theirs.to_dict() == table.groupby("speaker").size().to_dict()


def test_a_view_is_chosen_in_the_address(service: Running) -> None:
    suppliers = f"SELECT ?t ?supplier {{ ?t <{CAS}supplier> ?supplier }}"
    iran = read(service, suppliers, **{"default-graph-uri": f"{VIEW}iran"})
    assert 0 < len(iran) < len(read(service, suppliers))


def test_json_rows_become_a_table_too(service: Running) -> None:
    answer = httpx.get(service.sparql, params={"query": SELECT})
    table = pd.json_normalize(answer.json()["results"]["bindings"])
    assert table["leg.value"].tolist() == sorted(LEGS)


def test_a_slip_is_an_http_error(service: Running) -> None:
    with pytest.raises(HTTPError, match="400"):
        read(service, "SELECT * {")
