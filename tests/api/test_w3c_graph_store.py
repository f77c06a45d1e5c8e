"""The W3C's tests of the SPARQL 1.1 Graph Store Protocol: what reads is answered, writes are not.

Their requests write a graph and read it again. Here the graph is there from the start, with the
content that the reading must find; the requests that write get 405.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node

from kg.vocab import GRAPH
from tests.api.conftest import ServiceOver

CASES = Path(__file__).parents[3] / "shared/w3c/sparql/sparql11/graph-store-protocol"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
HTS = "http://www.w3.org/2011/http-statusCodes#"
CNT = Namespace("http://www.w3.org/2011/content#")
STATUSES = {"OK": 200, "NotFound": 404}


class Case(NamedTuple):
    """A request, what it must get, and which graphs there must be before it."""

    name: str
    method: str
    path: str
    statuses: frozenset[str]
    content: str
    graphs: dict[str, str]

    @property
    def reads(self) -> bool:
        return self.method in {"GET", "HEAD"}


def cases() -> Iterator[Case]:
    for name in ("manifest-direct.ttl", "manifest-indirect.ttl"):
        manifest = Graph().parse(CASES / name)
        (entries,) = manifest.objects(None, MF.entries)
        for test in Collection(manifest, entries):
            (requests,) = manifest.objects(manifest.value(test, MF.action), HT.requests)
            yield from _cases(manifest, str(test).rpartition("#")[2], requests)


def _cases(manifest: Graph, name: str, requests: Node) -> Iterator[Case]:
    written: dict[str, str] = {}
    for number, request in enumerate(Collection(manifest, requests)):
        expected = manifest.value(request, HT.resp)
        path = str(manifest.value(request, HT.absolutePath))
        path = path.replace("/gsp", "/graph", 1).replace("$LOCATION$", "http://www.example/made")
        statuses = manifest.objects(expected, MF.expectedStatus)
        case = Case(
            f"{name}-{number}",
            str(manifest.value(request, HT.methodName)),
            path,
            frozenset(str(status).removeprefix(HTS) for status in statuses),
            _chars(manifest, expected),
            {},
        )
        if case.method == "PUT":
            written[asked(path)] = _chars(manifest, request)
        if case.method == "DELETE":
            written.pop(asked(path), None)
        if case.reads and case.content:
            written[asked(path)] = case.content
        yield case._replace(graphs=dict(written))


def _chars(manifest: Graph, message: Node | None) -> str:
    body = manifest.value(message, HT.body)
    return str(manifest.value(body, CNT.chars) or "")


def asked(path: str) -> str:
    """The graph of a request: of its path, of its parameter, or any where it is the default."""
    url = urlsplit(path)
    if not url.query:
        return path.replace("/graph/", GRAPH)
    return parse_qs(url.query, keep_blank_values=True).get("graph", ["urn:any"])[0]


ALL = [*cases()] if CASES.is_dir() else []
pytestmark = pytest.mark.skipif(
    not ALL, reason=f"the W3C's graph store tests are not at hand: {CASES}"
)


def lines(name: str, content: str) -> Iterator[str]:
    graph = Graph().parse(data=content, format="turtle").skolemize(authority="http://www.example")
    for triple in graph:
        yield f"{' '.join(term.n3() for term in triple)} <{name}> ."


@pytest.mark.parametrize("case", [case for case in ALL if case.reads], ids=lambda case: case.name)
def test_a_graph_is_read_as_the_w3c_says(service_over: ServiceOver, case: Case) -> None:
    held = [line for name, content in case.graphs.items() for line in lines(name, content)]
    answer = service_over(*held).request(
        case.method, case.path, headers={"Accept": "text/turtle; charset=utf-8"}
    )
    assert answer.status_code in {STATUSES[status] for status in case.statuses}
    if answer.status_code == 200:
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    if case.content:
        found = Graph().parse(data=answer.text, format="turtle").de_skolemize()
        assert isomorphic(found, Graph().parse(data=case.content, format="turtle"))


@pytest.mark.parametrize(
    "case", [case for case in ALL if not case.reads], ids=lambda case: case.name
)
def test_a_write_is_refused(service_over: ServiceOver, case: Case) -> None:
    held = [line for name, content in case.graphs.items() for line in lines(name, content)]
    answer = service_over(*held).request(case.method, case.path, content=b"")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_both_manifests_are_here() -> None:
    assert len(ALL) >= 37
    assert sum(case.reads for case in ALL) >= 17
    assert sum(bool(case.content) for case in ALL) >= 12
