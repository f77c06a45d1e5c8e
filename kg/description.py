"""What the dataset holds, counted: VoID for whoever has not seen it, and for editors that complete.

Counted are the triples of the merge, each once, in one pass over the sorted lines of all graphs and
one over the objects, sorted on disk: what is in memory grows with the classes, properties and
graphs there are, never with the triples. The counts leave out the statements that hold them; only
those of graph/void and of the default graph count all there is.

An editor completes from the partitions: a class has one for each property that its things have, and
that one has partitions for the classes and the datatypes of the values.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeAlias
from urllib.parse import quote

from kg import vocab
from kg.corpus import DESCRIPTION
from kg.lines import in_order
from kg.terms import XSD, Quad, iri, line, literal
from kg.vocab import RDF, VOID, VOID_EXT, curie

__all__ = ["DATASET", "DEFAULT_GRAPH", "description"]

DATASET = DESCRIPTION[1:-1] + "#dataset"
DEFAULT_GRAPH = DESCRIPTION[1:-1] + "#default-graph"

_OWN = DESCRIPTION[1:-1]
_TYPE = vocab.TYPE.encode()
_Triple: TypeAlias = Sequence[bytes]


def description(lines: Iterable[bytes], sizes: Mapping[str, int], folder: Path) -> list[bytes]:
    """The lines of N-Quads that describe these sorted ones, of graphs of these sizes.

    None of them is among those given. What is sorted on the way lies in the folder.
    """
    counts = _counted(lines, folder)
    others = {name: size for name, size in sizes.items() if name != _OWN}
    told = {line(quad).encode() for quad in (*_statements(counts), *_subsets(others))}
    new = sorted(told - counts.described)
    more = len(new) + len([*_last(0, 0)])
    last = _last(len(counts.described) + more, counts.triples + more)
    return [*new, *(line(quad).encode() for quad in last)]


@dataclass
class _Counts:
    """What the lines hold; terms as they are written there."""

    triples: int = 0
    subjects: int = 0
    objects: int = 0
    properties: Counter[bytes] = field(default_factory=Counter)
    entities: Counter[bytes] = field(default_factory=Counter)
    """How many things a class has."""
    uses: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    """How often the things of a class have a property."""
    linked: Counter[tuple[bytes, bytes, bytes]] = field(default_factory=Counter)
    """How often with a thing of that class as the value."""
    valued: Counter[tuple[bytes, bytes, bytes]] = field(default_factory=Counter)
    """How often with a literal of that datatype."""
    described: set[bytes] = field(default_factory=set)
    """The lines of the description's own graph."""


# -- counting


def _counted(lines: Iterable[bytes], folder: Path) -> _Counts:
    counts = _Counts()
    with TemporaryFile(dir=folder) as typed, TemporaryFile(dir=folder) as objects:
        for _, triples in groupby(_triples(lines, counts), key=itemgetter(0)):
            counts.subjects += 1
            _count(counts, [*triples], typed=typed, objects=objects)
        typed.seek(0)
        objects.seek(0)
        _join(counts, in_order(objects, folder), typed)
    return counts


def _triples(lines: Iterable[bytes], counts: _Counts) -> Iterator[_Triple]:
    """The triples of sorted lines, each once, though several graphs may hold it."""
    own, before = f" {DESCRIPTION} .\n".encode(), b""
    for each in lines:
        if each.endswith(own):
            counts.described.add(each)
        triple = each[: each.rindex(b" <")]
        if triple != before:
            before = triple
            yield triple.split(b" ", 2)


def _count(
    counts: _Counts, triples: Sequence[_Triple], *, typed: IO[bytes], objects: IO[bytes]
) -> None:
    """Count what is said of one subject; its classes and its objects go into the files."""
    classes = [value for _, key, value in triples if key == _TYPE]
    counts.triples += len(triples)
    counts.entities.update(classes)
    if classes:
        typed.write(b"\t".join((triples[0][0], *classes)) + b"\n")
    for subject, key, value in triples:
        counts.properties[key] += 1
        for each in classes:
            counts.uses[each, key] += 1
        if value[:1] == b"<":
            objects.write(b"\t".join((value, key, subject, *classes)) + b"\n")
        else:
            datatype = _datatype(value)
            for each in classes:
                counts.valued[each, key, datatype] += 1
            objects.write(value + b"\n")


def _datatype(value: bytes) -> bytes:
    rest = value[value.rindex(b'"') + 1 :]
    if rest[:1] == b"@":
        return iri(RDF + "langString").encode()
    return rest[2:] or iri(XSD + "string").encode()


