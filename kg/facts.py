"""What the graph holds of anything it names: what it is called, its properties, what leads to it.

Claims are told elsewhere (kg/profile.py, kg/statements.py). What views conclude from claims is left
out: it is nobody's word.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias, cast

from kg import vocab
from kg.errors import QueryError, UnknownNameError
from kg.phrasing import property_of
from kg.resolve import short
from kg.statements import SEEN, leading, query
from kg.store import Iri, Literal, Store, Term

__all__ = ["Fact", "Facts", "facts", "is_known", "links_to"]

FACTS, POINTING = 500, 200
"""How many of its own and of those that lead to it are read; the queries have the numbers too."""

_TERMS = (
    *(vocab.LABEL, vocab.PREF_LABEL, vocab.cas("quotation"), vocab.cas("wording")),
    *(vocab.cas("edtf"), vocab.cas("written"), vocab.cas("explanation"), vocab.cas("because")),
    *(vocab.EXACT, vocab.AS_WKT),
)
_NAMES = tuple(term.strip("<>") for term in _TERMS)
"""What a thing goes by, the best first."""

_TYPE = vocab.TYPE.strip("<>")
_GENERAL = (vocab.OWL, vocab.SKOS)
"""Classes from here say little beside one of ours."""

_Row: TypeAlias = tuple[Term, Term | None, Term, Term | None, Term | None]

_PLAIN = {vocab.GEO + "sfWithin": "within", vocab.SKOS + "altLabel": "also called"}
"""In words that the last part of the IRI does not give."""

_LAST = re.compile(r"[^/#]*$")


@dataclass(frozen=True)
class Fact:
    """A property, and what stands at the other end of it."""

    property: str
    """Its IRI."""
    label: str
    """The property in words."""
    other: Term
    name: str
    """What the other end is called; empty where it has no name."""


@dataclass(frozen=True)
class Facts:
    """What is told of a thing outside claims."""

    iri: str
    name: str
    """Its name, or its first words; empty where it has neither."""
    kind: str
    """Its class in words; empty where none is told."""
    own: tuple[Fact, ...]
    pointing: tuple[Fact, ...]
    """What leads to it; the other end is where from."""
    more: bool
    """Whether there are more than these."""


def facts(store: Store, iri: str) -> Facts:
    """What the graph holds of the thing with this IRI.

    Raises UnknownNameError where it stands nowhere in the graph.
    """
    own, pointing = (tuple(_read(store, name, iri)) for name in ("facts", "pointing"))
    if not (own or pointing or is_known(store, iri)):
        raise UnknownNameError(short(iri))
    texts = ((each.property, str(each.other)) for each in own if isinstance(each.other, Literal))
    return Facts(
        iri=iri,
        name=_called(texts),
        kind=_kind(own),
        own=own[:FACTS],
        pointing=pointing[:POINTING],
        more=len(own) > FACTS or len(pointing) > POINTING or leading(store, iri) > SEEN,
    )


def is_known(store: Store, iri: str) -> bool:
    """Whether the IRI stands anywhere in the graph; what is no IRI stands nowhere."""
    try:
        return store.ask(query("known"), node=Iri(iri))
    except QueryError:
        return False


def links_to(store: Store, iri: str) -> tuple[str, ...]:
    """The IRIs of the properties by which claims lead to the thing, such as that of cas:speaker."""
    return tuple(str(link) for (link,) in store.select(query("claim_links"), node=Iri(iri)).rows)


def _read(store: Store, name: str, iri: str) -> Iterator[Fact]:
    # the query binds the property and the other end of each row
    rows = cast("tuple[_Row, ...]", store.select(query(name), node=Iri(iri)).rows)
    for (link, label, other), group in groupby(rows, key=lambda row: row[:3]):
        names = ((str(naming), str(text)) for _, _, _, naming, text in group)
        yield Fact(str(link), str(label or _words(str(link))), other, _called(names))


def _called(texts: Iterable[tuple[str, str]]) -> str:
    """The best of these names, each with the property it stands under."""
    known: dict[str, str] = {}
    for naming, text in texts:
        known.setdefault(naming, text)
    return next((known[naming] for naming in _NAMES if naming in known), "")


def _kind(own: tuple[Fact, ...]) -> str:
    types = [fact for fact in own if fact.property == _TYPE]
    types.sort(key=lambda fact: str(fact.other).startswith(_GENERAL))
    return next((fact.name or _words(str(fact.other)) for fact in types), "")


def _words(iri: str) -> str:
    """The last part of an IRI in words.

    >>> _words("http://www.w3.org/ns/oa#hasSelector")
    'has selector'
    """
    if iri in _PLAIN:
        return _PLAIN[iri]
    return property_of(_LAST.findall(iri)[0]).replace("-", " ") or iri
