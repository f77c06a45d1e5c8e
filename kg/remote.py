"""A store elsewhere: any SPARQL 1.1 endpoint, asked over HTTP with the same questions.

The endpoint decides what its default graph is (load the merge there for the answers of the embedded
store), how it merges several graphs named after FROM, and which graphs it knows. Nothing is taken
from the environment: no proxy, no .netrc; credentials are headers the caller gives.
"""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import IO, NamedTuple, TypeAlias

import httpx
import pyoxigraph as ox

from kg.answers import Answer, Dataset, Solutions, Term
from kg.binding import bind
from kg.dumps import dump
from kg.errors import QuerySyntaxError, RemoteError, StoreError
from kg.formats import Format
from kg.guard import check
from kg.store import AS_THE_QUERY_SAYS
from kg.vocab import ID

__all__ = ["RemoteStore"]

_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
_GRAPH = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8"
_GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
_AGAIN = frozenset((502, 503, 504))
_SHOWN = 300
_Fields: TypeAlias = Mapping[str, str | list[str]]
_ADVICE = {
    401: "pass the credentials it wants as a header, such as Authorization",
    403: "it knows who asks and does not allow it",
    404: "give the address of its SPARQL endpoint, which often ends in /query or /sparql",
    405: "give the address of its SPARQL endpoint, which often ends in /query or /sparql",
    413: "it takes no query as long as this",
    429: "it asks for fewer queries; wait, or ask less often",
    503: "it is overloaded or starting; ask again later",
    504: "it gave up on the query; ask for less, or allow it more time",
}


class _Body(NamedTuple):
    media_type: str
    content: bytes


class RemoteStore:
    """The graph behind a SPARQL endpoint.

    `timeout` is in seconds, for the connection and for each silence; `most` bounds the bytes of an
    answer. A connection that fails and a 502, 503 or 504 are tried again after each of the
    `pauses`; reading has no side effect, so nothing is done twice. Threads may share it.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 30.0,
        headers: Mapping[str, str] | None = None,
        most: int = 256 * 2**20,
        pauses: tuple[float, ...] = (0.2, 0.8),
    ) -> None:
        self._url, self._most, self._pauses = _address(url), most, pauses
        # What is compressed could outgrow its bound while it is unpacked, so it is not asked for.
        self._client = httpx.Client(
            headers={"Accept-Encoding": "identity", **(headers or {})},
            timeout=timeout,
            trust_env=False,
        )

    def select(self, query: str, /, **bindings: Term) -> Solutions:
        """The rows that answer a SELECT."""
        return self._run(query, bindings, AS_THE_QUERY_SAYS).solutions()

    def ask(self, query: str, /, **bindings: Term) -> bool:
        """The answer of an ASK."""
        return self._run(query, bindings, AS_THE_QUERY_SAYS).boolean()

    def answer(self, query: str, dataset: Dataset = AS_THE_QUERY_SAYS) -> Answer:
        """What a query of any form gives."""
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
        dataset = AS_THE_QUERY_SAYS if graph is None else Dataset((graph,))
        body = self._asked(
            _fields("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", dataset), _GRAPH, self._pauses
        )
        with self._readable(body):
            ox.serialize(_triples(body), out, ox.RdfFormat.N_TRIPLES)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _run(self, query: str, bindings: Mapping[str, Term], dataset: Dataset) -> Answer:
        is_graph = check(query).form in _GRAPH_FORMS
        fields = _fields(f"BASE <{ID}>\n{bind(query, bindings)}", dataset)
        body = self._asked(fields, _GRAPH if is_graph else _ROWS, self._pauses)
        with self._readable(body):
            if is_graph:
                return Answer(list(_triples(body)))
            rows = _rows(body)
            if isinstance(rows, ox.QuerySolutions):
                deque(rows, maxlen=0)  # read through, so that what is broken is an error here
                rows = _rows(body)
            return Answer(rows)

    def _asked(self, fields: _Fields, accept: str, pauses: tuple[float, ...]) -> _Body:
        if self._client.is_closed:
            raise StoreError("the store is closed; open it again to ask")
        try:
            with self._client.stream(
                "POST", self._url, data=fields, headers={"Accept": accept}
            ) as response:
                if response.status_code not in _AGAIN or not pauses:
                    return self._read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if not pauses:
                raise self._error(
                    f"cannot be reached ({error})", "see whether it runs, and at this address"
                ) from error
        except httpx.HTTPError as error:
            raise self._error(
                f"broke off ({type(error).__name__}: {error})",
                "ask for less, or allow it more time",
            ) from error
        time.sleep(pauses[0])
        return self._asked(fields, accept, pauses[1:])

    def _read(self, response: httpx.Response) -> _Body:
        if response.status_code != HTTPStatus.OK:
            raise self._refused(response)
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._most:
                raise self._error(f"gave more than {self._most:,} bytes", "add a LIMIT")
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
        return _Body(media_type, bytes(body))

    def _refused(self, response: httpx.Response) -> RemoteError | QuerySyntaxError:
        status = response.status_code
        said = " ".join(next(response.iter_raw(), b"").decode(errors="replace").split())[:_SHOWN]
        if status == HTTPStatus.BAD_REQUEST:
            return QuerySyntaxError(f"{self._url} cannot read the query: {said}")
        if to := response.headers.get("Location"):
            return self._error(f"answered {status}", f"it has moved; give the address {to}")
        advice = _ADVICE.get(status, "its log may say why")
        return self._error(f"answered {status}{said and f' ({said})'}", advice)

    @contextmanager
    def _readable(self, body: _Body) -> Iterator[None]:
        try:
            yield
        except (SyntaxError, ValueError) as error:
            raise self._error(
                f"answered with {body.media_type or 'no type'} that cannot be read ({error})",
                "see whether this is the address of its SPARQL endpoint",
            ) from error

    def _error(self, what: str, advice: str) -> RemoteError:
        return RemoteError(f"{self._url.copy_with(query=None)} {what}; {advice}")


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise RemoteError(f"“{url}” is no address: {error}") from error
    if address.userinfo:
        raise RemoteError("the address holds a password; pass it as an Authorization header")
    if address.scheme not in ("http", "https") or not address.host:
        raise RemoteError(f"“{url}” is no address; it looks like http://localhost:7878/query")
    return address


def _fields(query: str, dataset: Dataset) -> _Fields:
    """The form of SPARQL 1.1 Protocol §2.1.2."""
    return {
        "query": query,
        "default-graph-uri": [*dataset.default],
        "named-graph-uri": [*dataset.named],
    }


def _rows(body: _Body) -> ox.QuerySolutions | ox.QueryBoolean:
    shape = ox.QueryResultsFormat.from_media_type(body.media_type)
    return ox.parse_query_results(body.content, shape)


def _triples(body: _Body) -> Iterator[ox.Triple]:
    for quad in ox.parse(body.content, ox.RdfFormat.from_media_type(body.media_type)):
        yield quad.triple
