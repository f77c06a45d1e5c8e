"""The SPARQL 1.1 Graph Store Protocol as far as it reads: graphs whole, and which there are."""

import re
from urllib.parse import quote

from api.descriptions import graphs_described
from api.errors import GraphTooLargeError, MalformedRequestError, NotAcceptableError
from api.evaluation import Question, Result, evaluate
from api.models import DefaultGraph, GraphEntry, GraphList
from api.negotiation import choose
from api.offers import OFFERS
from kg.errors import AnswerTooLongError
from kg.graphs import WHOLE, Held, graphs, known_graph
from kg.store import Dataset, Store
from kg.vocab import GRAPH

__all__ = ["LISTINGS", "graph_list", "whole_graph"]

_JSON = "application/json"
LISTINGS = (_JSON, *(each.media_type for each in OFFERS["graph"]))
"""The media types a list of graphs can be had as."""

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def whole_graph(store: Store, name: str | None, accept: str | None, *, most: int) -> Result:
    """The graph of that IRI, or the default graph, as triples: of `most` bytes at most.

    A format of quads holds them without the name of the graph: the URL names it already.

    Raises MalformedRequestError, UnknownNameError, NotAcceptableError or GraphTooLargeError.
    """
    if name is not None and not _ABSOLUTE.match(name):
        raise MalformedRequestError(f"give the graph as an absolute IRI, such as {GRAPH}view/us")
    dataset = Dataset() if name is None else Dataset((known_graph(store, name),))
    try:
        return evaluate(store, Question(WHOLE, dataset, accept), most=most)
    except AnswerTooLongError as error:
        raise GraphTooLargeError(most, (name or "").removeprefix(GRAPH)) from error


def graph_list(store: Store, base: str, accept: str | None, *, most: int) -> Result:
    """Which graphs the service at that URL has, how large, and where each is to be had."""
    chosen = choose(accept, LISTINGS)
    if chosen is None:
        raise NotAcceptableError(LISTINGS)
    result = _listed(store, base) if chosen == _JSON else graphs_described(store, base, chosen)
    if len(result.body) > most:
        raise GraphTooLargeError(most, "void")
    return result


def _listed(store: Store, base: str) -> Result:
    found = graphs(store)
    entries = (
        GraphEntry(graph=each.iri, label=each.label, triples=each.triples, url=_url(base, each))
        for each in found.named
    )
    merge = DefaultGraph(triples=found.merge, url=f"{base}/graph?default")
    return Result(_JSON, GraphList(default=merge, graphs=tuple(entries)).model_dump_json().encode())


def _url(base: str, graph: Held) -> str:
    """Where the graph is to be had: at its own name's place, where it has one here."""
    if graph.iri == GRAPH + quote(graph.name):
        return f"{base}/graph/{graph.name}"
    return f"{base}/graph?graph={quote(graph.iri, safe='')}"
