"""/paths and /resolve over the five articles: what they answer, and how they refuse."""

import csv
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

from api import models_paths as models
from kg import matching, network, paths, routing, sentences
from kg.anchor import article_text
from kg.asked import LIMITS, MODES, RANKS, Asked
from kg.drawn import FORMS
from kg.paths import find
from kg.store import Store
from tests.api.conftest import Client
from tests.conftest import CHECKOUT, article_texts

ENDS = {"from": "Amirabad", "to": "Primorsko-Akhtarsk"}
WAY = [
    ["place/amirabad", "place/makhachkala"],
    ["place/makhachkala", "place/primorsko-akhtarsk"],
]
IRI = "https://w3id.org/caspian/id/"


def way(answer: Any) -> list[list[str]]:  # noqa: ANN401 -- JSON
    """The ends of the hops of the first path."""
    return [[hop["source"]["id"], hop["target"]["id"]] for hop in answer["paths"][0]["hops"]]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Amirabad", "Primorsko-Akhtarsk"),
        ("amirabad", "PRIMORSKO AKHTARSK"),
        ("Bandar Amirabad", "Приморско-Ахтарск"),
        ("place/amirabad", "id:place/primorsko-akhtarsk"),
        (f"{IRI}place/amirabad", f"<{IRI}place/primorsko-akhtarsk>"),
    ],
)
def test_the_route_of_the_drones_is_found_by_any_name(
    service: Client, source: str, target: str
) -> None:
    answer = service.get("/paths", params={"from": source, "to": target}).json()
    assert way(answer) == WAY
    assert answer["view"] == "any"
    assert answer["reason"] == ""


def test_the_question_of_the_mission_is_answered_with_all_that_is_said(service: Client) -> None:
    (path,) = service.get("/paths", params=ENDS).json()["paths"]
    assert (path["origins"], path["units"], path["confidence"]) == (["United States"], 1, 0.97)
    crossing, onward = path["hops"]
    assert {(each["article"][:3], each["start"], each["end"]) for each in crossing["evidence"]} == {
        ("002", 1698, 1834)
    }
    assert {(each["article"][:3], each["start"], each["end"]) for each in onward["evidence"]} == {
        ("002", 1840, 1943)
    }
    for hop in path["hops"]:
        assert {each["speaker_label"] for each in hop["evidence"]} == {"White House"}
        assert {each["evidence"]["principal"] for each in hop["denials"]} == {"actor/russia"}
        assert (hop["transport"], hop["dates"]) == ("unstated", "undated")
    corroborating = {each["evidence"]["article"][:3] for each in crossing["corroboration"]}
    assert corroborating == {"001", "004"}


@pytest.mark.skipif(article_texts() is None, reason="the article texts are not at hand")
def test_the_offsets_point_at_the_words(service: Client) -> None:
    texts = article_texts()
    assert texts is not None
    seen = 0
    for more in ({}, {"from": "Iran", "to": "Kyiv"}, {"from": "Yak-130", "profile": "any"}):
        answer = service.get("/paths", params={**ENDS, **more}).json()
        for path in answer["paths"]:
            for hop in path["hops"]:
                for claim in hop["evidence"]:
                    text = article_text(texts, claim["article"])
                    assert text is not None
                    first, _, last = claim["quotation"].partition(" … ")
                    words = text[claim["start"] : claim["end"]]
                    assert words.startswith(first)
                    assert words.endswith(last)
                    seen += 1
    assert seen > 100


def test_the_service_says_what_the_library_says(service: Client, graph: Store) -> None:
    asked = Asked(("place/amirabad",), ("place/primorsko-akhtarsk",), view="us")
    answer = find(graph, network.network(graph), asked)
    ends = {"from": "place/amirabad", "to": "place/primorsko-akhtarsk", "view": "us"}
    said = service.get("/paths", params=ends).json()
    assert said == json.loads(models.Answer.model_validate(answer).model_dump_json())
    assert said["paths"]


@pytest.mark.parametrize(
    "ours",
    [
        *(paths.Answer, paths.Found, paths.Dropped, paths.Searched),
        *(routing.Hop, routing.Evidence, routing.Corroboration, routing.Denial),
        *(routing.Conflicting, routing.Parallel, sentences.Citation, network.Place),
        *(matching.Match, matching.Resolved),
    ],
    ids=lambda each: each.__name__,
)
def test_no_field_of_the_library_is_left_out(ours: type) -> None:
    theirs = getattr(models, ours.__name__).model_fields
    assert set(theirs) == {field.name for field in fields(ours)}


