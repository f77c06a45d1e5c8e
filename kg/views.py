"""Views: what the world looks like to somebody, as plain triples computed from claims by a policy.

A policy is data (seeds/views.yaml). Each plain triple leads back to the claims it came from: they
are the claims on the same thing and property with the same value (kg/traces.py).

Most policies look at one claim at a time. One that wants several origins is kept by an Agreement,
which sees the articles one after the other and holds a small key for each distinct triple.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kg import vocab
from kg.claims import Claim
from kg.entities import Entities
from kg.errors import InputError, closest, meant
from kg.mapping import ArticleMapping
from kg.source import Document, Tree, read_yaml
from kg.terms import Quad, literal
from kg.values import NAME, Date, Ref, describe, term
from kg.vocab import cas, graph, thing

__all__ = [
    "Agreement",
    "View",
    "origin_of",
    "read_views",
    "view_quads",
    "views",
    "views_described",
]

_POLARITIES = ("affirmed", "denied")
_CERTAINTIES = ("asserted", "probable", "possible", "alleged", "reported")
_INFERRED = "inference"


def origin_of(claim: Claim) -> str:
    """Where the claim comes from in the end: those on whose behalf it is said."""
    return claim.principal


class View(NamedTuple):
    """A policy: which claims a view holds."""

    name: str
    label: str
    description: str
    polarity: str = "affirmed"
    principal: str = ""
    """Only claims spoken on behalf of this actor; of anybody where it is empty."""
    certainties: tuple[str, ...] = ()
    """Only claims that are this sure; however sure where there is none."""
    as_of: str = ""
    """Only claims of articles that had appeared by the end of this day, where one is given."""
    origins: int = 1
    """Only what the claims of so many independent origins say alike."""

    def reads(self, published: Date) -> bool:
        """Whether an article of that date is read here: not one that may have appeared too late."""
        return not self.as_of or "" < published.latest <= self.as_of

    def holds(self, claim: Claim) -> bool:
        """Whether the claim, of an article that is read, is heard; the editor's never are."""
        return (
            claim.polarity == self.polarity
            and claim.form != _INFERRED
            and self.principal in {"", claim.principal}
            and (not self.certainties or claim.certainty in self.certainties)
        )

    @property
    def policy(self) -> str:
        """The policy in words.

        >>> View("us", "", "", principal="actor/us", as_of="2022-12-31").policy
        'polarity affirmed, principal actor/us, published by 2022-12-31'
        """
        parts = (
            f"polarity {self.polarity}",
            f"principal {self.principal}" * bool(self.principal),
            f"certainty {' or '.join(self.certainties)}" * bool(self.certainties),
            f"published by {self.as_of}" * bool(self.as_of),
            f"at least {self.origins} origins" * (self.origins > 1),
        )
        return ", ".join(filter(None, parts))

    @property
    def graph(self) -> str:
        """The named graph of the view, as an N-Quads term."""
        return graph(f"view/{self.name}")


def read_views(path: Path, entities: Entities) -> tuple[View, ...]:
    """The views the file declares; InputError names a view that cannot be read."""
    return views(read_yaml(path), entities)


def views(document: Document, entities: Entities) -> tuple[View, ...]:
    """The views the document declares."""
    if not isinstance(document.tree, dict):
        hint = "write name: {label: …, description: …}"
        raise InputError(document.problem((), "holds no views", hint))
    return tuple(_checked(document, _view(document, name), entities) for name in document.tree)


def _view(document: Document, name: str) -> View:
    fields = document.tree[name]
    if not NAME.fullmatch(name):
        raise InputError(document.problem((name,), f"{name!r} is not letters, digits, _ and -"))
    if not isinstance(fields, dict) or not {"label", "description"} <= set(fields):
        hint = "write {label: …, description: …}"
        raise InputError(document.problem((name,), "a view needs a label and a description", hint))
    if unknown := sorted(set(fields) - set(_FIELDS)):
        hint = closest(unknown[0], _FIELDS)
        raise InputError(document.problem((name, unknown[0]), "is no field of a view", hint))
    read: dict[str, Any] = {}
    for key, given in fields.items():
        field, reader = _FIELDS[key]
        try:
            read[field] = reader(given)
        except ValueError as error:
            raise InputError(document.problem((name, key), *error.args)) from error
    return View(name, **read)


def _text(given: Tree) -> str:
    if isinstance(given, str):
        return given
    raise ValueError("is no text")


def _one_of(known: Sequence[str], what: str) -> Callable[[Tree], str]:
    def read(given: Tree) -> str:
        if given in known:
            return str(given)
        raise ValueError(f"no {what} {given}", closest(str(given), known))

    return read


def _certainties(given: Tree) -> tuple[str, ...]:
    read = _one_of(_CERTAINTIES, "certainty")
    return tuple(map(read, given if isinstance(given, list) else [given]))


