"""/things, /conflicts, /origins and /timeline: the service says what the library says."""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from api import models_claims
from api.app import create_app
from api.settings import Settings
from kg import conflicts, named, profile, standing, statements, timeline
from kg.snapshot import open_snapshot
from kg.store import Store
from tests.api.conftest import Client
from tests.told import DENIED, FAR, write_told

PLANT = "project/alabuga-uav-plant"
DRONES = "transfer/uav-ir-ru"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    root = tmp_path_factory.mktemp("told")
    write_told(root)
    _, store = open_snapshot(root)
    yield store
    store.close()


@pytest.fixture(scope="module")
def client(told: Store) -> Client:
    return Client(create_app(Settings(), told))


def test_a_thing_is_shown_by_its_id_or_its_name(client: Client) -> None:
    found = client.get(f"/things/{DRONES}")
    assert found.status_code == 200
    assert found.json()["thing"]["label"] == "Iranian drones to Russia"
    assert found.json()["origins"] == ["Iran’s word", "The United States’ word"]
    assert client.get("/things/Iranian drones to Russia").json() == found.json()


def test_a_view_leaves_out_what_it_does_not_hold(client: Client) -> None:
    whole = client.get(f"/things/{DRONES}").json()
    two = client.get(f"/things/{DRONES}", params={"view": "two-origins"}).json()
    assert 0 < two["claims"] < whole["claims"]
    unknown = client.get(f"/things/{DRONES}", params={"view": "two-origin"})
    assert unknown.status_code == 404
    assert unknown.json()["near"] == ["two-origins"]


def test_conflicts_are_told_in_a_sentence_with_both_claims(client: Client) -> None:
    (found,) = client.get("/conflicts", params={"thing": PLANT}).json()["conflicts"]
    assert found["explanation"] == FAR
    assert found["first"]["quotation"]
    every = client.get("/conflicts").json()
    assert {each["explanation"] for each in every["conflicts"]} == {FAR, DENIED}
    assert every["kinds"] == ["contradicts", "internal-conflict", "reverses-roles", "drifts"]


def test_relations_of_a_kind_come_in_parts(client: Client) -> None:
    every = client.get("/conflicts", params={"kind": "all"}).json()
    part = client.get("/conflicts", params={"kind": "all", "skip": 1, "limit": 1}).json()
    assert part["conflicts"] == every["conflicts"][1:2]
    assert part["total"] == every["total"] == 3


def test_origins_of_a_thing_and_of_all(client: Client) -> None:
    found = client.get("/origins", params={"thing": DRONES}).json()
    assert [each["id"] for each in found["origins"]] == ["origin/us", "origin/iran"]
    assert len(found["attested"][0]["origins"]) == 2
    assert len(client.get("/origins").json()["origins"]) == 2


def test_a_timeline_leads_from_plan_to_project(client: Client) -> None:
    name = "Production of Iranian drones in Russia"
    found = client.get("/timeline", params={"thing": name}).json()
    assert [part["link"] for part in found["parts"]] == ["part of", "serves"]
    assert found["entries"][0]["said_to"] == "2022-12-31"
    assert found["entries"][-1]["said_from"] >= "2023-06-09"


def test_the_service_says_what_the_library_says(client: Client, told: Store) -> None:
    def plain(model: type, answer: object) -> object:
        return json.loads(model.model_validate(answer).model_dump_json())

    cases = {
        f"/things/{PLANT}": (models_claims.Profile, profile.profile(told, PLANT)),
        f"/conflicts?thing={PLANT}": (
            models_claims.ConflictAnswer,
            conflicts.conflicts(told, PLANT),
        ),
        f"/origins?thing={PLANT}": (models_claims.OriginAnswer, standing.origins_of(told, PLANT)),
        f"/timeline?thing={PLANT}": (models_claims.Timeline, timeline.timeline(told, PLANT)),
    }
    for url, (model, answer) in cases.items():
        assert client.get(url).json() == plain(model, answer)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (statements, "Statement"),
        (conflicts, "Conflict"),
        (conflicts, "ConflictAnswer"),
        (standing, "Origin"),
        (standing, "Attested"),
        (standing, "OriginAnswer"),
        (timeline, "Part"),
        (timeline, "Entry"),
        (timeline, "Timeline"),
        (named, "Named"),
        (profile, "Identity"),
        (profile, "Profile"),
    ],
)
def test_no_field_of_the_library_is_left_out(module: object, name: str) -> None:
    ours = set(getattr(models_claims, name).model_fields)
    assert ours == {field.name for field in fields(getattr(module, name))}


@pytest.mark.parametrize(
    ("url", "status", "near"),
    [
        ("/things/place/amirabat", 404, ["place/amirabad"]),
        ("/conflicts?thing=Amirabat", 404, ["place/amirabad"]),
        ("/conflicts?kind=contradict", 404, ["contradicts"]),
        ("/origins?thing=Amirabat", 404, ["place/amirabad"]),
        ("/timeline?thing=Amirabat", 404, ["place/amirabad"]),
        ("/timeline", 422, None),
        ("/timeline?thing=", 422, None),
        ("/conflicts?limit=0", 422, None),
        ("/conflicts?limit=501", 422, None),
        ("/conflicts?skip=-1", 422, None),
        ("/origins?of=x", 422, None),
    ],
)
def test_what_is_unknown_or_wrong_is_told(
    client: Client, url: str, status: int, near: list[str] | None
) -> None:
    answer = client.get(url)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json().get("near") or [None])[:1] == (near or [None])


@pytest.mark.parametrize("path", ["/things/deal/su-35", "/conflicts", "/origins"])
def test_pages_of_other_sites_may_read_the_answers(client: Client, path: str) -> None:
    assert client.get(path).headers["access-control-allow-origin"] == "*"


def test_the_examples_stand_in_the_document(client: Client) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    folder = Path(models_claims.__file__).parent / "examples"
    for schema, name in (
        ("Profile", "thing"),
        ("ConflictAnswer", "conflicts"),
        ("OriginAnswer", "origins"),
        ("Timeline", "timeline"),
    ):
        kept = json.loads((folder / f"{name}.json").read_text("utf-8"))
        assert schemas[schema]["examples"] == [kept]