def _join(counts: _Counts, objects: Iterable[bytes], typed: Iterable[bytes]) -> None:
    """Count the objects, and where they are things with a class; both come in their order.

    A term in angle brackets is never the beginning of another, so that the order of whole lines is
    the order of the terms they begin with.
    """
    known = (each.rstrip(b"\n").split(b"\t") for each in typed)
    thing = next(known, None)
    for value, group in groupby(objects, key=_value):
        counts.objects += 1
        while thing and thing[0] < value:
            thing = next(known, None)
        if thing and thing[0] == value:
            for each in group:
                _, key, _, *classes = each.rstrip(b"\n").split(b"\t")
                counts.linked.update((own, key, its) for own in classes for its in thing[1:])


def _value(each: bytes) -> bytes:
    return each.partition(b"\t")[0] if each[:1] == b"<" else each


# -- telling


def _statements(counts: _Counts) -> Iterator[Quad]:
    whole = iri(DATASET)
    yield Quad(whole, vocab.TYPE, _void("Dataset"), DESCRIPTION)
    yield _number(whole, "triples", counts.triples)
    yield _number(whole, "distinctSubjects", counts.subjects)
    yield _number(whole, "distinctObjects", counts.objects)
    yield _number(whole, "properties", len(counts.properties))
    yield _number(whole, "classes", len(counts.entities))
    for key, times in counts.properties.items():
        part = _part("property", key)
        yield Quad(whole, _void("propertyPartition"), part, DESCRIPTION)
        yield Quad(part, _void("property"), key.decode(), DESCRIPTION)
        yield _number(part, "triples", times)
    for each, things in counts.entities.items():
        yield from _class(whole, _part("class", each), each)
        yield _number(_part("class", each), "entities", things)
    yield from _partitions(counts)


def _partitions(counts: _Counts) -> Iterator[Quad]:
    """What the things of a class have, by property and by what the values are."""
    triples: Counter[bytes] = Counter()
    for (each, key), times in counts.uses.items():
        triples[each] += times
        part = _part("class", each, key)
        yield Quad(_part("class", each), _void("propertyPartition"), part, DESCRIPTION)
        yield Quad(part, _void("property"), key.decode(), DESCRIPTION)
        yield _number(part, "triples", times)
    for each, times in triples.items():
        yield _number(_part("class", each), "triples", times)
    for (each, key, its), times in counts.linked.items():
        part = _part("class", each, key, its)
        yield from _class(_part("class", each, key), part, its)
        yield _number(part, "triples", times)
    for (each, key, datatype), times in counts.valued.items():
        part = _part("class", each, key, datatype)
        held = iri(VOID_EXT + "datatypePartition")
        yield Quad(_part("class", each, key), held, part, DESCRIPTION)
        yield Quad(part, iri(VOID_EXT + "datatype"), datatype.decode(), DESCRIPTION)
        yield _number(part, "triples", times)


def _class(whole: str, part: str, its: bytes) -> Iterator[Quad]:
    yield Quad(whole, _void("classPartition"), part, DESCRIPTION)
    yield Quad(part, _void("class"), its.decode(), DESCRIPTION)


def _subsets(sizes: Mapping[str, int]) -> Iterator[Quad]:
    for name, size in sizes.items():
        graph = iri(name)
        yield Quad(iri(DATASET), _void("subset"), graph, DESCRIPTION)
        yield Quad(graph, vocab.TYPE, _void("Dataset"), DESCRIPTION)
        yield _number(graph, "triples", size)


def _last(own: int, merged: int) -> Iterator[Quad]:
    """What can be told only when all else is: the graph of the description, and the merge."""
    yield from _subsets({_OWN: own})
    yield Quad(iri(DEFAULT_GRAPH), vocab.TYPE, _void("Dataset"), DESCRIPTION)
    yield _number(iri(DEFAULT_GRAPH), "triples", merged)


def _number(subject: str, key: str, number: int) -> Quad:
    return Quad(subject, _void(key), literal(str(number), XSD + "integer"), DESCRIPTION)


def _part(kind: str, *terms: bytes) -> str:
    """The name of a partition: what it is a partition by, shortened, one after the other."""
    names = (quote(curie(term[1:-1].decode()), safe=":") for term in terms)
    return iri(f"{_OWN}#{'/'.join((kind, *names))}")


def _void(name: str) -> str:
    return iri(VOID + name)
