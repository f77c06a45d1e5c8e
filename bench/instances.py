"""What the compiler wrote, as the instance data its peers start from: objects of classes.

A peer maps data that is already in the shape of its model. So the data it gets is made from our
own output: one object a subject, one field a predicate. The logical claims are the same by
construction, and what the compiler works out (ids, offsets, EDTF bounds, the lexicon, principals,
relay chains, every check) the peer is given for nothing.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

__all__ = [
    "PREFIXES",
    "UNTYPED",
    "Field",
    "Model",
    "Subject",
    "Term",
    "expanded",
    "instances",
    "model",
    "subjects",
    "tables",
    "triples",
]

BASE = "https://w3id.org/caspian/"
PREFIXES = {
    "cas": BASE + "ontology#",
    "id": BASE + "id/",
    "c": BASE + "claim/",
    "v": BASE + "value/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sdo": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
}
QUAD = re.compile(r"<(\S+)> <(\S+)> (.+) <(\S+)> \.\n")
LITERAL = re.compile(r'"(.*)"(?:\^\^<(.+)>|@(\S+))?')
TYPE = PREFIXES["rdf"] + "type"
VIEW = BASE + "graph/view/"
UNTYPED = "Mentioned"  # subjects another article or the seeds give a class


class Term(NamedTuple):
    """The object of a triple; `range` is "iri", "string", "@en" or the CURIE of a datatype."""

    value: str
    range: str


class Field(NamedTuple):
    """A field of a class: its predicate, and what its values are."""

    name: str
    predicate: str
    range: str


Subject = tuple[str, str, dict[Field, list[str]]]  # CURIE, class (CURIE), values
Model = dict[str, dict[Field, bool]]  # class (CURIE) → its fields, and whether one has many values


def curie(iri: str) -> str:
    """The IRI with its prefix; as it stands where it has none."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base):
            return f"{prefix}:{iri[len(base) :]}"
    return iri


def term(text: str) -> Term:
    """The N-Quads term as a value and its range."""
    if text.startswith("<"):
        return Term(curie(text[1:-1]), "iri")
    found = LITERAL.fullmatch(text)
    value = re.sub(r"\\(.)", lambda escape: {"n": "\n"}.get(escape[1], escape[1]), found[1])
    return Term(value, f"@{found[3]}" if found[3] else curie(found[2] or "string"))


def subjects(lines: Iterable[str]) -> Iterator[list[Subject]]:
    """The objects of one article after the other; the views, computed from claims, left out."""
    quads = (QUAD.fullmatch(line).groups() for line in lines)
    kept = (quad for quad in quads if not quad[3].startswith(VIEW))
    for _, group in groupby(kept, key=_Articles()):
        yield list(_gathered(group))


class _Articles:
    """Numbers the articles as their quads pass: what is derived follows the article it is from."""

    def __init__(self) -> None:
        self.graph = ""

    def __call__(self, quad: tuple[str, ...]) -> str:
        if "/article/" in quad[3]:
            self.graph = quad[3]
        return self.graph


def _gathered(quads: Iterable[tuple[str, ...]]) -> Iterator[Subject]:
    found: dict[str, dict[Field, list[str]]] = {}
    types: dict[str, str] = {}
    for subject, predicate, value, _ in quads:
        fields = found.setdefault(subject, {})
        if predicate == TYPE:
            types[subject] = curie(value[1:-1])
            continue
        text, kind = term(value)
        name = re.sub(r"\W", "_", curie(predicate))
        values = fields.setdefault(Field(name, curie(predicate), kind), [])
        if text not in values:  # the same triple in two graphs is one triple
            values.append(text)
    for subject, fields in found.items():
        yield curie(subject), types.get(subject, UNTYPED), fields


def model(articles: Iterable[list[Subject]]) -> Model:
    """The classes and fields the articles use."""
    classes: Model = {}
    for article in articles:
        for _, kind, fields in article:
            known = classes.setdefault(kind, {})
            for field, values in fields.items():
                known[field] = known.get(field, False) or len(values) > 1
    return classes


def instances(article: list[Subject], classes: Model) -> dict[str, list[dict[str, object]]]:
    """The article as JSON has it: each class's objects, by its local name."""
    found: dict[str, list[dict[str, object]]] = {}
    for subject, kind, fields in article:
        entry = {
            field.name: values if classes[kind][field] else values[0]
            for field, values in fields.items()
        }
        found.setdefault(kind.partition(":")[2] or kind, []).append({"id": subject, **entry})
    return found


def expanded(article: list[Subject]) -> Iterator[tuple[str, str, str, str]]:
    """The article's triples: subject, predicate, value and its range."""
    for subject, kind, fields in article:
        if kind != UNTYPED:
            yield subject, "rdf:type", kind, "iri"
        for field, values in fields.items():
            for value in values:
                yield subject, field.predicate, value, field.range


def whole(curie: str) -> str:
    """The IRI a CURIE stands for."""
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name if prefix in PREFIXES else curie


def tables(articles: Iterable[list[Subject]], classes: Model) -> dict[str, list[dict[str, str]]]:
    """The articles as flat rows: a table a class, and one for each field that has many values."""
    found: dict[str, list[dict[str, str]]] = {}
    for article in articles:
        for subject, kind, fields in article:
            name, key = kind.partition(":")[2] or kind, {"id": whole(subject)}
            row = dict(key)
            for field, values in fields.items():
                told = [whole(value) if field.range == "iri" else value for value in values]
                if classes[kind][field]:
                    many = found.setdefault(f"{name}.{field.name}", [])
                    many.extend(key | {"value": value} for value in told)
                else:
                    row[field.name] = told[0]
            found.setdefault(name, []).append(row)
    return found


def triples(article: list[Subject]) -> int:
    """How many triples the article's objects stand for."""
    return sum(1 for _ in expanded(article))
