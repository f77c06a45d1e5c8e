"""Lines of N-Quads: taken apart, copied into the default graph, put in order on disk."""

import heapq
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from kg.errors import StoreError

__all__ = ["Line", "in_order", "split"]

_IRI = rb'<[^<>"{}|^`\\\x00-\x20]+>'
_QUAD = re.compile(
    rb"(%(iri)s %(iri)s (?:%(iri)s|"
    rb'"(?:[^"\\\r\n]|\\.)*+"(?:\^\^%(iri)s|@[A-Za-z]+(?:-[A-Za-z0-9]+)*)?))'
    rb" <(%(body)s)> \.\r?\n?" % {b"iri": _IRI, b"body": _IRI[1:-1]}
)
_SHOWN = 200
_RUN = 250_000


class Line(NamedTuple):
    """A quad of a named graph: its line, the same triple's line without the graph, the graph."""

    quad: bytes
    triple: bytes
    graph: str


def split(line: bytes) -> Line:
    r"""The parts of one line of N-Quads; anything but a quad of a named graph is an error.

    >>> split(b'<urn:s> <urn:p> "a <b> ." <urn:g> .\n').triple
    b'<urn:s> <urn:p> "a <b> ." .\n'
    """
    found = _QUAD.fullmatch(line)
    if found is None:
        shown = line[:_SHOWN].decode(errors="replace").rstrip()
        raise StoreError(
            f"not a line of N-Quads with IRIs, a literal at most, and a named graph: {shown}; "
            "write it with kg.terms, a term apart by one space, without blank nodes"
        )
    triple, graph = found.groups()
    return Line(triple + b" <" + graph + b"> .\n", triple + b" .\n", graph.decode())


def in_order(
    lines: Iterable[bytes], folder: Path | None = None, *, run: int = _RUN
) -> Iterator[bytes]:
    r"""The lines sorted, each once; `run` of them are in memory, the rest in files in the folder.

    >>> list(in_order([b"b\n", b"a\n", b"b\n"]))
    [b'a\n', b'b\n']
    """
    source = iter(lines)
    with ExitStack() as files:
        runs = []
        while chunk := sorted(islice(source, run)):
            runs.append(files.enter_context(TemporaryFile(dir=folder)))
            runs[-1].writelines(chunk)
            runs[-1].seek(0)
        for line, _ in groupby(heapq.merge(*runs)):
            yield line
