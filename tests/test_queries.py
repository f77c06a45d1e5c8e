"""Stored questions: each gives exactly the rows that stand in tests/queries."""

import csv
import io
from pathlib import Path

import pytest

from kg.formats import named
from kg.queries import StoredQuery, stored_queries
from kg.resources import folder
from kg.store import Store

EXPECTED = Path(__file__).parent / "queries"
QUERIES = stored_queries(folder("queries"))


def test_at_least_twelve_questions_are_stored() -> None:
    assert len(QUERIES) >= 12


def test_every_question_has_its_rows_and_no_rows_are_left_over() -> None:
    assert {query.name for query in QUERIES} == {path.stem for path in EXPECTED.glob("*.csv")}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_question_gives_its_rows(query: StoredQuery, graph: Store) -> None:
    answer = graph.answer(query.text).serialize(named("csv")).decode("utf-8")
    expected = (EXPECTED / f"{query.name}.csv").read_text("utf-8")
    found_rows, expected_rows = _rows(answer), _rows(expected)
    assert found_rows == expected_rows
    assert found_rows, "a question without an answer asks about nothing"


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
