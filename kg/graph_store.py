"""Graphs written to a store elsewhere, by the SPARQL 1.1 Graph Store Protocol.

A graph is named beside the address (§4.2 of the protocol, ?graph= and ?default): ours have names no
store serves, so none could be written at its own.
"""

from http import HTTPStatus
from urllib.parse import urlencode

from kg.credentials import NOBODY, Credentials
from kg.wire import Limits, Wire, address

__all__ = ["GraphStore"]

_DONE = frozenset((HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT))
_GONE = _DONE | {HTTPStatus.NOT_FOUND}
_LINES = {"Content-Type": "application/n-triples"}


class GraphStore:
    """A store elsewhere that takes graphs; None is its default graph."""

    def __init__(
        self, url: str, *, credentials: Credentials = NOBODY, limits: Limits | None = None
    ) -> None:
        self._wire = Wire(address(url), credentials, limits)

    def replace(self, graph: str | None, triples: bytes) -> None:
        """Have the graph hold these lines of N-Triples and no others."""
        self._sent("PUT", graph, triples)

    def add(self, graph: str | None, triples: bytes) -> None:
        """Have the graph hold these lines of N-Triples too."""
        self._sent("POST", graph, triples)

    def remove(self, graph: str) -> None:
        """Have no graph of that name, whether or not there was one."""
        with self._wire.asked("DELETE", urlencode({"graph": graph})) as response:
            if response.status_code not in _GONE:
                raise self._wire.refused(response)

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    def _sent(self, method: str, graph: str | None, triples: bytes) -> None:
        query = "default" if graph is None else urlencode({"graph": graph})
        with self._wire.asked(method, query, headers=_LINES, content=triples) as response:
            if response.status_code not in _DONE:
                raise self._wire.refused(response)
