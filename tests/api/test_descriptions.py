"""What the service says of itself and of its data, and where it says it is."""

import pytest
from rdflib import DCAT, RDF, VOID, Graph, Literal, Namespace, URIRef

from api.app import create_app
from api.descriptions import dataset_description, service_description
from api.errors import GraphTooLargeError, NotAcceptableError
from api.settings import Settings
from kg.description import DATASET, DEFAULT_GRAPH
from kg.dumps import graph_sizes
from kg.formats import GRAPH_FORMATS, RESULT_FORMATS
from kg.store import OxigraphStore, Store
from kg.vocab import GRAPH
from tests.api.conftest import Client, ServiceOver, triples_of

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
WHOLE = URIRef(DATASET)
DESCRIPTIONS = ("/sparql", "/.well-known/void")

# as SIB's sparql-editor asks an endpoint, comments and federation left out
COMPLETIONS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd:<http://www.w3.org/ns/sparql-service-description#>
PREFIX void:<http://rdfs.org/ns/void#>
PREFIX void-ext:<http://ldf.fi/void-ext#>
SELECT DISTINCT ?graph ?subjectClass ?prop ?objectClass ?objectDatatype ?triples ?propLabel
WHERE {
  {
    OPTIONAL {
      ?graph sd:graph ?graphDesc .
      ?graphDesc void:classPartition ?cp .
    }
    ?cp void:class ?subjectClass ;
      void:propertyPartition ?pp .
    ?pp void:property ?prop .
    OPTIONAL { ?pp void:triples ?triples }
    OPTIONAL { ?prop rdfs:label ?propLabel }
    OPTIONAL {
      { ?pp  void:classPartition [ void:class ?objectClass ] . }
      UNION
      { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] . }
    }
  } UNION {
    ?linkset void:subjectsTarget [ void:class ?subjectClass ] ;
      void:linkPredicate ?prop ;
      void:objectsTarget [ void:class ?objectClass ] .
  }
} ORDER BY ?subjectClass ?objectClass ?objectDatatype ?graph ?triples"""


# -- the service


def test_the_service_says_what_it_can_do(service: Client) -> None:
    found = triples_of(service.get("/sparql"))
    (endpoint,) = found.subjects(RDF.type, SD.Service)
    formats = {str(each) for each in found.objects(endpoint, SD.resultFormat)}
    assert formats == {each.iri for each in (*RESULT_FORMATS, *GRAPH_FORMATS)}
    assert "http://www.w3.org/ns/formats/SPARQL_Results_JSON" in formats
    assert [*found.objects(endpoint, SD.supportedLanguage)] == [SD.SPARQL11Query]
    # nothing is fetched and no other server is called, so neither is claimed
    assert [*found.objects(endpoint, SD.feature)] == [SD.UnionDefaultGraph]
    assert (endpoint, SD.defaultDataset, WHOLE) in found


def test_the_service_tells_its_graphs_with_their_sizes(service: Client, graph: Store) -> None:
    found = triples_of(service.get("/sparql"))
    named = {
        str(found.value(each, SD.name)): int(
            str(found.value(found.value(each, SD.graph), VOID.triples))
        )
        for each in found.objects(WHOLE, SD.namedGraph)
    }
    assert named == graph_sizes(graph)
    (count,) = graph.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0]
    assert found.value(URIRef(DEFAULT_GRAPH), VOID.triples) == Literal(int(str(count)))


def test_the_default_graph_is_the_union_that_is_claimed(service: Client) -> None:
    missing = (
        "ASK { { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } } UNION"
        " { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } } }"
    )
    assert service.query(missing).json()["boolean"] is False


def test_a_store_without_a_description_is_described_too(service_over: ServiceOver) -> None:
    found = triples_of(
        service_over("<urn:s> <urn:p> <urn:o> <urn:g e> .".replace(" e", "")).get("/sparql")
    )
    (node,) = found.objects(WHOLE, SD.namedGraph)
    assert found.value(node, SD.name) == URIRef("urn:g")
    assert found.value(URIRef("urn:g"), VOID.triples) == Literal(1)


def test_of_very_many_graphs_those_of_articles_are_left_to_the_list() -> None:
    articles = [f"{GRAPH}article/{number}" for number in range(1_000)]
    graphs = [f"{GRAPH}reference", *articles]
    lines = [f"<urn:s> <urn:p> <urn:o> <{name}> .\n".encode() for name in graphs]

    def told(lines: list[bytes]) -> set[str]:
        result = service_description(OxigraphStore.memory(lines), "http://a", None)
        found = Graph().parse(data=result.body, format="turtle")
        (endpoint,) = found.subjects(RDF.type, SD.Service)
        assert URIRef("http://a/graph") in set(found.objects(endpoint, None))
        return {str(name) for name in found.objects(None, SD.name)}

    assert told(lines[1:]) == set(articles)
    assert told(lines) == {f"{GRAPH}reference"}


@pytest.mark.parametrize("search", ["?default-graph-uri=urn:g", "?q=1", "?query", "?query="])
def test_a_query_that_is_forgotten_gets_no_description(service: Client, search: str) -> None:
    assert service.get(f"/sparql{search}").status_code == 400


def test_a_post_without_a_query_gets_no_description(service: Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert service.post("/sparql", content=b"", headers=form).status_code == 400
    assert service.post("/sparql").status_code == 415


# -- the dataset


def test_the_dataset_says_what_it_is_and_how_to_get_at_it(service: Client) -> None:
    found = triples_of(service.get("/.well-known/void"))
    kinds = set(found.objects(WHOLE, RDF.type))
    assert {VOID.Dataset, DCAT.Dataset} <= kinds
    for key in ("title", "description", "license", "publisher", "modified", "rights"):
        assert found.value(WHOLE, DCTERMS[key]) is not None
    assert found.value(WHOLE, VOID.sparqlEndpoint) == URIRef("http://caspian.test/sparql")
    assert int(str(found.value(WHOLE, VOID.triples))) > 20_000
    (access,) = found.subjects(RDF.type, DCAT.DataService)
    assert (access, DCAT.servesDataset, WHOLE) in found
    assert (access, DCAT.endpointURL, URIRef("http://caspian.test/sparql")) in found


def test_each_distribution_is_to_be_had_as_it_says(service: Client) -> None:
    found = triples_of(service.get("/.well-known/void"))
    formats = set()
    for each in found.objects(WHOLE, DCAT.distribution):
        url, kind = found.value(each, DCAT.accessURL), found.value(each, DCAT.mediaType)
        headers = {"Accept": str(kind).partition("media-types/")[2]} if kind else {}
        answer = service.get(str(url), headers=headers)
        assert answer.status_code == 200
        if headers:
            assert answer.headers["content-type"].partition(";")[0] == headers["Accept"]
            formats.add(headers["Accept"])
    assert formats == {each.media_type for each in GRAPH_FORMATS}


def test_what_is_described_stands_in_the_graph_of_descriptions(service: Client) -> None:
    described = triples_of(service.get("/.well-known/void"))
    held = triples_of(service.get("/graph/void"))
    assert len(held) > 6_000
    assert set(held) <= set(described)
    assert len(set(described) - set(held)) < 60


def test_a_dataset_without_a_description_still_says_where_it_is(service_over: ServiceOver) -> None:
    found = triples_of(service_over().get("/.well-known/void"))
    assert found.value(WHOLE, VOID.sparqlEndpoint) == URIRef("http://caspian.test/sparql")


def test_an_editor_gets_properties_by_class_with_what_their_values_are(service: Client) -> None:
    rows = service.query(COMPLETIONS).json()["results"]["bindings"]
    assert len(rows) > 900
    told = {
        tuple(row[name]["value"].rpartition("/")[2] for name in ("subjectClass", "prop", kind))
        for row in rows
        for kind in ("objectClass", "objectDatatype")
        if kind in row
    }
    assert ("ontology#RouteLeg", "from", "ontology#Claim") in told  # c:from
    assert ("ontology#RouteLeg", "ontology#cargo", "ontology#SystemType") in told  # in a view
    assert ("ontology#Passage", "ontology#quotation", "XMLSchema#string") in told
    assert any("propLabel" in row for row in rows)


# -- both


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_what_cannot_be_served_is_406(service: Client, path: str) -> None:
    answer = service.get(path, headers={"Accept": "text/csv, text/html"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == [each.media_type for each in GRAPH_FORMATS]


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_what_it_is_about_comes_first(service: Client, path: str) -> None:
    triples = service.get(path, headers={"Accept": "application/n-triples"}).text
    first = {"/sparql": "http://caspian.test/sparql#service", "/.well-known/void": DATASET}[path]
    assert triples.startswith(f"<{first}> ")
    assert triples == service.get(path, headers={"Accept": "application/n-triples"}).text


def test_a_description_past_the_limit_is_an_error_and_no_stump(
    service_over: ServiceOver, graph: Store
) -> None:
    with pytest.raises(GraphTooLargeError):
        dataset_description(graph, "http://a", None, most=100)
    with pytest.raises(NotAcceptableError):
        dataset_description(graph, "http://a", "text/csv", most=10_000_000)
    answer = Client(create_app(Settings(answer_bytes=100), graph)).get("/.well-known/void")
    assert answer.status_code == 403
    assert "caspian export --graph void" in answer.json()["detail"]


# -- where it is


@pytest.mark.parametrize(
    ("setting", "base"),
    [
        ("", "http://caspian.test"),
        ("https://example.org", "https://example.org"),
        ("https://example.org/kg/", "https://example.org/kg"),
    ],
)
def test_its_urls_begin_as_the_settings_say(graph: Store, setting: str, base: str) -> None:
    service = Client(create_app(Settings(public_url=setting), graph))
    for path in ("/sparql", "/.well-known/void", "/graph"):
        answer = service.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil"})
        assert f"{base}/" in answer.text
        assert "evil" not in answer.text + str(answer.headers)
    assert service.get("/sparql").headers["link"] == f'<{base}/.well-known/void>; rel="describedby"'


@pytest.mark.parametrize(
    ("server", "base"),
    [
        (("127.0.0.1", 8765), "http://127.0.0.1:8765"),
        (("::1", 8765), "http://[::1]:8765"),
        (("caspian.test", None), "http://caspian.test"),
        (None, "http://127.0.0.1:8000"),
    ],
)
def test_its_urls_are_where_it_listens(
    graph: Store, server: tuple[str, int | None] | None, base: str
) -> None:
    from starlette.requests import Request

    from api.protocol import public_url

    headers = [(b"host", b"evil.example")]
    request = Request({"type": "http", "server": server, "headers": headers})
    assert public_url(request, Settings()) == base
