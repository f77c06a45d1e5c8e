"""How claims stand to each other, read from the graph: the two claims, the rule, a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import UnknownNameError, near
from kg.statements import Statement, query, row_text, statements
from kg.store import Iri, Store
from kg.vocab import ID

__all__ = ["ALL", "CONFLICTING", "Conflict", "ConflictAnswer", "conflicts", "kinds"]

CONFLICTING = ("contradicts", "internal-conflict", "reverses-roles", "drifts")
"""The kinds of relation that are conflicts: what is told where no kind is named."""

ALL = "all"
"""What to name for relations of every kind."""


@dataclass(frozen=True)
class Conflict:
    """A relation between two claims, by which rule it was found, and what it comes to."""

    relation: str
    kind: str
    rule: str
    compared: str
    explanation: str
    first: Statement
    second: Statement


@dataclass(frozen=True)
class ConflictAnswer:
    """The relations of some kinds, of one thing's claims or of all, by kind."""

    thing: str
    """The id of the thing whose claims they are; empty for all."""
    kinds: tuple[str, ...]
    total: int
    """How many there are, with those left out."""
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class _Found:
    relation: str
    kind: str
    rule: str
    compared: str
    explanation: str
    first: str
    second: str
    things: tuple[str, str]


def kinds(store: Store) -> tuple[str, ...]:
    """The ways in which two claims can be related, as the ontology lists them."""
    rows = store.select(query("kinds")).rows
    return tuple(row_text({"kind": kind}, "kind", "relation-kind/") for (kind,) in rows)


def conflicts(
    store: Store, thing: str = "", kind: str = "", *, skip: int = 0, most: int | None = None
) -> ConflictAnswer:
    """The conflicts that touch the thing with this id, or all there are.

    With a kind, the relations of that kind instead, whether or not they are conflicts, and of every
    kind with "all". `skip` leaves out the first ones, `most` is how many to give.

    Raises UnknownNameError, with the nearest kinds or all, where there is no such kind.
    """
    wanted = _wanted(store, kind)
    found = [each for name in wanted for each in _related(store, thing, name)]
    given = found[skip:] if most is None else found[skip : skip + most]
    told = _statements(store, given)
    return ConflictAnswer(
        thing,
        wanted,
        len(found),
        tuple(
            Conflict(
                relation=each.relation,
                kind=each.kind,
                rule=each.rule,
                compared=each.compared,
                explanation=each.explanation,
                first=told[each.first],
                second=told[each.second],
            )
            for each in given
        ),
    )


def _wanted(store: Store, kind: str) -> tuple[str, ...]:
    if not kind:
        return CONFLICTING
    known = kinds(store)
    if kind == ALL:
        return known
    name = "-".join(kind.casefold().replace("_", " ").split())
    if name not in known:
        raise UnknownNameError(kind, near(name, known) or known)
    return (name,)


def _related(store: Store, thing: str, kind: str) -> Iterator[_Found]:
    given = {"kind": Iri(f"{ID}relation-kind/{kind}")}
    if thing:
        given["thing"] = Iri(ID + thing)
    found = store.select(query("relations_of" if thing else "relations"), **given)
    for cells in found.rows:
        row = dict(zip(found.variables, cells, strict=True))
        yield _Found(
            relation=row_text(row, "relation"),
            kind=kind,
            rule=row_text(row, "rule"),
            compared=row_text(row, "compared"),
            explanation=row_text(row, "explanation"),
            first=row_text(row, "first"),
            second=row_text(row, "second"),
            things=(row_text(row, "firstThing"), row_text(row, "secondThing")),
        )


def _statements(store: Store, found: list[_Found]) -> dict[str, Statement]:
    """The claims of these relations, read thing by thing: most of them share theirs."""
    things = dict.fromkeys(thing for each in found for thing in each.things)
    return {each.claim: each for thing in things for each in statements(store, thing)}
