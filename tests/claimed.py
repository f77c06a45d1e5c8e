"""Stores of invented claims, a line each: who says which thing has what, how sure, and when."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from kg.store import OxigraphStore
from kg.vocab import CAS, CLAIM, EDTF, GRAPH, ID, OA, RDF, RDFS, VALUE, XSD

KEYS = {
    "from": "thing",
    "to": "thing",
    "cargo": "thing",
    "item": "thing",
    "route": "thing",
    "locatedIn": "thing",
    "supplier": "thing",
    "recipient": "thing",
    "mode": "concept",
    "status": "concept",
    "order": "integer",
    "period": "date",
}
CLASSES = {
    "place": "PopulatedPlace",
    "leg": "RouteLeg",
    "actor": "State",
    "system": "SystemType",
    "transfer": "Transfer",
}


class Told(NamedTuple):
    """A claim: who says of a thing that a property has a value."""

    thing: str
    key: str
    value: str
    by: str = "us"
    certainty: str = "asserted"
    denied: bool = False
    occasion: str = ""
    article: str = "000"
    published: str = "2023-06-30"
    inferred: bool = False


def leg(start: str, end: str, name: str = "", **how: object) -> tuple[Told, Told]:
    """The claims of a leg between two places."""
    thing = f"leg/{name or f'{start}-{end}'}"
    return (
        Told(thing, "from", f"place/{start}", **how),  # type: ignore[arg-type]
        Told(thing, "to", f"place/{end}", **how),  # type: ignore[arg-type]
    )


def chain(*places: str, **how: object) -> list[Told]:
    """The claims of legs from each place to the next."""
    return [each for pair in pairwise(places) for each in leg(*pair, **how)]


def claimed(told: Iterable[Told], more: Iterable[str] = ()) -> OxigraphStore:
    """A store of these claims, with a view of all and one of each speaker, and these lines too."""
    return OxigraphStore.memory(lines(told, more))


def lines(told: Iterable[Told], more: Iterable[str] = ()) -> list[bytes]:
    """These claims as lines of N-Quads."""
    return [f"{line} .\n".encode() for line in (*_lines([*told]), *more)]


def node(name: str) -> str:
    """The thing of this id."""
    return f"<{ID}{name}>"


def _lines(told: list[Told]) -> Iterator[str]:
    about, kind, label = f"<{GRAPH}x>", f"<{RDF}type>", f"<{RDFS}label>"
    for name in CLASSES.values():
        yield f"<{CAS}{name}> <{RDFS}subClassOf> <{CAS}Thing> {about}"
    for key, what in KEYS.items():
        yield f"<{CAS}{key}> <{CAS}key> {_text(key)} {about}"
        yield f"<{CAS}{key}> <{CAS}valueKind> {_text(what)} {about}"
        yield f"<{CAS}{key}> <{CAS}valueProperty> <{VALUE}{key}> {about}"
        yield f"<{CAS}{key}> <{CAS}claimProperty> <{CLAIM}{key}> {about}"
    for view in ("any", *sorted({each.by for each in told})):
        yield f"<{GRAPH}view/{view}> {kind} <{CAS}View> {about}"
    things = {name for each in told for name in (each.thing, each.value)}
    for name in sorted(things):
        prefix, _, rest = name.partition("/")
        if prefix in CLASSES:
            yield f"{node(name)} {kind} <{CAS}{CLASSES[prefix]}> {about}"
            yield f"{node(name)} {label} {_text(rest)} {about}"
    for number, each in enumerate(told):
        yield from _claim(number, each)


def _claim(number: int, told: Told) -> Iterator[str]:
    name = f"claim/{number:04}"
    article, claim = f"<{GRAPH}article/{told.article}>", node(name)
    value, lines = _value(told)
    yield from lines
    yield f"{claim} <{VALUE}{told.key}> {value} {article}"
    occasion = told.occasion or f"{told.by}-{told.article}"
    facts = {
        "about": told.thing,
        "polarity": "polarity/denied" if told.denied else "polarity/affirmed",
        "certainty": f"certainty/{told.certainty}",
        "form": "form/inference" if told.inferred else "form/indirect",
        "principal": f"actor/{told.by}",
        "utterance": f"utterance/{occasion}",
        "inArticle": f"article/{told.article}",
        "speaker": f"actor/{told.by}",
        "evidence": f"passage/{name}",
    }
    for key, other in facts.items():
        yield f"{claim} <{CAS}{key}> {node(other)} {article}"
    passage, place = node(f"passage/{name}"), node(f"passage/{name}/position")
    yield f"{passage} <{CAS}quotation> {_text(f'words of {name}')} {article}"
    yield f"{passage} <{OA}hasSelector> {place} {article}"
    for which, where in (("start", number), ("end", number + 5)):
        yield f'{place} <{OA}{which}> "{where}"^^<{XSD}integer> {article}'
    when, written = node(f"value/date/{told.published}"), node(f"article/{told.article}")
    yield f"{written} <{CAS}publicationDate> {when} {article}"
    if told.published:
        yield f'{when} <{CAS}latest> "{told.published}"^^<{XSD}date> {article}'
    if not told.denied and not told.inferred:
        for view in ("any", told.by):
            yield f"{node(told.thing)} <{CAS}{told.key}> {value} <{GRAPH}view/{view}>"


def _value(told: Told) -> tuple[str, list[str]]:
    """The value as a term, and what describes it."""
    if told.key == "order":
        return f'"{told.value}"^^<{XSD}integer>', []
    if told.key != "period":
        return node(told.value), []
    first, _, last = told.value.partition("/")
    value, where = node(f"value/date/{first}-{last}".replace(".", "x")), f"<{GRAPH}x>"
    lines = [
        f"{value} <{RDF}type> <{CAS}DateValue> {where}",
        f'{value} <{CAS}edtf> "{told.value}"^^<{EDTF}> {where}',
    ]
    for key, day in (("earliest", first), ("latest", last)):
        if day != "..":
            lines.append(f'{value} <{CAS}{key}> "{day}"^^<{XSD}date> {where}')
    return value, lines


def _text(words: str) -> str:
    return f'"{words}"'
