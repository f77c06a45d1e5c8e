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
_STRING = iri(XSD + "string").encode()
_LANGUAGE_STRING = iri(RDF + "langString").encode()
_Triple: TypeAlias = Sequence[bytes]
_Classes: TypeAlias = tuple[bytes, ...]
_Terms: TypeAlias = tuple[bytes, ...]

# how a whole names its partition, and that what it is a partition by
_KINDS = {
    "class": (iri(VOID + "classPartition"), iri(VOID + "class")),
    "property": (iri(VOID + "propertyPartition"), iri(VOID + "property")),
    "datatype": (iri(VOID_EXT + "datatypePartition"), iri(VOID_EXT + "datatype")),
}


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
    """What the lines hold, by the classes of their subjects; terms as they are written there."""

    triples: int = 0
    objects: int = 0
    things: Counter[_Classes] = field(default_factory=Counter)
    """How many subjects have just these classes, or none."""
    uses: Counter[tuple[_Classes, bytes, bytes]] = field(default_factory=Counter)
    """How often such subjects have a property, with a literal of that datatype or with an IRI."""
    links: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    """How often one of the `numbers` has a thing with just these classes, tab after tab."""
    numbers: dict[tuple[_Classes, bytes], bytes] = field(default_factory=dict)
    """A number for what a property is to subjects of just these classes."""
    described: set[bytes] = field(default_factory=set)
    """The lines of the description's own graph."""


# -- counting


def _counted(lines: Iterable[bytes], folder: Path) -> _Counts:
    counts = _Counts()
    with TemporaryFile(dir=folder) as typed, TemporaryFile(dir=folder) as objects:
        for _, triples in groupby(_triples(lines, counts), key=itemgetter(0)):
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
    classes = tuple(value for _, key, value in triples if key == _TYPE)
    counts.triples += len(triples)
    counts.things[classes] += 1
    if classes:
        typed.write(b"%b\t%b\n" % (triples[0][0], b"\t".join(classes)))
    for subject, key, value in triples:
        datatype = _datatype(value)
        counts.uses[classes, key, datatype] += 1
        if datatype:
            objects.write(value + b"\n")
        else:
            number = counts.numbers.setdefault((classes, key), b"%d" % len(counts.numbers))
            objects.write(b"%b\t%b\t%b\n" % (value, number, subject))


def _datatype(value: bytes) -> bytes:
    """The datatype of a literal; nothing of an IRI."""
    if value[:1] == b"<":
        return b""
    rest = value[value.rindex(b'"') + 1 :]
    return _LANGUAGE_STRING if rest[:1] == b"@" else rest[2:] or _STRING


def _join(counts: _Counts, objects: Iterable[bytes], typed: Iterable[bytes]) -> None:
    """Count the objects, and where they are things with a class; both come in their order.

    A term in angle brackets is never the beginning of another, so that the order of whole lines is
    the order of the terms they begin with.
    """
    known = (each.rstrip(b"\n").split(b"\t", 1) for each in typed)
    thing = next(known, None)
    for value, group in groupby(objects, key=_value):
        counts.objects += 1
        while thing and thing[0] < value:
            thing = next(known, None)
        if thing and thing[0] == value:
            for each in group:
                counts.links[each.split(b"\t", 2)[1], thing[1]] += 1


def _value(each: bytes) -> bytes:
    return each[: each.index(b"\t")] if each[:1] == b"<" else each


# -- telling


def _statements(counts: _Counts) -> Iterator[Quad]:
    whole = iri(DATASET)
    properties, classes = Counter[bytes](), Counter[bytes]()
    for (_, key, _), times in counts.uses.items():
        properties[key] += times
    for its, things in counts.things.items():
        classes.update(dict.fromkeys(its, things))
    yield Quad(whole, vocab.TYPE, _void("Dataset"), DESCRIPTION)
    yield _number(whole, "triples", counts.triples)
    yield _number(whole, "distinctSubjects", counts.things.total())
    yield _number(whole, "distinctObjects", counts.objects)
    yield _number(whole, "properties", len(properties))
    yield _number(whole, "classes", len(classes))
    for each, things in classes.items():
        yield _number(_node(_path("", "class", each)), "entities", things)
    for key, times in properties.items():
        yield from _partition("", "property", key, times)
    yield from _partitions(counts)


def _partitions(counts: _Counts) -> Iterator[Quad]:
    """What the things of a class have, by property, and by the class or datatype of the values."""
    classes, uses, values = Counter[bytes](), Counter[_Terms](), Counter[_Terms]()
    for (own, key, datatype), times in counts.uses.items():
        classes.update(dict.fromkeys(own, times))
        uses.update({(each, key): times for each in own})
        values.update({(each, key, datatype): times for each in own if datatype})
    for each, times in classes.items():
        yield from _partition("", "class", each, times)
    for (each, key), times in uses.items():
        yield from _partition(_path("", "class", each), "property", key, times)
    for (each, key, datatype), times in values.items():
        path = _path(_path("", "class", each), "property", key)
        yield from _partition(path, "datatype", datatype, times)
    for (each, key, its), times in _linked(counts).items():
        path = _path(_path("", "class", each), "property", key)
        yield from _partition(path, "class", its, times)


def _linked(counts: _Counts) -> Counter[_Terms]:
    """How often the things of a class have a thing of a class by a property."""
    meaning = {number: use for use, number in counts.numbers.items()}
    linked = Counter[_Terms]()
    for (number, classes), times in counts.links.items():
        own, key = meaning[number]
        for its in classes.split(b"\t"):
            linked.update({(each, key, its): times for each in own})
    return linked


def _partition(path: str, kind: str, its: bytes, times: int) -> Iterator[Quad]:
    """The partition, of what has that path or else of all, by one class, property or datatype."""
    held, by = _KINDS[kind]
    whole, part = _node(path) if path else iri(DATASET), _node(_path(path, kind, its))
    yield Quad(whole, held, part, DESCRIPTION)
    yield Quad(part, by, its.decode(), DESCRIPTION)
    yield _number(part, "triples", times)


def _path(path: str, kind: str, its: bytes) -> str:
    name = quote(curie(its[1:-1].decode()), safe=":")
    return f"{path}/{kind}/{name}".removeprefix("/")


def _node(path: str) -> str:
    return iri(f"{_OWN}#{path}")


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


def _void(name: str) -> str:
    return iri(VOID + name)
