"""The OpenAPI document: sound, and its examples are answers of the real graph."""

import json
from typing import Any

import pytest

from api.examples import example
from api.offers import OFFERS
from tests.api.conftest import Client

EXAMPLES = {
    "paths": "/paths?from=Amirabad&to=Makhachkala&view=us",
    "resolve": "/resolve?q=Sisha",
    "problem": "/paths?from=Amirabat&to=Makhachkala",
    "conflicts": "/conflicts?thing=place/alabuga-sez&limit=2",
    "origins": "/origins?thing=deal/su-35",
    "timeline": "/timeline?thing=transfer/components-ru-ir",
    "thing": "/things/leg/makhachkala-seshcha?view=us",
}


@pytest.fixture(scope="module")
def document(service: Client) -> dict[str, Any]:
    found: dict[str, Any] = service.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_the_service_answers(service: Client, name: str) -> None:
    told = (
        "renew it from a running service: curl -s 'http://127.0.0.1:8000"
        f"{EXAMPLES[name]}' | python -m json.tool --no-ensure-ascii > api/examples/{name}.json"
    )
    assert example(name) == service.get(EXAMPLES[name]).json(), told


def test_the_examples_stand_in_the_document(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Answer"]["examples"] == [example("paths")]
    assert schemas["Problem"]["examples"] == [example("problem")]


def test_the_document_is_sound(document: dict[str, Any]) -> None:
    from jsonschema import Draft202012Validator

    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = [operation["operationId"] for _, _, operation in operations(document)]
    told = ["thing", "conflicts", "origins", "timeline"]
    told += ["described_thing", "described_claim_property", "described_value_property"]
    told += ["whole_ontology", "ontology_in_a_form", "part_of_the_ontology"]
    told += ["all_shapes", "shapes_in_a_form", "part_of_the_shapes"]
    graphs = ["graph_store", "named_graph", "describe_dataset"]
    state = ["healthz", "readyz", "metrics"]
    asked = [
        "query",
        "query_by_post",
        *graphs,
        "paths",
        "paths_by_post",
        "resolve",
        *told,
        "validate",
        "queries",
        "answer",
        *state,
    ]
    assert names == asked
    references = set(json.dumps(document).split('"$ref": "')[1:])
    for reference in references:
        assert reference.partition('"')[0].rpartition("/")[2] in document["components"]["schemas"]


def test_every_problem_is_a_problem(document: dict[str, Any]) -> None:
    seen = 0
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if status not in {"200", "304"}:
                seen += 1
                pages = {"text/html"} if status == "404" else set()
                assert set(response["content"]) - pages == {"application/problem+json"}
                assert len(response["description"]) > 10
    assert seen >= 19


def test_every_format_is_documented(document: dict[str, Any]) -> None:
    offered = {each.media_type for kind in ("select", "graph") for each in OFFERS[kind]}
    for path, method in (("/sparql", "get"), ("/sparql", "post"), ("/queries/{name}", "get")):
        documented = document["paths"][path][method]["responses"]["200"]["content"]
        assert set(documented) == offered


def test_every_field_and_parameter_is_explained(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        assert schema["description"]
        assert all("description" in field for field in schema["properties"].values())
    for _, _, operation in operations(document):
        assert operation["description"]
        for parameter in operation.get("parameters", ()):
            assert parameter["description"]
            assert parameter["schema"]["examples"]


def test_the_examples_of_parameters_give_answers(document: dict[str, Any], service: Client) -> None:
    for method, path, operation in operations(document):
        if method != "get":
            continue
        given = {
            each["name"]: each["schema"]["examples"][0]
            for each in operation.get("parameters", ())
            if each["name"] != "default"  # it stands alone: see test_graph_store.py
        }
        url = path.format(**given)
        query = {name: value for name, value in given.items() if f"{{{name}}}" not in path}
        answer = service.get(url, params=query)
        assert answer.status_code == 200, (path, answer.text)
        if "json" in answer.headers["content-type"]:
            assert answer.json() not in ([], {})
        elif path == "/metrics":
            assert answer.text.startswith("# HELP caspian_")
        else:
            assert b"@prefix" in answer.content
        if path == "/sparql":
            assert answer.json()["results"]["bindings"]


def test_no_answer_breaks_the_document(document: dict[str, Any], service: Client) -> None:
    from jsonschema import Draft202012Validator

    def check(body: object, schema: object) -> None:
        Draft202012Validator({"$ref": "#/s", "s": schema, **document}).validate(body)

    for path in ("/paths", "/queries", "/graph", "/healthz"):
        parameters = {"from": "Amirabad", "to": "Makhachkala"} if path == "/paths" else {}
        answer = service.get(path, params=parameters)
        content = document["paths"][path]["get"]["responses"]["200"]["content"]
        check(answer.json(), content["application/json"]["schema"])
    problem = {"$ref": "#/components/schemas/Problem"}
    for url in ("/nowhere", "/paths", "/paths?from=x&to=y", "/sparql?query="):
        check(service.get(url).json(), problem)
