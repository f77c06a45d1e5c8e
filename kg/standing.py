"""Who stands behind what is said: the independent origins of claims, and the chains from them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.named import named
from kg.resolve import short
from kg.statements import Statement, query, statements
from kg.store import Iri, Store
from kg.vocab import ID

__all__ = ["Attested", "Origin", "OriginAnswer", "attested", "origins", "origins_of"]


@dataclass(frozen=True)
class Origin:
    """An independent origin, and how much goes back to it."""

    id: str
    label: str
    claims: int
    articles: int
    outlets: int
    roots: tuple[str, ...]
    """The utterances it starts from, by name."""
    chains: tuple[str, ...]
    """The ways its words took, from the speaker to the article's outlet; for one thing only."""
    interests: tuple[str, ...]
    """Whether it admits against its interest, or denies in it; for one thing only."""


@dataclass(frozen=True)
class Attested:
    """A value that a property of the thing is said to have, or not to have, and by whom."""

    key: str
    value: str
    value_label: str
    polarity: str
    origins: tuple[str, ...]
    """The independent ones, by name."""
    articles: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class OriginAnswer:
    """The origins behind what is said of a thing, or all there are."""

    thing: str
    """The id of the thing; empty for all."""
    label: str
    origins: tuple[Origin, ...]
    attested: tuple[Attested, ...]
    """What is said of the thing, each value with its origins, most widely attested first."""


def origins(store: Store) -> OriginAnswer:
    """All origins there are, the one most goes back to first."""
    roots: dict[str, list[str]] = defaultdict(list)
    for origin, root in store.select(query("origin_roots")).rows:
        roots[str(origin)].append(str(root))
    found = tuple(
        Origin(
            id=short(str(origin)),
            label=str(label),
            claims=int(str(claims)),
            articles=int(str(articles)),
            outlets=int(str(outlets)),
            roots=_distinct(roots[str(origin)]),
            chains=(),
            interests=(),
        )
        for origin, label, claims, articles, outlets in store.select(query("origins")).rows
    )
    return OriginAnswer("", "", found, ())


def origins_of(store: Store, thing: str) -> OriginAnswer:
    """The origins behind what is said of the thing with this id; the editor's words are left out.

    Raises UnknownNameError where there is no such thing.
    """
    label = named(store, thing).label
    said = tuple(each for each in statements(store, thing) if not each.inferred)
    roots: dict[str, set[str]] = defaultdict(set)
    for claim, _, root in store.select(query("roots"), thing=Iri(ID + thing)).rows:
        roots[short(str(claim))].add(str(root))
    by_origin: dict[str, list[Statement]] = defaultdict(list)
    for each in said:
        by_origin[each.origin].append(each)
    found = (_origin(name, group, roots) for name, group in by_origin.items())
    ordered = tuple(sorted(found, key=lambda origin: (-origin.claims, origin.id)))
    wide = sorted(attested(said), key=lambda each: (-len(each.origins), -len(each.articles)))
    return OriginAnswer(thing, label, ordered, tuple(wide))


def attested(said: Iterable[Statement]) -> tuple[Attested, ...]:
    """The statements by property, value and polarity, each with the origins it stands on."""
    groups: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for each in said:
        groups[each.key, each.value, each.polarity].append(each)
    return tuple(
        Attested(
            key=key,
            value=value,
            value_label=group[0].value_label,
            polarity=polarity,
            origins=_distinct(each.origin_label for each in group if not each.inferred),
            articles=_distinct(each.article for each in group),
            statements=tuple(group),
        )
        for (key, value, polarity), group in sorted(groups.items())
    )


def _origin(name: str, group: list[Statement], roots: dict[str, set[str]]) -> Origin:
    return Origin(
        id=name,
        label=group[0].origin_label,
        claims=len(group),
        articles=len({each.article for each in group}),
        outlets=len({each.outlet for each in group}),
        roots=_distinct(root for each in group for root in roots[each.claim]),
        chains=_distinct(each.chain or each.speaker_label for each in group),
        interests=_distinct(each.interest for each in group if each.interest),
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
