"""Pairs of shapes and data, generated: every Core component, path and target, nested in each other.

What pySHACL and the recommendation see differently is left out, and stands in docs/validation.md.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

import pyoxigraph as ox

from kg.rdf import Triple

__all__ = ["Pair", "pair"]

HEAD = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <urn:x:> .
"""
NODES = [f":n{number}" for number in range(8)]
CLASSES = [":A", ":B", ":C"]
PROPERTIES = [":p", ":q", ":r"]
STRINGS = ['"a"', '"ab"', '"abc"', '"x"@en', '"y"@en', '"y"@en-GB', '"z"@de']
NUMBERS = ["1", "2", "30", "2.5", "1.0e1", '"7"^^xsd:nonNegativeInteger', '"-1"^^xsd:int']
ILL = ['"x"^^xsd:integer', '"2023-13-01"^^xsd:date', '"300"^^xsd:byte', '"maybe"^^xsd:boolean']
DATATYPES = [
    "xsd:byte",
    "xsd:string",
    "xsd:integer",
    "xsd:decimal",
    "xsd:boolean",
    "xsd:date",
    "rdf:langString",
]
KINDS = ["IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
BOUNDS = ["1", "2", "2.5", "10"]


class Pair(NamedTuple):
    """Shapes and data, as Turtle."""

    shapes: str
    data: str

    def triples(self) -> tuple[list[Triple], list[Triple]]:
        """Both as triples."""
        return _read(self.shapes), _read(self.data)


def pair(seed: int) -> Pair:
    """The pair of that number: the same every time."""
    rng = random.Random(seed)  # noqa: S311 -- no secret
    shapes, data = ("\n".join(made) for made in (_shapes(rng), _data(rng)))
    return Pair(HEAD + shapes, HEAD + data)


def _read(text: str) -> list[Triple]:
    parsed = ox.parse(text, ox.RdfFormat.TURTLE)
    return [Triple(str(each.subject), str(each.predicate), str(each.object)) for each in parsed]


def _data(rng: random.Random) -> list[str]:
    lines = [":B rdfs:subClassOf :A ."] if rng.random() < 0.7 else []
    nodes = [*NODES, "_:b1", "_:b2"]
    lines += [f"{rng.choice(nodes)} a {rng.choice(CLASSES)} ." for _ in range(8)]
    for _ in range(rng.randrange(10, 30)):
        end = rng.choice(STRINGS + NUMBERS) if rng.random() < 0.5 else rng.choice(nodes)
        lines.append(f"{rng.choice(nodes)} {rng.choice(PROPERTIES)} {end} .")
    for _ in range(8):
        few, many = rng.choice(NUMBERS), rng.choice(NUMBERS)
        lines.append(f"{rng.choice(nodes)} :few {few} ; :many {many} .")
        lines.append(f"{rng.choice(nodes)} :ill {rng.choice(ILL + NUMBERS)} .")
        lines.append(f"{rng.choice(nodes)} :said {rng.choice(STRINGS[3:])} .")
    return lines


def _shapes(rng: random.Random) -> list[str]:
    return [
        f":S{number} a sh:NodeShape ; {_target(rng)} ; {_said(rng)} {_body(rng, 3)} ."
        for number in range(rng.randrange(1, 4))
    ]


def _said(rng: random.Random) -> str:
    return rng.choice(["", "", 'sh:message "mend it" ;', "sh:severity sh:Warning ;"])


def _target(rng: random.Random) -> str:
    return rng.choice(
        [
            f"sh:targetClass {rng.choice(CLASSES)}",
            f"sh:targetNode {rng.choice(NODES)}, {rng.choice(NODES)}",
            f"sh:targetSubjectsOf {rng.choice(PROPERTIES)}",
            f"sh:targetObjectsOf {rng.choice(PROPERTIES)}",
        ]
    )


def _body(rng: random.Random, depth: int) -> str:
    parts = [f"sh:property {_property(rng, depth - 1)}" for _ in range(rng.randrange(1, 3))]
    if rng.random() < 0.5:
        parts += _several(rng, _OF_VALUES, 1)
    if rng.random() < 0.3:
        parts.append(f"sh:property [ {_amounts(rng)} ]")
    if depth > 1 and rng.random() < 0.6:
        parts.append(_logic(rng, depth - 1))
    return " ; ".join(parts)


def _amounts(rng: random.Random) -> str:
    """Of properties that have numbers only, or texts only."""
    if rng.random() < 0.5:
        return "sh:path :said ; sh:uniqueLang true"
    if rng.random() < 0.5:
        return f"sh:path :ill ; sh:datatype {rng.choice(DATATYPES)}"
    order = rng.choice(["lessThan", "lessThanOrEquals"])
    return f"sh:path :few ; sh:{order} :many"


def _property(rng: random.Random, depth: int) -> str:
    parts = [f"sh:path {_path(rng, 2)}"]
    parts += _several(rng, _OF_VALUES, rng.randrange(1, 3)) + _several(rng, _OF_PROPERTIES, 1)
    if depth > 0 and rng.random() < 0.5:
        parts.append(_logic(rng, depth - 1))
    return f"[ {_said(rng)} {' ; '.join(parts)} ]"


def _several(
    rng: random.Random, table: dict[str, Callable[[random.Random], str]], count: int
) -> list[str]:
    return [f"sh:{name} {table[name](rng)}" for name in rng.sample(sorted(table), count)]


def _logic(rng: random.Random, depth: int) -> str:
    def shape() -> str:
        kind = rng.randrange(3)
        if kind == 0:
            return "[ " + " ; ".join(_several(rng, _OF_VALUES, 1)) + " ]"
        return f"[ {_body(rng, depth)} ]" if kind == 1 and depth > 0 else _property(rng, depth)

    name = rng.choice(["node", "not", "and", "or", "xone", "property"])
    if name in {"and", "or", "xone"}:
        return f"sh:{name} ( {shape()} {shape()} )"
    if name == "node":
        return f"sh:node [ {_body(rng, max(depth, 1))} ]"
    return f"sh:{name} {_property(rng, depth) if name == 'property' else shape()}"


def _path(rng: random.Random, depth: int) -> str:
    kind = rng.randrange(7) if depth else 0
    if kind <= 1:
        return rng.choice(PROPERTIES)
    part = _path(rng, depth - 1)
    return (
        f"[ sh:inversePath {rng.choice(PROPERTIES)} ]",
        f"( {part} {_path(rng, depth - 1)} )",
        f"[ sh:alternativePath ( {part} {_path(rng, depth - 1)} ) ]",
        f"[ sh:zeroOrMorePath {rng.choice(PROPERTIES)} ]",
        f"[ {rng.choice(['sh:oneOrMorePath', 'sh:zeroOrOnePath'])} {rng.choice(PROPERTIES)} ]",
    )[kind - 2]


_OF_VALUES: dict[str, Callable[[random.Random], str]] = {
    "class": lambda rng: rng.choice(CLASSES),
    "datatype": lambda rng: rng.choice(DATATYPES),
    "nodeKind": lambda rng: f"sh:{rng.choice(KINDS)}",
    "minInclusive": lambda rng: rng.choice(BOUNDS),
    "minExclusive": lambda rng: rng.choice(BOUNDS),
    "maxInclusive": lambda rng: rng.choice(BOUNDS),
    "maxExclusive": lambda rng: rng.choice(BOUNDS),
    "minLength": lambda rng: str(rng.randrange(4)),
    "maxLength": lambda rng: str(rng.randrange(1, 8)),
    "pattern": lambda rng: rng.choice(['"^a"', '"n[0-3]$"', '"[0-9]+"', '"B" ; sh:flags "i"']),
    "languageIn": lambda rng: rng.choice(['( "en" )', '( "de" "fr" )']),
    "in": lambda rng: f"( {' '.join(rng.sample(NODES, 2) + rng.sample(STRINGS + NUMBERS, 2))} )",
    "equals": lambda rng: rng.choice(PROPERTIES),
    "disjoint": lambda rng: rng.choice(PROPERTIES),
    "hasValue": lambda rng: rng.choice(NODES + STRINGS + NUMBERS),
    "closed": lambda rng: f"true ; sh:ignoredProperties ( rdf:type {rng.choice(PROPERTIES)} )",
}
_OF_PROPERTIES: dict[str, Callable[[random.Random], str]] = {
    "minCount": lambda rng: str(rng.randrange(4)),
    "maxCount": lambda rng: str(rng.randrange(3)),
    "uniqueLang": lambda _: "true",
    "qualifiedValueShape": lambda rng: (
        f"[ {' ; '.join(_several(rng, _OF_VALUES, 1))} ] ; "
        f"sh:{rng.choice(['qualifiedMinCount', 'qualifiedMaxCount'])} {rng.randrange(3)} ; "
        f"sh:qualifiedValueShapesDisjoint {rng.choice(['true', 'false'])}"
    ),
}
