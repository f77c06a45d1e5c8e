"""A store elsewhere: any SPARQL 1.1 endpoint, asked over HTTP with the same questions.

The endpoint holds the graph as `caspian publish` loads it: the named graphs, and their merge as its
default graph, or as a graph of its own where an engine cannot tell the two (kg/dialects.py). What
it answers goes through a file, so memory does not grow with it, and is whole or an error: an answer
cut short on the way, or by the engine itself, is never taken for the answer.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from http import HTTPStatus
from typing import IO, NamedTuple, TypeAlias, cast

import httpx
import pyoxigraph as ox

from kg.answers import Answer, Dataset, Iri, Solutions, Term, engine_errors
from kg.binding import bind
from kg.credentials import NOBODY, Credentials
from kg.datasets import (
    AS_THE_QUERY_SAYS,
    graph_node,
    graphs_in,
    has_base,
    iris_in,
    named_in,
    without_from,
)
from kg.dialects import MERGE, STANDARD, Dialect, Merge, cut, dialect
from kg.dumps import dump
from kg.errors import QueryError, QueryRefusedError
from kg.formats import Format
from kg.guard import Reading, check, within
from kg.spool import spooled
from kg.store import OxigraphStore
from kg.vocab import GRAPH, ID
from kg.wire import Limits, Wire, address

__all__ = ["RemoteStore"]

_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
_GRAPH = "application/n-triples, text/turtle;q=0.9"
_GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
# How a whole answer ends. What has no end of its own is whole only by the length HTTP gives it.
_ENDS = {
    "application/sparql-results+json": re.compile(rb"\}\s*$"),
    "application/json": re.compile(rb"\}\s*$"),
    "application/sparql-results+xml": re.compile(rb"</(?:[\w.-]+:)?sparql\s*>\s*$"),
    "application/rdf+xml": re.compile(rb"</(?:[\w.-]+:)?RDF\s*>\s*$"),
}
_TAIL = 200
# What Virtuoso runs of its own code, as functions and as predicates.
_OWN = re.compile(r"<(?:bif|sql):", re.IGNORECASE)
_MOST_NAMED = 500
_OURS = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{GRAPH}"))'
_GRAPHS = f"SELECT DISTINCT ?g {{ {_OURS} FILTER(?g != <{MERGE}>) }} LIMIT {_MOST_NAMED + 1}"
_SIZE = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_SIZE_OF = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
_SIZES = f"SELECT ?g (COUNT(*) AS ?n) {{ {_OURS} }} GROUP BY ?g"
_MOST_ROWS = "http://www.openlinksw.com/schemas/virtini#ResultSetMaxRows"
_VIRTUOSO_ASKED = "__ASK_RETVAL"
_Fields: TypeAlias = Mapping[str, str | list[str]]
_Rows: TypeAlias = ox.QuerySolutions | ox.QueryBoolean


class _Question(NamedTuple):
    query: str
    values: Mapping[str, Term]
    dataset: Dataset
    reading: Reading


class _Body(NamedTuple):
    media_type: str
    file: IO[bytes]


class RemoteStore:
    """The graph behind a SPARQL endpoint.

    Nothing is sent before the first question. Threads may share it, and so may a process and what
    is forked from it. `merge` says where the merge stands; by itself it goes by the engine.
    """

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials = NOBODY,
        limits: Limits | None = None,
        merge: Merge = "auto",
    ) -> None:
        self._limits = limits or Limits()
        self._wire = Wire(address(url), credentials, self._limits)
        self._merge = merge
        self._dialect = STANDARD
        self._whole_graphs = False

    def select(self, query: str, /, **bindings: Term) -> Solutions:
        """The rows that answer a SELECT."""
        return self._run(query, bindings, AS_THE_QUERY_SAYS).solutions()

    def ask(self, query: str, /, **bindings: Term) -> bool:
        """The answer of an ASK."""
        return self._run(query, bindings, AS_THE_QUERY_SAYS).boolean()

    def answer(self, query: str, dataset: Dataset = AS_THE_QUERY_SAYS) -> Answer:
        """What a query of any form gives.

        Where two graphs or more make the default graph, they are fetched and merged here, so that a
        triple they share counts once, up to the limit “merged”.
        """
        return self._run(query, {}, dataset)

    def dump(
        self,
        form: Format,
        out: IO[bytes],
        *,
        graph: str | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> int:
        """How many quads or triples were written to `out`, sorted."""
        return dump(self, form, out, graph=graph, prefixes=prefixes)

    def ntriples(self, graph: str | None, out: IO[bytes]) -> None:
        """Write a named graph, or the default graph, as N-Triples in any order."""
        query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        dataset = AS_THE_QUERY_SAYS if graph is None else Dataset((graph,))
        body = self._body(_Question(query, {}, dataset, check(query)))
        with body.file, self._readable(body):
            ox.serialize(_triples(body), out, ox.RdfFormat.N_TRIPLES)

    def held(self) -> dict[str, int]:
        """How many triples each named graph of ours holds there, the merge too where it is one."""
        return {row[0].value: int(row[1].value) for row in self._rows(_SIZES)}

    def size(self, graph: str | None) -> int:
        """How many triples a graph holds there, or what the engine takes for the default graph."""
        query = _SIZE if graph is None else bind(_SIZE_OF, {"g": Iri(graph)})
        return int(self._rows(query)[0][0].value)

    def engine(self) -> Dialect:
        """How the engine behind the endpoint is asked, as it says itself."""
        self.ask("ASK {}")
        return self._dialect

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    def _run(self, query: str, bindings: Mapping[str, Term], dataset: Dataset) -> Answer:
        reading = check(query)
        _require_sparql(query, bindings)
        if dataset == AS_THE_QUERY_SAYS:
            dataset = named_in(reading)
        dataset = Dataset(_once(dataset.default), _once(dataset.named))
        if len(dataset.default) > 1:
            return self._merged_here(query, bindings, dataset)
        question = _Question(query, bindings, dataset, reading)
        body = self._body(question)
        with ExitStack() as undone:
            undone.callback(body.file.close)
            with self._readable(body):
                result = _result(body, reading.form)
            undone.pop_all()
        return Answer(result, source=body.file, errors=lambda: self._readable(body))

    def _merged_here(self, query: str, bindings: Mapping[str, Term], dataset: Dataset) -> Answer:
        graphs = _once((*dataset.default, *dataset.named))
        within("merged", sum(self.size(name) for name in graphs))
        local = OxigraphStore.copied(graphs, self.ntriples)
        return local.answer(bind(query, bindings), dataset)

    def _body(self, question: _Question) -> _Body:
        """What the endpoint answers, in a file; asked again where it first tells what it is."""
        known, is_graph = self._dialect, question.reading.form in _GRAPH_FORMS
        if is_graph and known.cuts_graphs:
            self._require_whole_graphs()
        with self._asked(self._fields(question), _GRAPH if is_graph else _ROWS) as response:
            found = dialect(response.headers.get("Server", ""))
            if known is not STANDARD or found is STANDARD:
                return self._read(response)
        self._dialect = found
        return self._body(question)

    def _asked(self, fields: _Fields, accept: str) -> AbstractContextManager[httpx.Response]:
        return self._wire.asked(
            "POST", headers={"Accept": accept}, form={**fields, **self._dialect.fields}
        )

    def _rows(self, value: str, field: str = "query") -> list[ox.QuerySolution]:
        """The rows that answer a query of our own, sent as it is and asked of no dataset."""
        with self._asked({field: value}, _ROWS) as response:
            body = self._read(response)
        with body.file, self._readable(body):
            return [*cast("ox.QuerySolutions", _rows(body))]

    def _fields(self, question: _Question) -> _Fields:
        """The form of SPARQL 1.1 Protocol §2.1.2: a dataset in it replaces FROM in the query."""
        query, known, form = question.query, self._dialect, question.reading.form
        if question.dataset != AS_THE_QUERY_SAYS:
            query = without_from(query)
        base = "" if known.one_base and has_base(question.reading) else f"BASE <{ID}> "
        describe = known.describe if form == "DESCRIBE" else ""
        dataset = self._dataset(question)
        return {
            "query": f"{describe}{base}{bind(query, question.values)}",
            "default-graph-uri": [*dataset.default],
            "named-graph-uri": [*dataset.named],
        }

    def _dataset(self, question: _Question) -> Dataset:
        dataset, known = question.dataset, self._dialect
        merge = known.merge if self._merge == "auto" else self._merge
        if dataset == AS_THE_QUERY_SAYS and merge == "named":
            graphs = graphs_in(question.query, question.reading, question.values)
            dataset = Dataset((MERGE,), self._graphs() if graphs.any else graphs.names)
        if known.nothing and dataset.default and not dataset.named:
            dataset = Dataset(dataset.default, (known.nothing,))
        return dataset

    def _graphs(self) -> tuple[str, ...]:
        """The named graphs there, for a query that asks them all and must name them."""
        names = tuple(row[0].value for row in self._rows(_GRAPHS))
        if len(names) > _MOST_NAMED:
            raise QueryError(
                f"the endpoint holds more than {_MOST_NAMED} graphs, too many to ask all of them "
                "in one query; write which: GRAPH <…>, or FROM NAMED <…>"
            )
        return names

    def _require_whole_graphs(self) -> None:
        """Nothing, where the endpoint gives graphs whole; else an error that says what to do."""
        if self._whole_graphs:
            return
        settings = {row[1].value: row[2].value for row in self._rows("1", field="ini")}
        if most := settings.get(_MOST_ROWS):
            raise self._wire.error(
                f"cuts a graph made of more than {most} rows short, and does not tell",
                "take ResultSetMaxRows out of its virtuoso.ini, or ask for rows",
            )
        self._whole_graphs = True

    def _read(self, response: httpx.Response) -> _Body:
        if response.status_code == HTTPStatus.BAD_REQUEST:
            said = self._wire.said(response)
            raise QueryError(f"the endpoint cannot answer the query: {said}")
        if response.status_code != HTTPStatus.OK:
            raise self._wire.refused(response)
        if why := cut(response.headers):
            raise self._wire.error(why, "ask for less, or raise its limit (docs/remote.md)")
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        end = _ENDS.get(media_type)
        if end is None and not {"content-length", "transfer-encoding"} & {*response.headers}:
            raise self._wire.error(
                f"gave {media_type} of no known length, of which a part looks like the whole",
                "reach it by HTTP/1.1, without a proxy that leaves the length out",
            )
        body = _Body(media_type, spooled(self._bounded(response.iter_raw())))
        if end and not end.search(_tail(body.file)):
            body.file.close()
            raise self._wire.error(
                f"gave {media_type} without its end", "ask for less, or allow it more time"
            )
        return body

    def _bounded(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        size, most = 0, self._limits.most
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise self._wire.error(f"gave more than {most:,} bytes", "add a LIMIT")
            yield piece

    @contextmanager
    def _readable(self, body: _Body) -> Iterator[None]:
        try:
            yield
        except (SyntaxError, ValueError) as error:
            raise self._wire.error(
                f"answered with {body.media_type or 'no type'} that cannot be read ({error})",
                "see whether this is the address of its SPARQL endpoint",
            ) from error


def _once(graphs: Iterable[str]) -> tuple[str, ...]:
    return tuple(graph_node(name).value for name in dict.fromkeys(graphs))


def _require_sparql(query: str, values: Mapping[str, Term]) -> None:
    """Nothing, where it is no more than SPARQL 1.1, of which engines take more."""
    if any(_OWN.match(iri) for iri in iris_in(query)):
        raise QueryRefusedError(
            "bif: and sql: are names an engine has for its own functions, which are refused; use "
            "those of SPARQL 1.1"
        )
    with engine_errors():
        try:
            ox.Store().query(bind(query, values), base_iri=ID)
        except SyntaxError:
            ox.Store().query(query, base_iri=ID)  # told where it stands in the text as given
            raise


def _result(body: _Body, form: str) -> _Rows | Iterator[ox.Triple]:
    if form in _GRAPH_FORMS:
        return _triples(body)
    rows = _rows(body)
    if form == "ASK" and isinstance(rows, ox.QuerySolutions):
        # Virtuoso says yes by a row with a number in it, and no by none.
        if [each.value for each in rows.variables] != [_VIRTUOSO_ASKED]:
            raise ValueError("rows, where yes or no was asked for")
        return _yes_or_no(any(True for _ in rows))
    if form != "ASK" and isinstance(rows, ox.QueryBoolean):
        raise ValueError("yes or no, where rows were asked for")
    return rows


def _yes_or_no(said: bool) -> ox.QueryBoolean:  # noqa: FBT001 -- the answer itself
    text = f'{{"head":{{}},"boolean":{str(said).lower()}}}'
    parsed = ox.parse_query_results(text.encode(), ox.QueryResultsFormat.JSON)
    return cast("ox.QueryBoolean", parsed)


def _rows(body: _Body) -> _Rows:
    shape = ox.QueryResultsFormat.from_media_type(body.media_type)
    return ox.parse_query_results(body.file, shape)


def _triples(body: _Body) -> Iterator[ox.Triple]:
    for quad in ox.parse(body.file, ox.RdfFormat.from_media_type(body.media_type)):
        yield quad.triple


def _tail(file: IO[bytes]) -> bytes:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    file.seek(0)
    return tail
