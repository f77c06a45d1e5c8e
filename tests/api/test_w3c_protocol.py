"""The W3C's tests of the SPARQL 1.1 Protocol; its updates are refused here, as a service may."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from api.offers import OFFERS
from tests.api.conftest import Client, ServiceOver

CASES = Path(__file__).parents[3] / "shared/w3c/sparql/sparql11/protocol"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
HTS = "http://www.w3.org/2011/http-statusCodes#"
CNT = Namespace("http://www.w3.org/2011/content#")
KINDS = {"boolean": "ask", "tabular": "select", "RDF": "graph"}


class Case(NamedTuple):
    """A request of the manifest and what it must get."""

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[str]
    format: str
    boolean: bool | None

    @property
    def updates(self) -> bool:
        return "update" in self.name and b"ASK" not in self.body


def cases() -> Iterator[Case]:
    manifest = Graph().parse(CASES / "manifest.ttl")
    (entries,) = manifest.objects(None, MF.entries)
    for test in Collection(manifest, entries):
        (requests,) = manifest.objects(manifest.value(test, MF.action), HT.requests)
        for request in Collection(manifest, requests):
            yield _case(manifest, str(test).rpartition("#")[2], request)


def _case(manifest: Graph, name: str, request: Node) -> Case:
    def text(subject: Node | None, predicate: Node) -> str:
        return str(manifest.value(subject, predicate) or "")

    listed = manifest.value(request, HT.headers)
    headers = [*Collection(manifest, listed)] if listed else []
    body, expected = manifest.value(request, HT.body), manifest.value(request, HT.resp)
    boolean = manifest.value(expected, MF.expectedBoolean)
    return Case(
        name,
        text(request, HT.methodName),
        text(request, HT.absolutePath).replace("/sparql/", "/sparql", 1),
        {text(each, HT.fieldName): text(each, HT.fieldValue) for each in headers},
        text(body, CNT.chars).encode(text(body, CNT.characterEncoding) or "utf-8"),
        frozenset(
            str(status).removeprefix(f"{HTS}StatusCode")
            for status in manifest.objects(expected, MF.expectedStatus)
        ),
        text(expected, MF.expectedFormat),
        None if boolean is None else bool(boolean.toPython()),
    )


ALL = [*cases()] if CASES.is_dir() else []
pytestmark = pytest.mark.skipif(
    not ALL, reason=f"the W3C's protocol tests are not at hand: {CASES}"
)


@pytest.fixture
def service(service_over: ServiceOver) -> Client:
    lines = []
    for number in (1, 2, 3):
        triple = (CASES / f"data{number}.nt").read_text("utf-8").strip(" .\n")
        lines.append(f"{triple} <http://kasei.us/2009/09/sparql/data/data{number}.rdf> .")
    return service_over(*lines)


def ask(service: Client, case: Case) -> httpx.Response:
    return service.request(case.method, case.path, headers=case.headers, content=case.body)


QUERIES = [pytest.param(case, id=case.name) for case in ALL if not case.updates]


@pytest.mark.parametrize("case", QUERIES)
def test_a_query_is_answered_as_the_w3c_says(service: Client, case: Case) -> None:
    answer = ask(service, case)
    assert f"{answer.status_code // 100}xx" in case.statuses
    if case.format:
        offered = {each.media_type for each in OFFERS[KINDS[case.format]]}
        assert answer.headers["content-type"].partition(";")[0] in offered
    if case.boolean is not None and "update" not in case.name:
        assert answer.json()["boolean"] is case.boolean


@pytest.mark.parametrize("case", [case for case in ALL if case.updates], ids=lambda case: case.name)
def test_an_update_is_refused(service: Client, case: Case) -> None:
    assert ask(service, case).status_code in {400, 403, 415}


def test_the_whole_manifest_is_here() -> None:
    assert len({case.name for case in ALL}) >= 34
    assert sum(not case.updates for case in ALL) >= 20
