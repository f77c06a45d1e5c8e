"""schemathesis: requests made from the OpenAPI document, good and bad, the same ones every time.

The document is a promise: no request ends in a 5xx, and each answer has a status, a media type and
a body that the document names.
"""

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.openapi import from_url
from schemathesis.schemas import BaseSchema

from api.app import create_app
from api.settings import Settings
from kg.store import OxigraphStore
from tests.clients.conftest import ASK, CONSTRUCT, DESCRIBE, SELECT, UPDATE, VIEW
from tests.running import Running

load_all_checks()
PROMISES = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
OPERATIONS = sorted(
    (path, method)
    for path, methods in create_app(Settings(), OxigraphStore()).openapi()["paths"].items()
    for method in methods
    if method in {"get", "post"}
)
MODES = {GenerationMode.POSITIVE: 50, GenerationMode.NEGATIVE: 20}
"""How many requests are made of each kind, besides the document's examples."""

QUERIES = (
    *(SELECT, ASK, CONSTRUCT, DESCRIBE, UPDATE),
    *("SELECT * {", "SELECT * { SERVICE <urn:a> { ?s ?p ?o } }"),
)
THINGS = ("Amirabad", "Makhachkala", "place/alabuga-sez", "transfer/uav-ir-ru", "actor/iran", "Ira")
KNOWN = {
    **dict.fromkeys(("from", "to", "thing", "id"), THINGS),
    **dict.fromkeys(("default-graph-uri", "named-graph-uri"), ([f"{VIEW}us"], ["urn:none"])),
    "query": QUERIES,
    "name": ("route-legs", "how-many-drones", "route-leg"),
    "view": ("us", "iran", "nobody"),
}
"""Values that mean something, for parameters that would otherwise hold noise."""

MET = {
    "/sparql": {200, 400, 403, 406},
    "/paths": {200, 404, 422},
    "/resolve": {200, 422},
    "/things/{id}": {200, 404, 422},
    "/conflicts": {200, 404, 422},
    "/origins": {200, 404, 422},
    "/timeline": {200, 404, 422},
    "/queries/{name}": {200, 404, 406, 422},
    # it escapes the slash in the example's id, and an escaped slash is another character
    "/id/{name}": {404, 422},
}
"""Statuses the requests to a path must have met, or they looked at little; else 200."""


@schemathesis.serializer("application/sparql-query")
def _sparql(_: object, value: object) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def document(service: Running) -> BaseSchema:
    return from_url(f"{service.url}/openapi.json")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_service_keeps_what_the_document_promises(
    document: BaseSchema, path: str, method: str
) -> None:
    operation = document[path][method]
    met: Counter[int] = Counter()
    for example in operation.get_strategies_from_examples():
        _ask_all(example, met, most=1)
    for mode, most in MODES.items():
        if mode is GenerationMode.NEGATIVE and not _has_input(operation):
            continue
        cases = operation.as_strategy(generation_mode=mode)
        if mode is GenerationMode.POSITIVE:
            cases = st.builds(_meaningful, cases, st.data())
        _ask_all(st.builds(_accepting, cases, _accept(operation)), met, most=most)
    assert met.keys() >= MET.get(path, {200}), met


def _ask_all(cases: st.SearchStrategy[Case], met: Counter[int], *, most: int) -> None:
    @settings(
        max_examples=most,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(case=cases)
    def ask(case: Case) -> None:
        answer = case.call()
        met[answer.status_code] += 1
        case.validate_response(answer, checks=PROMISES)

    ask()


def _has_input(operation: APIOperation) -> bool:
    return bool(operation.query or operation.path_parameters or operation.body)


def _accept(operation: APIOperation) -> st.SearchStrategy[str]:
    """Media types the document names for the answer, and some that it does not."""
    responses = operation.definition.raw["responses"]
    return st.sampled_from(["*/*", "image/png", *responses["200"]["content"]])


def _accepting(case: Case, accept: str) -> Case:
    case.headers["Accept"] = accept
    return case


def _meaningful(case: Case, data: st.DataObject) -> Case:
    """The case, most often with values that mean something."""
    if data.draw(st.integers(0, 3)) == 0:
        return case
    for given_values in (case.query, case.path_parameters, case.body):
        if isinstance(given_values, dict):
            for name in given_values.keys() & KNOWN.keys():
                given_values[name] = data.draw(st.sampled_from(KNOWN[name]))
    if isinstance(case.body, str):
        case.body = data.draw(st.sampled_from(QUERIES))
    return case
