"""The graphs a query is asked of: what it names after FROM and GRAPH, and how to ask without."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import pyoxigraph as ox

from kg.answers import Answer, Dataset, Term, engine_errors
from kg.errors import QueryError
from kg.guard import Reading
from kg.sparql import Placed, expanded, placed, readings
from kg.vocab import ID

__all__ = [
    "AS_THE_QUERY_SAYS",
    "Graphs",
    "graph_node",
    "graphs_in",
    "has_base",
    "named_in",
    "without_from",
]

AS_THE_QUERY_SAYS = Dataset()

_NAMES = ("iri", "name")


class Graphs(NamedTuple):
    """The graphs a query asks with GRAPH: those it names, and whether it asks for any there are."""

    names: tuple[str, ...]
    any: bool


def graph_node(name: str) -> ox.NamedNode:
    """The graph as the engine names it; an error where it can have no such name.

    >>> graph_node("urn:a").value
    'urn:a'
    """
    try:
        return ox.NamedNode(name)
    except ValueError as error:
        raise QueryError(f"“{name}” cannot name a graph: {error}") from error


def named_in(reading: Reading) -> Dataset:
    """The graphs after FROM and FROM NAMED, as whole IRIs.

    >>> from kg.guard import check
    >>> named_in(check("ASK FROM <view/us> {}")).default
    ('https://w3id.org/caspian/id/view/us',)
    """
    if not (reading.default or reading.named):
        return AS_THE_QUERY_SAYS
    iris = _whole(reading, (*reading.default, *reading.named))
    return Dataset(iris[: len(reading.default)], iris[len(reading.default) :])


def has_base(reading: Reading) -> bool:
    """Whether a query declares a BASE of its own.

    >>> from kg.guard import check
    >>> has_base(check("BASE <urn:a> ASK {}")), has_base(check("PREFIX base: <urn:a> ASK {}"))
    (True, False)
    """
    return any(item.token.word == "BASE" for item in _items(reading.prologue))


def without_from(query: str) -> str:
    """The query without FROM and what stands after it: for a dataset that is given beside.

    >>> without_from("SELECT * FROM <urn:a> FROM NAMED <urn:b> { ?s ?p ?o }")
    'SELECT *   { ?s ?p ?o }'
    """
    tokens = [item.token for item in _items(query) if item.depth == 0]
    parts, start = list[str](), 0
    for index, token in enumerate(tokens):
        after = [each for each in tokens[index + 1 : index + 3] if each.word != "NAMED"]
        if token.word == "FROM" and after and after[0].kind in _NAMES:
            parts.append(query[start : token.start])
            start = after[0].start + len(after[0].text)
    return "".join([*parts, query[start:]])


def graphs_in(query: str, reading: Reading, values: Mapping[str, Term]) -> Graphs:
    """What stands after GRAPH, where these variables have values.

    >>> from kg.guard import check
    >>> query = "ASK { GRAPH <urn:a> {} GRAPH ?g {} }"
    >>> graphs_in(query, check(query), {})
    Graphs(names=('urn:a',), any=True)
    """
    items = _items(query)
    written, bound, open_ = list[str](), list[str](), False
    for item, following in pairwise(items):
        if item.token.word != "GRAPH":
            continue
        token = following.token
        if token.kind in _NAMES:
            written.append(token.text)
        elif value := values.get(token.text[1:]):
            bound.append(str(value))
        else:
            open_ = True
    return Graphs(tuple(dict.fromkeys((*_whole(reading, written), *bound))), open_)


def _items(query: str) -> list[Placed]:
    return placed(next(readings(query)))


def _whole(reading: Reading, names: Iterable[str]) -> tuple[str, ...]:
    """The names as IRIs, made whole by the engine from the prefixes the query declares."""
    return tuple(_iris(reading, names))


def _iris(reading: Reading, names: Iterable[str]) -> Iterator[str]:
    columns = " ".join(f"({name} AS ?g{number})" for number, name in enumerate(names))
    if columns:
        with engine_errors():
            found = ox.Store().query(f"{reading.prologue} SELECT {columns} {{}}", base_iri=ID)
        yield from map(str, Answer(found).solutions().rows[0])


def iris_in(query: str) -> Iterator[str]:
    r"""The IRIs a query writes, in angle brackets, in each way an engine may read the text.

    >>> list(iris_in(r"PREFIX b: <bif:> ASK { ?s b:x <\u0073ql:y> }"))
    ['<bif:>', '<sql:y>', '<bif:>', '<\\u0073ql:y>']
    """
    for text in (expanded(query), query):
        for run in readings(text):
            yield from (token.text for token in run if token.kind == "iri")
