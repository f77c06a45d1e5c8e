"""/queries: the stored questions, listed and answered."""

import pytest

from kg.queries import stored_queries
from kg.resources import folder
from tests.api.conftest import Client

NAMES = [each.name for each in stored_queries(folder("queries"))]


def test_every_question_is_listed(service: Client) -> None:
    listed = service.get("/queries").json()
    assert [each["name"] for each in listed] == NAMES
    assert all(each["question"].endswith(("?", ".")) for each in listed)


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_answered_as_its_query_is(service: Client, name: str) -> None:
    listed = {each["name"]: each["sparql"] for each in service.get("/queries").json()}
    answer = service.get(f"/queries/{name}")
    assert answer.status_code == 200
    assert answer.content == service.query(listed[name]).content


def test_an_answer_comes_in_the_format_asked_for(service: Client) -> None:
    answer = service.get("/queries/route-legs", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "Makhachkala" in answer.text
    assert service.get("/queries/route-legs", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("name", "near"), [("route-leg", ["route-legs"]), ("0", []), ("..%2Froute-legs", None)]
)
def test_an_unknown_question_is_told_the_nearest(
    service: Client, name: str, near: list[str] | None
) -> None:
    answer = service.get(f"/queries/{name}")
    assert answer.status_code == 404
    assert answer.json().get("near") == near


def test_a_name_too_long_is_refused(service: Client) -> None:
    assert service.get(f"/queries/{'x' * 101}").status_code == 422
