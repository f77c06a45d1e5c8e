"""Views: what the world looks like to somebody, as plain triples computed from claims by a policy.

A policy is data (seeds/views.yaml). Each plain triple leads back to the claims it came from: they
are the claims on the same thing and property with the same value.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kg import vocab
from kg.claims import Claim
from kg.entities import Entities
from kg.errors import InputError, closest, meant
from kg.mapping import ArticleMapping
from kg.source import Document, read_yaml
from kg.terms import Quad, literal
from kg.values import NAME, Ref, describe, term
from kg.vocab import cas, graph, thing

__all__ = ["View", "read_views", "view_quads", "views", "views_described"]

_FIELDS = ("description", "label", "polarity", "principal")
_POLARITIES = ("affirmed", "denied")
_INFERRED = "inference"


class View(NamedTuple):
    """A policy: which claims a view holds."""

    name: str
    label: str
    description: str
    polarity: str
    principal: str
    """Only claims spoken on behalf of this actor; of anybody where it is empty."""

    def holds(self, claim: Claim) -> bool:
        """Whether the claim's plain triple stands here; the editor's inferences never do."""
        return (
            claim.polarity == self.polarity
            and claim.form != _INFERRED
            and self.principal in {"", claim.principal}
        )

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
    if unknown := sorted(set(fields) - {*_FIELDS}):
        hint = closest(unknown[0], _FIELDS)
        raise InputError(document.problem((name, unknown[0]), "is no field of a view", hint))
    if not_text := [key for key, given in fields.items() if not isinstance(given, str)]:
        raise InputError(document.problem((name, not_text[0]), "is no text"))
    return View(name, **{"polarity": "affirmed", "principal": "", **fields})


def _checked(document: Document, view: View, entities: Entities) -> View:
    if view.polarity not in _POLARITIES:
        hint = closest(view.polarity, _POLARITIES)
        at = (view.name, "polarity")
        raise InputError(document.problem(at, f"no polarity {view.polarity}", hint))
    if view.principal and view.principal not in entities:
        hint = meant(entities.near(view.principal))
        at = (view.name, "principal")
        raise InputError(document.problem(at, f"no actor {view.principal}", hint))
    return view


def view_quads(
    claims: Sequence[Claim], policies: Iterable[View], mapping: ArticleMapping
) -> Iterator[Quad]:
    """What an article's claims add to each view: plain triples, with what they mention described.

    Each quad comes once.
    """
    for view in policies:
        held = [claim for claim in claims if view.holds(claim)]
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
        policy = f"polarity {view.polarity}" + (
            f", principal {view.principal}" * bool(view.principal)
        )
        yield Quad(view.graph, vocab.TYPE, cas("View"), where)
        yield Quad(view.graph, vocab.LABEL, literal(view.label, language="en"), where)
        yield Quad(view.graph, vocab.DESCRIPTION, literal(view.description, language="en"), where)
        yield Quad(view.graph, cas("policy"), literal(policy), where)