def _day(given: Tree) -> str:
    try:
        return dt.date.fromisoformat(_text(given)).isoformat()
    except ValueError as error:
        raise ValueError(f"{given!r} is no day", "write 2022-12-31") from error


def _number(given: Tree) -> int:
    if str(given).isdecimal() and int(given) > 1:
        return int(given)
    raise ValueError(f"{given!r} is no number of origins", "write 2 or more")


# what a field of the file is called here, and how it is read
_FIELDS: Mapping[str, tuple[str, Callable[[Tree], object]]] = {
    "label": ("label", _text),
    "description": ("description", _text),
    "polarity": ("polarity", _one_of(_POLARITIES, "polarity")),
    "principal": ("principal", _text),
    "certainty": ("certainties", _certainties),
    "asOf": ("as_of", _day),
    "origins": ("origins", _number),
}


def _checked(document: Document, view: View, entities: Entities) -> View:
    if view.principal and view.principal not in entities:
        hint = meant(entities.near(view.principal))
        at = (view.name, "principal")
        raise InputError(document.problem(at, f"no actor {view.principal}", hint))
    if view.principal and view.origins > 1:
        hint = "what one principal says has one origin: leave out either"
        at = (view.name, "origins")
        raise InputError(document.problem(at, "stands beside a principal", hint))
    return view


def view_quads(
    claims: Sequence[Claim], policies: Iterable[View], mapping: ArticleMapping
) -> Iterator[Quad]:
    """What an article's claims add to each view: plain triples, with what they mention described.

    Each quad comes once. A view that wants several origins is left to its Agreement.
    """
    for view in policies:
        if view.origins == 1:
            yield from _shown(_heard(claims, view, mapping), view, mapping)


class Agreement:
    """What enough independent origins say alike, gathered while the articles pass once.

    The article that brings the last origin needed writes the triple. Kept for each distinct triple:
    a number, and the group of its origins so far, of which there are few.
    """

    def __init__(self, view: View, origin: Callable[[Claim], str] = origin_of) -> None:
        self.view, self._origin = view, origin
        self._origins: dict[int, frozenset[str]] = {}
        self._groups: dict[frozenset[str], frozenset[str]] = {}

    def quads(self, claims: Iterable[Claim], mapping: ArticleMapping) -> Iterator[Quad]:
        """What the claims of one more article add to the view; each quad comes once."""
        heard = _heard(claims, self.view, mapping)
        yield from _shown([c for c in heard if self._completes(c)], self.view, mapping)

    def _completes(self, claim: Claim) -> bool:
        """Whether the triple stands from this claim on."""
        key = hash((claim.thing, claim.key, term(claim.value)))
        before = self._origins.get(key, frozenset())
        if len(before) >= self.view.origins:
            return False
        group = before | {self._origin(claim)}
        self._origins[key] = self._groups.setdefault(group, group)
        return len(group) >= self.view.origins


def _heard(claims: Iterable[Claim], view: View, mapping: ArticleMapping) -> list[Claim]:
    reads = view.reads(mapping.published.date)
    return [claim for claim in claims if reads and view.holds(claim)]


def _shown(held: Sequence[Claim], view: View, mapping: ArticleMapping) -> Iterator[Quad]:
    """The plain triples of the claims, each once, and what they mention."""
    said = (Quad(thing(c.thing), cas(c.key), term(c.value), view.graph) for c in held)
    yield from dict.fromkeys(said)
    mentioned = [
        *(c.thing for c in held),
        *(c.value.id for c in held if isinstance(c.value, Ref)),
    ]
    for name in dict.fromkeys(mentioned):
        yield from _typed(name, mapping, view.graph)
    for value in dict.fromkeys(claim.value for claim in held):
        yield from describe(value, view.graph)


def _typed(name: str, mapping: ArticleMapping, where: str) -> Iterator[Quad]:
    """The class and the label of a thing, so that a view can be read by itself."""
    known = mapping.entities
    if name in known:
        yield Quad(thing(name), vocab.TYPE, cas(known[name].type), where)
        yield Quad(thing(name), vocab.LABEL, literal(known.label(name), language="en"), where)
    elif name == f"article/{mapping.article}":
        yield Quad(thing(name), vocab.TYPE, cas("Article"), where)


def views_described(policies: Iterable[View], where: str) -> Iterator[Quad]:
    """The views themselves: what each is called, what it holds and by which policy."""
    for view in policies:
        yield Quad(view.graph, vocab.TYPE, cas("View"), where)
        yield Quad(view.graph, vocab.LABEL, literal(view.label, language="en"), where)
        yield Quad(view.graph, vocab.DESCRIPTION, literal(view.description, language="en"), where)
        yield Quad(view.graph, cas("policy"), literal(view.policy), where)
