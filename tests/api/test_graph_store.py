"""/graph: graphs whole, by their place, by their IRI, or the default one; and which there are."""

from urllib.parse import quote

import httpx
import pytest
from rdflib import RDF, VOID, Dataset, Namespace, URIRef

from api.app import create_app
from api.graph_store import LISTINGS
from api.offers import OFFERS
from api.settings import Settings
from kg.dumps import graph_sizes
from kg.formats import named
from kg.store import Store
from kg.vocab import GRAPH
from tests.api.conftest import Client, ServiceOver, triples_of
from tests.api.test_sparql import READERS

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VIEW = f"{GRAPH}view/us"
WAYS = {"by place": "/graph/view/us", "by IRI": f"/graph?graph={quote(VIEW, safe='')}"}
ODD = "http://ex/a%20b?c=é&d#e"
LINES = (
    "<urn:s> <urn:p> <urn:o> <urn:one> .",
    "<urn:s> <urn:p> <urn:o> <urn:two> .",
    '<urn:s> <urn:p> "two" <urn:two> .',
    f'<urn:s> <urn:p> "odd" <{ODD}> .',
    f'<urn:s> <urn:p> "encoded" <{GRAPH}a%20b> .',
)


@pytest.fixture
def few(service_over: ServiceOver) -> Client:
    return service_over(*LINES)


def triples(answer: httpx.Response) -> set[tuple[object, ...]]:
    return set(triples_of(answer))


@pytest.mark.parametrize("way", WAYS)
def test_a_graph_is_sent_whole(service: Client, graph: Store, way: str) -> None:
    answer = service.get(WAYS[way])
    asked = service.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{VIEW}> {{ ?s ?p ?o }} }}")
    assert triples(answer) == triples(asked)
    assert len(triples(answer)) == graph_sizes(graph)[VIEW] > 400


