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
EVERYTHING = "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"
KINDS = {"boolean": "ask", "tabular": "select", "RDF": "graph"}


class Sent(NamedTuple):
    """A request of the manifest and what it must get."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[str]
    format: str
    boolean: bool | None


class Case(NamedTuple):
    """An entry of the manifest: requests to be sent one after the other."""

    name: str
    requests: tuple[Sent, ...]

    @property
    def updates(self) -> bool:
        return "update" in self.name


def cases() -> Iterator[Case]:
    manifest = Graph().parse(CASES / "manifest.ttl")
    (entries,) = manifest.objects(None, MF.entries)
    for test in Collection(manifest, entries):
        (requests,) = manifest.objects(manifest.value(test, MF.action), HT.requests)
        sent = (_sent(manifest, request) for request in Collection(manifest, requests))
        yield Case(str(test).rpartition("#")[2], tuple(sent))


def _sent(manifest: Graph, request: Node) -> Sent:
    def text(subject: Node | None, predicate: Node) -> str:
        return str(manifest.value(subject, predicate) or "")

    listed = manifest.value(request, HT.headers)
    headers = [*Collection(manifest, listed)] if listed else []
    body, expected = manifest.value(request, HT.body), manifest.value(request, HT.resp)
    boolean = manifest.value(expected, MF.expectedBoolean)
    return Sent(
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
QUERIES = [pytest.param(case, id=case.name) for case in ALL if not case.updates]
UPDATES = [pytest.param(case, id=case.name) for case in ALL if case.updates]


@pytest.fixture
def service(service_over: ServiceOver) -> Client:
    lines = []
    for number in (1, 2, 3):
        triple = (CASES / f"data{number}.nt").read_text("utf-8").strip(" .\n")
        lines.append(f"{triple} <http://kasei.us/2009/09/sparql/data/data{number}.rdf> .")
    return service_over(*lines)


def ask(service: Client, sent: Sent) -> httpx.Response:
    return service.request(sent.method, sent.path, headers=sent.headers, content=sent.body)


@pytest.mark.parametrize("case", QUERIES)
def test_a_query_is_answered_as_the_w3c_says(service: Client, case: Case) -> None:
    for sent in case.requests:
        answer = ask(service, sent)
        assert f"{answer.status_code // 100}xx" in sent.statuses
        if sent.format:
            offered = {each.media_type for each in OFFERS[KINDS[sent.format]]}
            assert answer.headers["content-type"].partition(";")[0] in offered
        if sent.boolean is not None:
            assert answer.json()["boolean"] is sent.boolean


@pytest.mark.parametrize("case", UPDATES)
def test_an_update_is_refused_and_writes_nothing(service: Client, case: Case) -> None:
    before = service.query(EVERYTHING).json()
    for sent in case.requests:
        answer = ask(service, sent)
        if sent.boolean is not None:  # an ASK for what was to be written
            assert answer.status_code == 200
        else:
            assert answer.status_code in {400, 403, 415}
            assert answer.headers["content-type"] == "application/problem+json"
    assert service.query(EVERYTHING).json() == before
    assert len(before["results"]["bindings"]) == 3


def test_an_update_the_protocol_knows_is_403(service: Client) -> None:
    good = [case for case in ALL if case.name.startswith("update_")]
    assert len(good) == 7
    for case in good:
        assert ask(service, case.requests[0]).status_code == 403, case.name


def test_the_whole_manifest_is_here() -> None:
    assert len({case.name for case in ALL}) == len(ALL) >= 34
    assert len(QUERIES) >= 20
    assert len(UPDATES) >= 14
