"""What the service and the dataset say of themselves: SPARQL 1.1 service description, VoID, DCAT.

Like answers they are made from plain values and the store alone. What can be counted was counted
when the graph was built (kg/description.py); added here is what depends on where it is served.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from api.errors import GraphTooLargeError
from api.evaluation import Question, Result, evaluate
from api.offers import offer
from kg import vocab
from kg.corpus import DESCRIPTION
from kg.description import DATASET, DEFAULT_GRAPH
from kg.errors import AnswerTooLongError
from kg.formats import GRAPH_FORMATS, RESULT_FORMATS, named
from kg.graphs import WHOLE, Graphs, Held, graphs
from kg.rdf import Triple, rewritten
from kg.store import Dataset, Store
from kg.terms import XSD, iri, literal
from kg.vocab import DCAT, DCTERMS, PREFIXES, RDFS, SD, VOID

__all__ = ["VOID_PATH", "dataset_description", "graphs_described", "service_description"]

VOID_PATH = "/.well-known/void"

_SIMPLE = "http://www.w3.org/ns/entailment/Simple"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

# past so many, the graphs of articles are left to /graph: clients begin with the description
_MOST = 1_000
_ARTICLES = "article/"


def service_description(store: Store, base: str, accept: str | None) -> Result:
    """What the endpoint of the service at that URL can do, and of which graphs it can be asked.

    SPARQL 1.1 Service Description, section 2: a GET of the endpoint without parameters gets it.
    """
    found = graphs(store)
    shown = found.named
    if len(shown) > _MOST:
        shown = tuple(each for each in shown if not each.name.startswith(_ARTICLES))
    triples = (*_service(base), *_capabilities(base), *_default(found), *_named(base, shown))
    return _result(map(_line, triples), accept, first=_at(base, "/sparql#service"))


def dataset_description(store: Store, base: str, accept: str | None, *, most: int) -> Result:
    """What the dataset is and holds, and how to get at it (VoID, DCAT); of `most` bytes at most."""
    question = Question(WHOLE, Dataset((DESCRIPTION[1:-1],)), named("ntriples").media_type)
    try:
        counted = evaluate(store, question, most=most).body
    except AnswerTooLongError as error:
        raise GraphTooLargeError(most, "void") from error
    served = (*_service(base), *_distributions(base))
    lines = (*counted.splitlines(keepends=True), *map(_line, served))
    return _result(lines, accept, first=iri(DATASET))


def graphs_described(store: Store, base: str, accept: str | None) -> Result:
    """The default graph and the named graphs of the store, with how many triples each holds."""
    found = graphs(store)
    triples = (*_default(found), *_named(base, found.named))
    return _result(map(_line, triples), accept, first=iri(DATASET))


def _service(base: str) -> Iterator[Triple]:
    """The endpoint, as a client of either description looks for it."""
    service, endpoint = _at(base, "/sparql#service"), _at(base, "/sparql")
    yield Triple(service, vocab.TYPE, iri(SD + "Service"))
    yield Triple(service, vocab.TYPE, iri(DCAT + "DataService"))
    yield Triple(service, vocab.TITLE, literal("The SPARQL endpoint", language="en"))
    yield Triple(service, iri(SD + "endpoint"), endpoint)
    yield Triple(service, iri(DCAT + "endpointURL"), endpoint)
    yield Triple(service, iri(DCAT + "endpointDescription"), endpoint)
    yield Triple(service, iri(DCAT + "endpointDescription"), _at(base, "/openapi.json"))
    yield Triple(service, iri(DCAT + "servesDataset"), iri(DATASET))


def _capabilities(base: str) -> Iterator[Triple]:
    service = _at(base, "/sparql#service")
    yield Triple(service, iri(SD + "supportedLanguage"), iri(SD + "SPARQL11Query"))
    for form in (*RESULT_FORMATS, *GRAPH_FORMATS):
        yield Triple(service, iri(SD + "resultFormat"), iri(form.iri))
    # no BasicFederatedQuery and no DereferencesURIs: SERVICE is refused, FROM is only a name
    yield Triple(service, iri(SD + "feature"), iri(SD + "UnionDefaultGraph"))
    yield Triple(service, iri(SD + "defaultEntailmentRegime"), iri(_SIMPLE))
    yield Triple(service, iri(SD + "defaultDataset"), iri(DATASET))
    for path in (VOID_PATH, "/graph"):
        yield Triple(service, iri(RDFS + "seeAlso"), _at(base, path))


def _default(found: Graphs) -> Iterator[Triple]:
    whole, merge = iri(DATASET), iri(DEFAULT_GRAPH)
    yield Triple(whole, vocab.TYPE, iri(SD + "Dataset"))
    yield Triple(whole, iri(SD + "defaultGraph"), merge)
    yield from _graph(merge, found.merge)


def _named(base: str, shown: Iterable[Held]) -> Iterator[Triple]:
    for each in shown:
        node, graph = _at(base, f"/sparql#graph/{quote(each.name, safe='/:')}"), iri(each.iri)
        yield Triple(iri(DATASET), iri(SD + "namedGraph"), node)
        yield Triple(node, vocab.TYPE, iri(SD + "NamedGraph"))
        yield Triple(node, iri(SD + "name"), graph)
        yield Triple(node, iri(SD + "graph"), graph)
        if each.label:
            yield Triple(node, vocab.LABEL, literal(each.label, language="en"))
        yield from _graph(graph, each.triples)


def _graph(graph: str, triples: int) -> Iterator[Triple]:
    yield Triple(graph, vocab.TYPE, iri(SD + "Graph"))
    yield Triple(graph, iri(VOID + "triples"), literal(str(triples), XSD + "integer"))


def _distributions(base: str) -> Iterator[Triple]:
    """The ways to the data: the endpoint, and the default graph in each format."""
    whole, service = iri(DATASET), _at(base, "/sparql#service")
    yield Triple(_at(base, VOID_PATH), vocab.TYPE, iri(VOID + "DatasetDescription"))
    yield Triple(whole, iri(VOID + "sparqlEndpoint"), _at(base, "/sparql"))
    asked = _at(base, "/sparql#distribution")
    yield from _distribution(asked, _at(base, "/sparql"))
    yield Triple(asked, iri(DCAT + "accessService"), service)
    for form in GRAPH_FORMATS:
        yield Triple(whole, iri(VOID + "feature"), iri(form.iri))
        held = _at(base, f"/graph?default#{form.name}")
        yield from _distribution(held, _at(base, "/graph?default"))
        yield Triple(held, iri(DCAT + "mediaType"), iri(_MEDIA_TYPES + form.media_type))
        yield Triple(held, iri(DCTERMS + "format"), iri(form.iri))


def _distribution(node: str, where: str) -> Iterator[Triple]:
    yield Triple(iri(DATASET), iri(DCAT + "distribution"), node)
    yield Triple(node, vocab.TYPE, iri(DCAT + "Distribution"))
    yield Triple(node, iri(DCAT + "accessURL"), where)


def _at(base: str, path: str) -> str:
    return iri(base + path)


def _line(triple: Triple) -> bytes:
    return f"{triple.subject} {triple.predicate} {triple.object} .\n".encode()


def _result(lines: Iterable[bytes], accept: str | None, *, first: str) -> Result:
    """The lines in the format the client likes best, what is said of `first` first."""
    chosen = offer(accept, "graph")
    begin = first.encode() + b" "
    ordered = sorted(set(lines), key=lambda line: (not line.startswith(begin), line))
    body = rewritten(b"".join(ordered), chosen.format.media_type, PREFIXES)
    return Result(chosen.media_type, body)