def test_no_part_of_a_question_is_left_out() -> None:
    question = models.PathQuestion.model_fields
    assert set(question) == {field.name for field in fields(Asked)}
    least = models.PathQuestion.model_validate({"from": "a", "to": "b"})
    assert least.asked() == Asked(("a",), ("b",))
    known = {name: question[name].annotation.__args__ for name in ("mode", "rank")}  # type: ignore[union-attr]
    assert known == {"mode": MODES, "rank": RANKS}


def test_a_question_may_be_posted(service: Client) -> None:
    asked = service.get("/paths", params={**ENDS, "view": "us", "k": 3})
    for ends in (ENDS, {name: [value] for name, value in ENDS.items()}):
        posted = service.post("/paths", json={**ends, "view": "us", "k": 3})
        assert posted.status_code == 200
        assert posted.content == asked.content


def test_several_may_be_asked_for_at_once(service: Client) -> None:
    answer = service.get("/paths?from=Amirabad&to=Sisha&to=Primorsko-Akhtarsk").json()
    assert [place["id"] for place in answer["targets"]] == [
        "place/seshcha",
        "place/primorsko-akhtarsk",
    ]
    assert len(answer["paths"]) == 2


def test_where_there_is_no_route_the_answer_says_why(service: Client) -> None:
    back = {"from": ENDS["to"], "to": ENDS["from"]}
    answer = service.get("/paths", params=back)
    assert answer.status_code == 200
    assert answer.json()["paths"] == []
    assert "leads to Amirabad" in answer.json()["reason"]
    assert [each["filter"] for each in answer.json()["would_give"]] == ["direction"]


@pytest.mark.parametrize(
    ("more", "given"),
    [({"view": "russia"}, "view=russia"), ({"as_of": "2022-12-31"}, "as_of=2022-12-31")],
)
def test_who_denies_all_and_who_asks_too_early_has_no_route(
    service: Client, more: dict[str, str], given: str
) -> None:
    answer = service.get("/paths", params={**ENDS, **more})
    assert answer.status_code == 200
    assert answer.json()["paths"] == []
    assert answer.json()["reason"]
    assert [each["given"] for each in answer.json()["would_give"]] == [given]


def test_an_unknown_place_is_told_the_nearest(service: Client) -> None:
    answer = service.get("/paths", params={**ENDS, "from": "Amirabat"})
    assert answer.status_code == 404
    assert answer.json()["near"][0] == "place/amirabad"
    assert answer.json()["type"].endswith("/unknown-name")


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


def test_moscow_may_be_the_city_or_the_government(service: Client) -> None:
    answer = service.get("/paths", params={**ENDS, "to": "Moscow"})
    assert answer.status_code == 422
    assert answer.json()["candidates"] == ["actor/russia", "place/moscow"]


@pytest.mark.parametrize("name", ["k", "max_hops", "edges", "origins", "skip_degree"])
def test_what_lies_past_a_limit_is_told_the_most(service: Client, name: str) -> None:
    most = next(each.most for each in LIMITS if each.name == name)
    answer = service.get("/paths", params={**ENDS, name: most + 1})
    assert answer.status_code == 400
    assert answer.json()["limit"] == most
    assert f"{most:,}" in answer.json()["detail"]
    assert service.get("/paths", params={**ENDS, name: 0}).status_code == 400


def test_an_end_needs_a_name(service: Client) -> None:
    answer = service.post("/paths", json={"from": [], "to": "Sisha"})
    assert answer.status_code == 400
    assert "the number of names in from is 0; it may be 1 to 20" in answer.json()["detail"]


def test_too_many_names_are_told_the_most(service: Client) -> None:
    answer = service.get("/paths", params={**ENDS, "via": ["Kyiv"] * 21})
    assert answer.status_code == 400
    assert answer.json()["limit"] == 20


