"""The W3C's three tests of the SPARQL 1.1 service description, whose manifest only names them."""

from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from api.offers import OFFERS
from tests.api.conftest import Client, triples_of

CASES = Path(__file__).parents[3] / "shared/w3c/sparql/sparql11/service-description"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
ENDPOINT = URIRef("http://caspian.test/sparql")

# sections 3.2 to 3.4 of the specification: of which class is a property's subject, its value
PROPERTIES: dict[Node, tuple[Node, Node | None]] = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, SD.Feature),
    SD.defaultEntailmentRegime: (SD.Service, SD.EntailmentRegime),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.resultFormat: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
# the individuals of these classes are the specification's own, and need no type here
NAMED = {SD.Feature, SD.EntailmentRegime, SD.Language}


def listed() -> set[str]:
    manifest = Graph().parse(CASES / "manifest.ttl")
    tests = manifest.subjects(RDF.type, MF.ServiceDescriptionTest)
    return {str(test).rpartition("#")[2] for test in tests}


@pytest.fixture(scope="module")
def described(service: Client) -> Graph:
    return triples_of(service.get("/sparql"))


@pytest.mark.skipif(not CASES.is_dir(), reason=f"the W3C's tests are not at hand: {CASES}")
def test_every_test_of_the_manifest_is_here() -> None:
    assert listed() == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:rdflib")
@pytest.mark.parametrize("media_type", [each.media_type for each in OFFERS["graph"]])
def test_returns_rdf(service: Client, described: Graph, media_type: str) -> None:
    answer = service.get("/sparql", headers={"Accept": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    found = triples_of(answer)
    assert set(found) == set(described)
    assert len(found) > 100


def test_has_endpoint_triple(described: Graph) -> None:
    assert [*described.objects(None, SD.endpoint)] == [ENDPOINT]


def test_conforms_to_schema(described: Graph) -> None:
    (service,) = described.subjects(RDF.type, SD.Service)
    assert (service, SD.endpoint, ENDPOINT) in described
    used = {key for key in described.predicates() if str(key).startswith(str(SD))}
    assert used == set(PROPERTIES)
    for key, (domain, kind) in PROPERTIES.items():
        for subject, value in described.subject_objects(key):
            assert (subject, RDF.type, domain) in described
            assert isinstance(value, URIRef)
            if kind is not None and kind not in NAMED:
                assert (value, RDF.type, kind) in described
    graphs = [*described.objects(None, SD.namedGraph)]
    assert len(graphs) >= 15
    for graph in graphs:
        (name,) = described.objects(graph, SD.name)
        (about,) = described.objects(graph, SD.graph)
        (triples,) = described.objects(about, VOID.triples)
        assert isinstance(triples, Literal)
        assert triples.toPython() > 0
        assert str(name).startswith("https://w3id.org/caspian/graph/")
