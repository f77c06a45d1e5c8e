"""/sparql: each way to ask × each form of query × each format, each body read as what it says."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from urllib.parse import quote, quote_from_bytes, urlencode
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import XSD, Dataset, Graph

from api.app import create_app
from api.evaluation import Question, evaluate
from api.offers import OFFERS
from api.settings import Settings
from kg.store import Dataset as Graphs
from kg.store import OxigraphStore
from kg.vocab import CAS
from tests.api.conftest import Client, ServiceOver

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
DATA = (
    f'<http://ex/a%20b> {LABEL} "a, \\"quoted\\"\\nlabel" <http://ex/one> .',
    f'<http://ex/a> {LABEL} "één"@nl <http://ex/one> .',
    f'<http://ex/a> <http://ex/count> "7"^^<{XSD.integer}> <http://ex/two> .',
)
FORMS = {
    "select": "SELECT ?s ?o ?no { ?s ?p ?o OPTIONAL { ?s <http://ex/no> ?no } } ORDER BY ?s ?o",
    "ask": "ASK { <http://ex/a> <http://ex/count> 7 }",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "describe": "DESCRIBE <http://ex/a>",
}
KINDS = {"select": "select", "ask": "ask", "construct": "graph", "describe": "graph"}
SIZES = {"select": 3, "ask": True, "construct": 3, "describe": 2}

Pairs = Sequence[tuple[str, str]]
Ask = Callable[..., httpx.Response]


def by_get(service: Client, query: str, *, graphs: Pairs = (), **headers: str) -> httpx.Response:
    return service.get(f"/sparql?{urlencode([('query', query), *graphs])}", headers=headers)


def by_form(service: Client, query: str, *, graphs: Pairs = (), **headers: str) -> httpx.Response:
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode([("query", query), *graphs])
    return service.post("/sparql", content=body, headers=headers)


def by_body(service: Client, query: str, *, graphs: Pairs = (), **headers: str) -> httpx.Response:
    headers["Content-Type"] = "application/sparql-query"
    url = f"/sparql?{urlencode(graphs)}" if graphs else "/sparql"
    return service.post(url, content=query.encode(), headers=headers)


WAYS: dict[str, Ask] = {"GET": by_get, "form": by_form, "direct": by_body}


def _solutions(text: str, delimiter: str) -> int:
    return len([*csv.reader(io.StringIO(text), delimiter=delimiter)]) - 1


def _json(body: bytes) -> int | bool:
    found = json.loads(body)
    return found["boolean"] if "boolean" in found else len(found["results"]["bindings"])


def _xml(body: bytes) -> int | bool:
    results = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(body)  # noqa: S314 -- our own answer
    boolean = root.find(f"{results}boolean")
    if boolean is not None:
        return {"true": True, "false": False}[str(boolean.text)]
    return len(root.findall(f"{results}results/{results}result"))


def _triples(syntax: str) -> Callable[[bytes], int]:
    return lambda body: len(Graph().parse(data=body, format=syntax))


def _quads(syntax: str) -> Callable[[bytes], int]:
    return lambda body: sum(1 for _ in Dataset().parse(data=body, format=syntax).quads())


READERS: dict[str, Callable[[bytes], int | bool]] = {
    "application/sparql-results+json": _json,
    "application/json": _json,
    "application/sparql-results+xml": _xml,
    "text/csv": lambda body: _solutions(body.decode(), ","),
    "text/tab-separated-values": lambda body: len(body.decode().splitlines()) - 1,
    "text/turtle": _triples("turtle"),
    "application/n-triples": _triples("nt"),
    "application/rdf+xml": _triples("xml"),
    "application/n-quads": _quads("nquads"),
    "application/trig": _quads("trig"),
    "application/ld+json": _quads("json-ld"),
}
CELLS = [
    (way, form, each.media_type)
    for way in WAYS
    for form, kind in KINDS.items()
    for each in OFFERS[kind]
]
ELSEWHERE = [
    (form, media_type)
    for form, kind in KINDS.items()
    for media_type in [*READERS, "text/html", "image/png"]
    if media_type not in {each.media_type for each in OFFERS[kind]}
]


@pytest.fixture
def service(service_over: ServiceOver) -> Client:
    return service_over(*DATA)


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:rdflib")
@pytest.mark.parametrize(("way", "form", "media_type"), CELLS)
def test_each_format_holds_what_it_says(
    service: Client, way: str, form: str, media_type: str
) -> None:
    answer = WAYS[way](service, FORMS[form], Accept=media_type)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert READERS[media_type](answer.content) == SIZES[form]


def test_there_are_enough_cells() -> None:
    assert len(CELLS) >= 3 * (5 + 3 + 6 + 6)
    assert len(ELSEWHERE) >= 30


@pytest.mark.parametrize(("form", "media_type"), ELSEWHERE)
def test_what_cannot_be_served_is_406_and_says_what_can(
    service: Client, form: str, media_type: str
) -> None:
    answer = by_get(service, FORMS[form], Accept=media_type)
    assert answer.status_code == 406
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["offered"] == [each.media_type for each in OFFERS[KINDS[form]]]


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("select", "application/sparql-results+json"),
        ("ask", "application/sparql-results+json"),
        ("construct", "text/turtle"),
        ("describe", "text/turtle"),
    ],
)
def test_who_names_no_format_gets_the_first(service: Client, form: str, media_type: str) -> None:
    for accept in ("*/*", ""):
        answer = by_get(service, FORMS[form], Accept=accept)
        assert answer.headers["content-type"].partition(";")[0] == media_type


def test_accept_may_be_spread_over_lines(service: Client) -> None:
    lines = [("accept", "text/csv;q=0.1"), ("accept", "text/tab-separated-values;q=0.2")]
    answer = service.get("/sparql", params={"query": FORMS["select"]}, headers=lines)
    assert answer.headers["content-type"].startswith("text/tab-separated-values")


@pytest.mark.parametrize("way", WAYS)
def test_a_query_is_decoded_once(service: Client, way: str) -> None:
    answer = WAYS[way](service, f"SELECT ?o {{ <http://ex/a%20b> {LABEL} ?o }}")
    found = answer.json()["results"]["bindings"]
    assert [row["o"]["value"] for row in found] == ['a, "quoted"\nlabel']


@pytest.mark.parametrize("way", WAYS)
def test_a_query_may_hold_any_character(service: Client, way: str) -> None:
    text = "é 漢 🛩 + & = % ; %2B"
    answer = WAYS[way](service, f'SELECT ("{text}" AS ?x) {{}}')
    assert answer.json()["results"]["bindings"][0]["x"]["value"] == text


@pytest.mark.parametrize("way", WAYS)
def test_graphs_given_beside_the_query_are_the_ones_asked(service: Client, way: str) -> None:
    def count(query: str, *graphs: tuple[str, str]) -> int:
        return len(WAYS[way](service, query, graphs=graphs).json()["results"]["bindings"])

    everything = "SELECT * { ?s ?p ?o }"
    one, two = ("default-graph-uri", "http://ex/one"), ("default-graph-uri", "http://ex/two")
    assert count(everything) == 3
    assert count(everything, one) == 2
    assert count(everything, two) == 1
    assert count(everything, one, two) == 3
    assert count(everything, ("default-graph-uri", "http://ex/nowhere")) == 0
    # SPARQL 1.1 Protocol, section 2.1.4: they win over the query's own
    assert count("SELECT * FROM <http://ex/one> { ?s ?p ?o }", two) == 1
    within = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
    assert count(within) == 3
    assert count(within, ("named-graph-uri", "http://ex/two")) == 1
    assert count(everything, ("named-graph-uri", "http://ex/two")) == 0


def test_a_form_may_put_its_graphs_in_the_url(service: Client) -> None:
    answer = service.post(
        "/sparql?default-graph-uri=http%3A%2F%2Fex%2Fone", data={"query": "SELECT * { ?s ?p ?o }"}
    )
    assert len(answer.json()["results"]["bindings"]) == 2


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
GOOD = quote("ASK {}")
REFUSED: dict[str, tuple[int, str, str, str, dict[str, str], bytes]] = {
    # what is wrong: status, kind, then the request
    "no query": (400, "malformed-request", "GET", "?default-graph-uri=urn:g", {}, b""),
    "no query in a form": (400, "malformed-request", "POST", "", FORM, b"q=1"),
    "two queries": (400, "malformed-request", "GET", f"?query={GOOD}&query={GOOD}", {}, b""),
    "two queries in a form": (
        *(400, "malformed-request", "POST", ""),
        *(FORM, f"query={GOOD}&query={GOOD}".encode()),
    ),
    "a query in the URL and one in the form": (
        *(400, "malformed-request", "POST", f"?query={GOOD}"),
        *(FORM, f"query={GOOD}".encode()),
    ),
    "a query in the URL and one as the body": (
        *(400, "malformed-request", "POST", f"?query={GOOD}", DIRECT, b"ASK {}"),
    ),
    "a query that is not UTF-8": (400, "malformed-request", "GET", "?query=ASK%20%FF", {}, b""),
    "a form that is not UTF-8": (400, "malformed-request", "POST", "", FORM, b"query=%FF"),
    "a form that is not escaped": (400, "malformed-request", "POST", "", FORM, "query=é".encode()),
    "a body that is not UTF-8": (400, "malformed-request", "POST", "", DIRECT, b"ASK \xff"),
    "too many parameters": (400, "malformed-request", "GET", "?" + "a=1&" * 101, {}, b""),
    "an empty query": (400, "query-syntax", "GET", "?query=", {}, b""),
    "a wrong query": (400, "query-syntax", "GET", "?query=SELECT", {}, b""),
    "a wrong query in a form": (400, "query-syntax", "POST", "", FORM, b"query=SELECT"),
    "a wrong query as the body": (400, "query-syntax", "POST", "", DIRECT, b"SELECT"),
    "a graph that is no IRI": (
        *(400, "query", "GET", f"?query={GOOD}&default-graph-uri=no%20iri", {}, b""),
    ),
    "a query past a limit of the guard": (400, "query", "POST", "", DIRECT, b"(" * 20_000),
    "update as a parameter": (403, "query-refused", "GET", "?update=CLEAR%20ALL", {}, b""),
    "update in a form": (403, "query-refused", "POST", "", FORM, b"update=CLEAR%20ALL"),
    "update beside a query": (
        *(403, "query-refused", "POST", "", FORM, f"query={GOOD}&update=CLEAR%20ALL".encode()),
    ),
    "update as the body": (
        *(403, "query-refused", "POST", ""),
        *({"Content-Type": "application/sparql-update"}, b"CLEAR ALL"),
    ),
    "an update sent as a query": (403, "query-refused", "POST", "", DIRECT, b"CLEAR ALL"),
    "no content type": (415, "unsupported-media-type", "POST", "", {}, b"ASK {}"),
    "a content type that is none": (
        *(415, "unsupported-media-type", "POST", "", {"Content-Type": "query"}, b"ASK {}"),
    ),
    "another content type": (
        *(415, "unsupported-media-type", "POST", ""),
        *({"Content-Type": "application/json"}, b'{"query": "ASK {}"}'),
    ),
    "a multipart form": (
        *(415, "unsupported-media-type", "POST", ""),
        *({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--"),
    ),
    "another character set": (
        *(415, "unsupported-media-type", "POST", ""),
        *(
            {"Content-Type": "application/sparql-query; charset=UTF-16"},
            "ASK {}".encode("utf-16"),
        ),
    ),
    "a packed body": (
        *(415, "unsupported-media-type", "POST", ""),
        *({**DIRECT, "Content-Encoding": "gzip"}, b"\x1f\x8b"),
    ),
    "a method that is not answered": (405, "method-not-allowed", "PUT", "?query=ASK", {}, b""),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_wrong_request_is_told_what_is_wrong(service: Client, wrong: str) -> None:
    status, kind, method, search, headers, content = REFUSED[wrong]
    answer = service.request(method, f"/sparql{search}", headers=headers, content=content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith(f"/{kind}")
    assert problem["status"] == status
    assert problem["detail"]


def test_enough_is_wrong() -> None:
    assert len(REFUSED) >= 28


@pytest.mark.parametrize("way", ["form", "direct"])
@pytest.mark.parametrize(
    "content_type", ["; charset=utf-8", ';charset="UTF-8"', " ; Charset=Utf-8 ; x=y"]
)
def test_content_types_may_say_utf_8(service: Client, way: str, content_type: str) -> None:
    sent = {"form": (FORM, f"query={GOOD}"), "direct": (DIRECT, "ASK {}")}
    headers, body = sent[way]
    kind = headers["Content-Type"].upper() + content_type
    answer = service.post("/sparql", content=body, headers={"Content-Type": kind})
    assert answer.json()["boolean"] is True


def test_a_content_encoding_that_changes_nothing_is_taken(service: Client) -> None:
    headers = {**DIRECT, "Content-Encoding": "Identity"}
    assert service.post("/sparql", content=b"ASK {}", headers=headers).status_code == 200


def test_a_415_says_what_is_read(service: Client) -> None:
    answer = service.post("/sparql", content=b"x", headers={"Content-Type": "text/plain"})
    assert answer.json()["supported"] == [FORM["Content-Type"], DIRECT["Content-Type"]]
    assert answer.headers["accept-encoding"] == "identity"


def test_a_syntax_error_says_where(service: Client) -> None:
    assert "line 1, column" in service.query("SELECT ?x WHERE { ?x").json()["detail"]


def test_head_is_get_without_the_body(service: Client) -> None:
    url = f"/sparql?query={quote(FORMS['select'])}"
    get, head = service.get(url), service.request("HEAD", url)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers
    assert int(head.headers["content-length"]) == len(get.content)
    assert service.request("HEAD", "/sparql?q=1").status_code == 400


def test_options_says_what_is_answered(service: Client) -> None:
    answer = service.request("OPTIONS", "/sparql")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, POST, QUERY, HEAD, OPTIONS"


def test_a_405_says_what_is_answered(service: Client) -> None:
    assert service.request("PUT", "/sparql").headers["allow"] == "GET, POST, QUERY, HEAD, OPTIONS"
    assert service.post("/timeline").headers["allow"] == "GET, HEAD, OPTIONS"
    assert service.request("PUT", "/paths").headers["allow"] == "GET, POST, HEAD, OPTIONS"


def test_a_slash_too_many_is_no_page(service: Client) -> None:
    assert service.get("/sparql/?query=ASK%20%7B%7D").status_code == 404


def test_turtle_has_the_prefixes_of_the_project(service_over: ServiceOver) -> None:
    line = f"<urn:a> <{CAS}near> <urn:b> <urn:g> ."
    answer = service_over(line).query("CONSTRUCT WHERE { ?s ?p ?o }", Accept="text/turtle")
    assert f"@prefix cas: <{CAS}> ." in answer.text
    assert "cas:near" in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_too_long_is_an_error_and_no_stump(service_over: ServiceOver, form: str) -> None:
    service = service_over(*DATA, answer_bytes=10)
    answer = service.query(FORMS[form])
    assert answer.status_code == 400
    assert "larger than 10 bytes" in answer.json()["detail"]


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode), is_form=st.booleans())
def test_no_bytes_make_the_service_fail(body: bytes, is_form: bool) -> None:  # noqa: FBT001
    service = Client(create_app(Settings(), OxigraphStore()))
    sent = b"query=" + quote_from_bytes(body).encode() if is_form else body
    answer = service.post("/sparql", content=sent, headers=FORM if is_form else DIRECT)
    assert answer.status_code in {200, 400, 403}


@settings(max_examples=100, deadline=None)
@given(query=st.text("SELECT*?{}<>\"'\\\n:;.,#()u0041", max_size=40))
def test_no_text_makes_the_service_fail(query: str) -> None:
    service = Client(create_app(Settings(), OxigraphStore()))
    assert service.query(query).status_code in {200, 400, 403}


def test_an_evaluation_needs_no_http() -> None:
    question = Question("ASK {}", Graphs(), "application/json")
    result = evaluate(OxigraphStore(), question, most=100)
    assert (result.media_type, json.loads(result.body)["boolean"]) == ("application/json", True)
