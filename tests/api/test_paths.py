"""/paths over the five articles: routes, their evidence, and what is said where there is none."""

import json
from dataclasses import fields

import pytest

from api import models
from kg import paths
from kg.anchor import article_text
from kg.paths import routes
from kg.store import Store
from tests.api.conftest import Client
from tests.conftest import article_texts

ENDS = {"from": "Amirabad", "to": "Primorsko-Akhtarsk"}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Amirabad", "Primorsko-Akhtarsk"),
        ("amirabad", "PRIMORSKO AKHTARSK"),
        ("place/amirabad", "id:place/primorsko-akhtarsk"),
        (
            "https://w3id.org/caspian/id/place/amirabad",
            "<https://w3id.org/caspian/id/place/primorsko-akhtarsk>",
        ),
    ],
)
def test_the_route_of_the_drones_is_found_by_any_name(
    service: Client, source: str, target: str
) -> None:
    answer = service.get("/paths", params={"from": source, "to": target}).json()
    stops = [[hop["source"]["id"], hop["target"]["id"]] for hop in answer["routes"][0]["hops"]]
    assert stops == [
        ["place/amirabad", "place/makhachkala"],
        ["place/makhachkala", "place/primorsko-akhtarsk"],
    ]
    assert answer["view"] == "any"
    assert answer["reason"] == ""


def test_each_hop_leads_back_to_quotations(service: Client) -> None:
    answer = service.get("/paths", params={**ENDS, "view": "us"}).json()
    for hop in answer["routes"][0]["hops"]:
        assert {"from", "to"} <= {claim["key"] for claim in hop["evidence"]}
        for claim in hop["evidence"]:
            assert claim["quotation"]
            assert claim["end"] > claim["start"]
            assert claim["speaker"].startswith(("actor/", "person/", "outlet/"))
            assert claim["certainty"]


@pytest.mark.skipif(article_texts() is None, reason="the article texts are not at hand")
def test_the_offsets_point_at_the_words(service: Client) -> None:
    texts = article_texts()
    assert texts is not None
    answer = service.get("/paths", params=ENDS).json()
    claims = [claim for hop in answer["routes"][0]["hops"] for claim in hop["evidence"]]
    assert len(claims) >= 10
    for claim in claims:
        text = article_text(texts, claim["article"])
        assert text is not None
        first, _, last = claim["quotation"].partition(" … ")
        words = text[claim["start"] : claim["end"]]
        assert words.startswith(first)
        assert words.endswith(last)


def test_the_service_says_what_the_library_says(service: Client, graph: Store) -> None:
    answer = routes(graph, source="place/amirabad", target="place/primorsko-akhtarsk", view="us")
    said = service.get("/paths", params={**ENDS, "view": "us"}).json()
    assert said == json.loads(models.RouteAnswer.model_validate(answer).model_dump_json())
    assert said["routes"]


@pytest.mark.parametrize("name", ["Place", "Evidence", "Hop", "Route", "RouteAnswer"])
def test_no_field_of_the_library_is_left_out(name: str) -> None:
    ours = set(getattr(models, name).model_fields)
    assert ours == {field.name for field in fields(getattr(paths, name))}


def test_where_there_is_no_route_the_answer_says_why(service: Client) -> None:
    back = {"from": ENDS["to"], "to": ENDS["from"]}
    answer = service.get("/paths", params=back)
    assert answer.status_code == 200
    assert answer.json()["routes"] == []
    assert "leaves from Primorsko-Akhtarsk" in answer.json()["reason"]


def test_who_denies_all_has_no_route(service: Client) -> None:
    answer = service.get("/paths", params={**ENDS, "view": "russia"})
    assert answer.status_code == 200
    assert "In the view “russia”" in answer.json()["reason"]


def test_an_unknown_place_is_told_the_nearest(service: Client) -> None:
    answer = service.get("/paths", params={**ENDS, "from": "Amirabat"})
    assert answer.status_code == 404
    assert answer.json()["near"] == ["place/amirabad"]
    assert answer.json()["type"].endswith("/unknown-name")


def test_what_is_no_place_is_unknown(service: Client) -> None:
    assert service.get("/paths", params={**ENDS, "to": "John Kirby"}).status_code == 404


@pytest.mark.parametrize(
    ("view", "near"),
    [
        ("usa", ["us", "russia"]),
        ("zzz", ["any", "asserted", "iran", "known-2022", "russia", "two-origins", "us"]),
        ("u s>", ["us"]),
    ],
)
def test_an_unknown_view_is_told_the_nearest_or_all(
    service: Client, view: str, near: list[str]
) -> None:
    answer = service.get("/paths", params={**ENDS, "view": view})
    assert answer.status_code == 404
    assert answer.json()["near"] == near


def test_an_ambiguous_name_is_told_the_candidates(service_over: object) -> None:
    cas = "https://w3id.org/caspian/ontology#"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    lines = [
        line
        for number in (1, 2)
        for line in (
            f"<https://w3id.org/caspian/id/place/{number}> <{kind}> <{cas}Place> <urn:g> .",
            f'<https://w3id.org/caspian/id/place/{number}> <{label}> "Springfield" <urn:g> .',
        )
    ]
    assert callable(service_over)
    answer = service_over(*lines).get("/paths", params={"from": "Springfield", "to": "place/1"})
    assert answer.status_code == 422
    assert answer.json()["candidates"] == ["place/1", "place/2"]


def test_a_parameter_counts_once(service: Client) -> None:
    answer = service.get("/paths?from=Amirabad&to=Makhachkala&from=Moscow&to=Moscow")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "give from, to once"


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({}, ["query.from", "query.to"]),
        ({"from": "Amirabad"}, ["query.to"]),
        ({**ENDS, "from": ""}, ["query.from"]),
        ({**ENDS, "via": "Moscow"}, ["query.via"]),
        ({**ENDS, "to": "x" * 501}, ["query.to"]),
        ({**ENDS, "view": "x" * 101}, ["query.view"]),
    ],
)
def test_wrong_parameters_are_named(
    service: Client, parameters: dict[str, str], where: list[str]
) -> None:
    answer = service.get("/paths", params=parameters)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["where"] for each in answer.json()["errors"]] == where
    assert all(place in answer.json()["detail"] for place in where)
    assert "x" * 101 not in answer.text