def test_a_parameter_counts_once(service: Client) -> None:
    answer = service.get("/paths?from=Amirabad&to=Makhachkala&view=us&view=iran&k=1&k=2")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "give k, view once"


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({}, ["query.from", "query.to"]),
        ({"from": "Amirabad"}, ["query.to"]),
        ({**ENDS, "from": ""}, ["query.from.0"]),
        ({**ENDS, "over": "Moscow"}, ["query.over"]),
        ({**ENDS, "to": "x" * 501}, ["query.to.0"]),
        ({**ENDS, "view": "x" * 101}, ["query.view"]),
        ({**ENDS, "mode": "longest"}, ["query.mode"]),
        ({**ENDS, "k": "few"}, ["query.k"]),
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


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ("[]", ["body"]),
        ("{", ["body"]),
        ('{"from": "Amirabad"}', ["body.to"]),
        ('{"from": "Amirabad", "to": "Sisha", "k": "3"}', ["body.k"]),
        ('{"from": "Amirabad", "to": [""], "via": 3}', ["body.to.0", "body.via"]),
        ('{"from": "Amirabad", "to": "Sisha", "over": 1}', ["body.over"]),
    ],
)
def test_a_wrong_body_is_told_where_it_is_wrong(
    service: Client, sent: str, where: list[str]
) -> None:
    answer = service.post("/paths", content=sent, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["errors"]] == where


def test_a_body_of_another_kind_or_too_long_is_not_read(service: Client) -> None:
    assert service.post("/paths", content="from=a").status_code == 415
    long = service.post("/paths", json={**ENDS, "via": ["x" * 400] * 1000})
    assert long.status_code == 413


def test_the_same_question_has_the_same_bytes(service: Client) -> None:
    params = {"from": "Iran", "to": "Kyiv", "mode": "all", "edges": "60"}
    for each in ("application/json", *(form.media_type for form in FORMS)):
        bodies = {
            service.get("/paths", params=params, headers={"Accept": each}).content for _ in range(3)
        }
        assert len(bodies) == 1


# -- forms


@pytest.fixture(scope="module")
def drawn_as(service: Client) -> dict[str, str]:
    """The two ways to the bases, in each form."""
    url, found = "/paths?from=Amirabad&to=Sisha&to=Primorsko-Akhtarsk", {}
    for form in FORMS:
        answer = service.get(url, headers={"Accept": form.media_type})
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == form.media_type
        found[form.name] = answer.text
    return found


def test_geojson_has_a_point_for_each_stop_and_a_line_for_each_hop(
    drawn_as: dict[str, str],
) -> None:
    features = json.loads(drawn_as["geojson"])["features"]
    kinds = [each["geometry"]["type"] for each in features]
    assert (kinds.count("Point"), kinds.count("LineString")) == (4, 4)
    line = next(each for each in features if each["id"] == "1.1")
    assert line["geometry"]["coordinates"][0] == [53.35, 36.78333]
    assert line["properties"]["denied_by"] == "Russia"
    assert "Amirabad" in line["properties"]["quotations"][0]


def test_what_has_no_coordinates_has_no_geometry(service: Client) -> None:
    answer = service.get(
        "/paths?from=Iran&to=Kyiv", headers={"Accept": "application/geo+json"}
    ).json()
    assert None in [each["geometry"] for each in answer["features"]]
    assert answer["complete"]


def test_graphml_and_gexf_hold_the_stops_and_hops_of_all_paths(drawn_as: dict[str, str]) -> None:
    import networkx as nx

    read = nx.read_graphml(io.BytesIO(drawn_as["graphml"].encode()), force_multigraph=True)
    assert (read.number_of_nodes(), read.number_of_edges()) == (4, 3)
    data = read.edges["place/amirabad", "place/makhachkala", "leg leg/amirabad-makhachkala"]
    assert (data["paths"], data["confidence"]) == ("1, 2", 0.97)
    assert "lastmodifieddate" not in drawn_as["gexf"]
    found = ET.fromstring(drawn_as["gexf"].encode())  # noqa: S314 -- our own
    space = {"g": "http://www.gexf.net/1.2draft"}
    assert len(found.findall(".//g:node", space)) == 4
    assert len(found.findall(".//g:edge", space)) == 3


def test_csv_has_a_row_for_each_claim(drawn_as: dict[str, str], service: Client) -> None:
    rows = [*csv.DictReader(io.StringIO(drawn_as["csv"]))]
    assert {row["role"] for row in rows} == {"evidence", "besides", "corroboration", "denial"}
    assert {row["quotation"] for row in rows if row["role"] == "denial"} == {"denied … Ukraine"}
    bare = service.get(
        "/paths?from=Amirabad&to=Sisha&evidence=none", headers={"Accept": "text/csv"}
    )
    assert [row["claim"] for row in csv.DictReader(io.StringIO(bare.text))] == ["", ""]


def test_turtle_asserts_nothing_and_leads_to_claims(drawn_as: dict[str, str]) -> None:
    found = Graph().parse(data=drawn_as["turtle"], format="turtle")
    derived = {str(claim) for claim in found.objects(None, None) if "/claim/" in str(claim)}
    assert len(derived) == 6
    assert not [each for each in found.predicates() if "caspian" in str(each)]