def test_the_default_graph_is_the_merge(few: Client) -> None:
    for search in ("default", "default="):
        assert len(triples(few.get(f"/graph?{search}"))) == 4


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:rdflib")
@pytest.mark.parametrize("search", ["graph=urn%3Atwo", "default"])
@pytest.mark.parametrize("media_type", [each.media_type for each in OFFERS["graph"]])
def test_each_format_holds_the_triples(few: Client, media_type: str, search: str) -> None:
    answer = few.get(f"/graph?{search}", headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert READERS[media_type](answer.content) == (2 if "two" in search else 4)


@pytest.mark.parametrize("name", ["nquads", "trig", "jsonld"])
@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:rdflib")
def test_a_format_of_quads_holds_them_without_the_name(few: Client, name: str) -> None:
    form = named(name)
    answer = few.get("/graph?graph=urn:two", headers={"Accept": form.media_type})
    syntax = {"jsonld": "json-ld"}.get(name, name)
    quads = [*Dataset().parse(data=answer.text, format=syntax).quads()]
    assert len(quads) == 2
    assert not [quad for quad in quads if "urn:two" in str(quad[3])]


def test_head_is_get_without_the_body(service: Client) -> None:
    for url in (*WAYS.values(), "/graph", "/graph?default"):
        get, head = service.get(url), service.request("HEAD", url)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == get.headers


def test_any_iri_can_be_asked_for(few: Client) -> None:
    assert len(triples(few.get(f"/graph?graph={quote(ODD, safe='')}"))) == 1
    # a percent sign of the name is one of the parameter, decoded once
    assert few.get("/graph?graph=http://ex/a%20b?c=%C3%A9%26d%23e").status_code == 404


ABSENT = {
    "by place": "/graph/view/uz",
    "by place, and no IRI": "/graph/view/u%20s",
    "by no place": "/graph/",
    "by IRI": "/graph?graph=urn:nowhere",
    "by IRI, which is none": "/graph?graph=urn:a%20b",
    "the endpoint": "/graph?graph=http://caspian.test/sparql",
}


@pytest.mark.parametrize("how", ABSENT)
def test_a_graph_that_is_not_there_is_404(service: Client, how: str) -> None:
    for method in ("GET", "HEAD"):
        answer = service.request(method, ABSENT[how])
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    problem = service.get(ABSENT[how]).json()
    assert problem["type"].endswith("/unknown-name")
    assert problem["near"]


WRONG = {
    "two graphs": "graph=urn:one&graph=urn:two",
    "one graph twice": "graph=urn:one&graph=urn:one",
    "a graph and the default graph": "graph=urn:one&default",
    "no graph": "graph=",
    "a relative IRI": "graph=view/us",
    "bytes that are no text": "graph=%FF",
    "too many parameters": "a=1&" * 101,
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_request_is_400(few: Client, what: str) -> None:
    answer = few.get(f"/graph?{WRONG[what]}")
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/malformed-request")


@pytest.mark.parametrize("url", [*WAYS.values(), "/graph?default"])
def test_what_cannot_be_served_is_406(service: Client, url: str) -> None:
    answer = service.get(url, headers={"Accept": "text/csv, application/json"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == [each.media_type for each in OFFERS["graph"]]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("url", [*WAYS.values(), "/graph?default", "/graph", "/graph/new"])
def test_nothing_is_written(service: Client, graph: Store, method: str, url: str) -> None:
    before = graph_sizes(graph)
    headers = {"Content-Type": "text/turtle"}
    answer = service.request(method, url, content=b"<urn:a> <urn:b> <urn:c> .", headers=headers)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "caspian build" in answer.json()["detail"]
    assert graph_sizes(graph) == before


@pytest.mark.parametrize(
    ("url", "option"), [*((url, " --graph view/us") for url in WAYS.values()), ("?default", "")]
)
def test_a_graph_past_the_limit_is_an_error_and_says_how_to_get_it(
    graph: Store, url: str, option: str
) -> None:
    service = Client(create_app(Settings(answer_bytes=5_000), graph))
    answer = service.get(url if url.startswith("/") else f"/graph{url}")
    assert answer.status_code == 403
    problem = answer.json()
    assert problem["type"].endswith("/graph-too-large")
    assert problem["limit"] == 5_000
    assert f"caspian export{option} --format" in problem["detail"]
    assert triples(service.get("/graph/view/iran"))  # which is shorter


# -- the list


def test_the_graphs_are_listed_with_their_sizes(service: Client, graph: Store) -> None:
    answer = service.get("/graph")
    assert answer.headers["content-type"] == "application/json"
    listed = answer.json()
    assert {each["graph"]: each["triples"] for each in listed["graphs"]} == graph_sizes(graph)
    assert "The United States" in {each["label"] for each in listed["graphs"]}
    assert listed["default"]["triples"] > 20_000


def test_each_graph_is_where_the_list_says(few: Client) -> None:
    listed = few.get("/graph").json()
    assert len(listed["graphs"]) == 4
    for each in (listed["default"], *listed["graphs"]):
        assert len(triples(few.get(each["url"]))) == each["triples"]
    urls = {each["graph"]: each["url"] for each in listed["graphs"]}
    assert "?graph=" in urls[f"{GRAPH}a%20b"]


def test_a_graph_of_ours_is_at_its_own_place(service: Client) -> None:
    for each in service.get("/graph").json()["graphs"]:
        assert each["url"] == each["graph"].replace(GRAPH, "http://caspian.test/graph/")


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:rdflib")
@pytest.mark.parametrize("media_type", LISTINGS[1:])
def test_the_list_is_to_be_had_as_rdf(service: Client, graph: Store, media_type: str) -> None:
    answer = service.get("/graph", headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    found = triples_of(answer)
    sizes = {
        str(name): int(str(found.value(name, VOID.triples)))
        for name in found.objects(None, SD.name)
    }
    assert sizes == graph_sizes(graph)
    assert len([*found.subjects(RDF.type, SD.NamedGraph)]) == len(sizes)


def test_a_list_that_cannot_be_served_is_406(service: Client) -> None:
    answer = service.get("/graph", headers={"Accept": "text/csv"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == [*LISTINGS]


def test_a_list_past_the_limit_is_an_error(service_over: ServiceOver) -> None:
    assert service_over(*LINES, answer_bytes=100).get("/graph").status_code == 403


@pytest.mark.parametrize("url", ["/graph", "/graph?default", "/graph/view/us"])
def test_what_is_sent_says_where_it_is_described(service: Client, url: str) -> None:
    answer = service.get(url)
    assert answer.headers["link"] == '<http://caspian.test/.well-known/void>; rel="describedby"'
    assert answer.headers["access-control-allow-origin"] == "*"
    described = triples_of(service.get("http://caspian.test/.well-known/void"))
    assert URIRef(VIEW) in set(described.subjects())
