"""What a claim can say: a thing, a text, a number; or a quantity, sum, distance or date."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from kg import vocab
from kg.terms import XSD, Quad, literal
from kg.vocab import cas, thing

__all__ = [
    "NAME",
    "Date",
    "Distance",
    "Money",
    "Quantity",
    "Ref",
    "Text",
    "Value",
    "Whole",
    "describe",
    "digest",
    "node_id",
    "slug",
    "term",
    "wording_of",
]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What a part of an id is made of."""

METRES = {"km": Decimal(1000), "miles": Decimal("1609.344")}
"""Units a distance may be given in; the mile is the international one, exact by definition."""


class Ref(NamedTuple):
    """Another thing, and how the article wrote it where that differs from its label."""

    id: str
    written: str = ""
    match: str = ""
    because: str = ""


class Text(NamedTuple):
    """Words of the article that are themselves what is claimed."""

    text: str


class Whole(NamedTuple):
    """A whole number, such as the place of a leg in its route."""

    number: int


class Quantity(NamedTuple):
    """How many, between two bounds; an open bound is None."""

    minimum: Decimal | None
    maximum: Decimal | None
    wording: str = ""
    rule: str = ""


class Money(NamedTuple):
    """How much money, between two bounds; an open bound is None."""

    minimum: Decimal | None
    maximum: Decimal | None
    currency: str
    wording: str = ""
    rule: str = ""


class Distance(NamedTuple):
    """How far from another place, and in which direction; a bare bearing has no number."""

    place: str
    number: Decimal | None
    unit: str
    bearing: str
    approximate: bool
    wording: str = ""


class Date(NamedTuple):
    """When: an EDTF date with its first and last possible day, empty where open."""

    edtf: str
    earliest: str
    latest: str
    wording: str = ""
    anchor: str = ""
    rule: str = ""


Value = Ref | Text | Whole | Quantity | Money | Distance | Date


def wording_of(value: Value) -> str:
    """The words of the article the value keeps; none for a whole number or a plain reference.

    >>> wording_of(Ref("place/seshcha", "Sisha"))
    'Sisha'
    """
    match value:
        case Ref(written=words) | Text(text=words):
            return words
        case Whole():
            return ""
        case _:
            return value.wording


_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """The text as a part of an id.

    >>> slug("Billions of dollars")
    'billions-of-dollars'
    """
    return _NOT_SLUG.sub("-", text.lower()).strip("-")[:48]


def digest(parts: Iterable[str], size: int) -> str:
    """A fingerprint of the parts, in hexadecimal digits, two for each of `size` bytes.

    >>> digest(["Sisha", "place/seshcha"], 4)
    '2c5d0d2d'
    """
    return blake2b("\x1f".join(parts).encode(), digest_size=size).hexdigest()


@lru_cache(maxsize=65536)
def term(value: Value) -> str:
    """The value as the object of a triple: a thing, a literal, or the node that describes it.

    >>> term(Ref("place/amirabad")), term(Whole(2))[:3]
    ('<https://w3id.org/caspian/id/place/amirabad>', '"2"')
    """
    match value:
        case Ref(id=name):
            return thing(name)
        case Text(text=text):
            return literal(text)
        case Whole(number=number):
            return literal(str(number), XSD + "integer")
        case _:
            return thing(node_id(value))


def node_id(value: Quantity | Money | Distance | Date) -> str:
    """The id of the node that describes the value: the same content, the same id.

    >>> node_id(Quantity(Decimal(200), Decimal(999), "hundreds", "hundreds"))
    'value/quantity/hundreds-60cba013'
    """
    kind = type(value).__name__.lower()
    words = slug(value.wording or (value.edtf if isinstance(value, Date) else "")) or "stated"
    # numbers as they are written, so that 200 and 200.0, which are equal, are one node
    parts = (_digits(part) if isinstance(part, Decimal) else str(part) for part in value)
    return f"value/{kind}/{words}-{digest(parts, 4)}"


def describe(value: Value, graph: str) -> Iterator[Quad]:
    """The quads that describe a value's node; none for a thing, a text or a whole number."""
    for predicate, text in _description(value):
        yield Quad(term(value), predicate, text, graph)


@lru_cache(maxsize=65536)
def _description(value: Value) -> tuple[tuple[str, str], ...]:
    match value:
        case Quantity():
            return (_typed("QuantityValue"), *_range(value), *_words(value.wording, value.rule))
        case Money():
            currency = (cas("currency"), literal(value.currency))
            words = _words(value.wording, value.rule)
            return (_typed("MoneyValue"), *_range(value), currency, *words)
        case Distance():
            return (_typed("DistanceValue"), *_distance(value), *_words(value.wording, ""))
        case Date():
            return (_typed("DateValue"), *_date(value), *_words(value.wording, value.rule))
        case _:
            return ()


def _typed(name: str) -> tuple[str, str]:
    return vocab.TYPE, cas(name)


def _range(value: Quantity | Money) -> Iterator[tuple[str, str]]:
    for name, bound in (("minimum", value.minimum), ("maximum", value.maximum)):
        if bound is not None:
            yield cas(name), _decimal(bound)


def _words(wording: str, rule: str) -> Iterator[tuple[str, str]]:
    if wording:
        yield cas("wording"), literal(wording)
    if rule:
        yield cas("rule"), literal(rule)


def _distance(value: Distance) -> Iterator[tuple[str, str]]:
    yield cas("referencePlace"), thing(value.place)
    if value.number is not None:
        yield cas("number"), _decimal(value.number)
        yield cas("unit"), literal(value.unit)
        yield cas("metres"), _decimal(value.number * METRES[value.unit])
        yield cas("approximate"), literal(str(value.approximate).lower(), XSD + "boolean")
    if value.bearing:
        yield cas("bearing"), literal(value.bearing)


def _date(value: Date) -> Iterator[tuple[str, str]]:
    yield cas("edtf"), literal(value.edtf, vocab.EDTF)
    for name, day in (("earliest", value.earliest), ("latest", value.latest)):
        if day:
            yield cas(name), literal(day, XSD + "date")
    if value.anchor:
        yield cas("anchor"), literal(value.anchor, vocab.EDTF)


def _decimal(number: Decimal) -> str:
    return literal(_digits(number), XSD + "decimal")


def _digits(number: Decimal) -> str:
    return format(number.normalize(), "f")