def test_mermaid_draws_what_is_denied_with_dots(drawn_as: dict[str, str]) -> None:
    lines = drawn_as["mermaid"].splitlines()
    assert lines[0] == "flowchart LR"
    assert sum("-.->" in line for line in lines) == 3
    assert '  n0["Amirabad"]' in lines


def test_markdown_tells_each_path_with_its_words(drawn_as: dict[str, str]) -> None:
    text = drawn_as["markdown"]
    assert text.startswith("# Amirabad to Seshcha or Primorsko-Akhtarsk\n")
    assert text.count("\n## ") == 2
    assert "characters 1840 to 1943" in text
    assert "the drones are transported from Iran" in text


def test_markdown_tells_why_there_is_none_and_what_was_cut(service: Client) -> None:
    none = service.get(
        "/paths", params={**ENDS, "view": "russia"}, headers={"Accept": "text/markdown"}
    ).text
    assert "In the view “russia”" in none
    assert "- without `view=russia`: Amirabad → Makhachkala → Primorsko-Akhtarsk" in none
    cut = service.get(
        "/paths", params={**ENDS, "edges": 1}, headers={"Accept": "text/markdown"}
    ).text
    assert "**Not complete.**" in cut


def test_a_form_nobody_has_is_refused_with_those_there_are(service: Client) -> None:
    answer = service.get("/paths", params=ENDS, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == ["application/json", *(each.media_type for each in FORMS)]


# -- names


def test_a_spelling_of_an_article_resolves(service: Client) -> None:
    answer = service.get("/resolve", params={"q": "Sisha"}).json()
    assert answer["id"] == "place/seshcha"
    assert answer["matches"][0]["exact"]


def test_the_plant_goes_by_what_the_articles_call_it(service: Client) -> None:
    for name in ("UAV plant", "drone factory", "drone manufacturing facility"):
        answer = service.get("/resolve", params={"q": name}).json()
        assert answer["id"] == "project/alabuga-uav-plant"
    ends = {"from": "Iran", "to": "UAV plant"}
    (hop, onward) = service.get("/paths", params=ends).json()["paths"][0]["hops"]
    assert (hop["relation"], onward["relation"]) == ("supply", "use")


def test_an_ambiguous_name_resolves_to_all_it_may_be(service: Client) -> None:
    answer = service.get("/resolve", params={"q": "moscow"}).json()
    assert answer["id"] == ""
    exact = [each["id"] for each in answer["matches"] if each["exact"]]
    assert exact == ["actor/russia", "place/moscow"]


def test_a_misspelt_name_resolves_to_nothing_and_is_told_the_nearest(service: Client) -> None:
    answer = service.get("/resolve", params={"q": "Amirabat"}).json()
    assert answer["id"] == ""
    assert answer["matches"][0]["id"] == "place/amirabad"
    assert 0.8 < answer["matches"][0]["likeness"] < 1
    assert service.get("/resolve", params={"q": "Xyzzyqqq"}).json()["matches"] == []


def test_an_id_resolves_to_itself(service: Client) -> None:
    for name in ("place/amirabad", "id:place/amirabad", f"{IRI}place/amirabad"):
        assert service.get("/resolve", params={"q": name}).json()["id"] == "place/amirabad"


# -- the same everywhere

ANSWERS = """
import sys
from hashlib import sha256
from pathlib import Path
from api.jobs import Held, Job, PathsAsked, perform
from api.models_paths import PathQuestion
from api.settings import Settings
from kg.drawn import FORMS
from kg.snapshot import open_snapshot

_, store = open_snapshot(Path(sys.argv[1]))
held = Held(Settings(query_seconds=600), store, ())
found = sha256()
for asked in (
    {"from": "Iran", "to": "Kyiv", "mode": "all", "k": 5, "edges": 90},
    {"from": "Yak-130", "to": "UAV plant", "profile": "any", "mode": "k-shortest", "k": 4},
    {"from": "Iran", "to": "Kyiv", "view": "russia", "certainty": "probable"},
):
    question = PathQuestion.model_validate(asked)
    for form in ("application/json", *(form.media_type for form in FORMS)):
        found.update(bytes(perform(held, Job("paths", PathsAsked(question, form))).body))
print(found.hexdigest())
"""


def test_another_process_answers_with_the_same_bytes(graph_root: Path) -> None:
    command = [sys.executable, "-c", ANSWERS, str(graph_root)]
    told = {
        subprocess.run(
            command,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
