"""A thing as the sources tell it: what is said of it, by whom, how sure, and where they differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.conflicts import Conflict, conflicts
from kg.named import Named, named
from kg.standing import Attested, attested
from kg.statements import (
    COUNTED,
    Statement,
    claims_about,
    claims_naming,
    mentioning,
    query,
    row_text,
    statements,
)
from kg.store import Iri, Store
from kg.traces import traced
from kg.vocab import ID

__all__ = ["Identity", "Profile", "profile"]


@dataclass(frozen=True)
class Identity:
    """A judgement on whether a name means the thing."""

    judgement: str
    written: str
    verdict: str
    certainty: str
    because: str
    by: str


@dataclass(frozen=True)
class Profile:
    """What is said of a thing, value by value, and what else touches it."""

    thing: Named
    claims: int
    origins: tuple[str, ...]
    """The independent origins of what is said, by name."""
    articles: tuple[str, ...]
    said: tuple[Attested, ...]
    mentions: tuple[Statement, ...]
    """What is said of other things, with this one as the value."""
    conflicts: tuple[Conflict, ...]
    identities: tuple[Identity, ...]


def profile(store: Store, thing: str, view: str = "") -> Profile:
    """What is said of the thing with this id, by whom, how sure, in which words.

    With a view, only the claims its plain triples came from: its account, with the evidence.

    Raises UnknownNameError where there is no such thing.
    """
    known = named(store, thing)
    # the questions below are long, and of most of what the graph names no claims are made
    about, naming = claims_about(store, ID + thing), claims_naming(store, ID + thing)
    said = statements(store, thing) if about else ()
    differing = conflicts(store, thing).conflicts if about else ()
    if view:
        held = {claim for each in traced(store, thing, view) for claim in each.claims}
        said = tuple(each for each in said if each.claim in held)
    return Profile(
        thing=known,
        claims=len(said),
        origins=_distinct(each.origin_label for each in said if not each.inferred),
        articles=_distinct(each.article for each in said),
        said=attested(said),
        mentions=mentioning(store, thing) if naming > about or naming > COUNTED else (),
        conflicts=differing,
        identities=tuple(_identities(store, thing)),
    )


def _identities(store: Store, thing: str) -> Iterator[Identity]:
    found = store.select(query("identities"), thing=Iri(ID + thing))
    for cells in found.rows:
        row = dict(zip(found.variables, cells, strict=True))
        yield Identity(
            judgement=row_text(row, "judgement"),
            written=row_text(row, "written"),
            verdict=row_text(row, "verdict", "verdict/"),
            certainty=row_text(row, "certainty", "certainty/"),
            because=row_text(row, "because"),
            by=row_text(row, "byName"),
        )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
