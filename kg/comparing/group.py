"""The claims of one thing, grouped and represented so that nothing is compared twice."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, product
from typing import NamedTuple, TypeVar

from kg.intervals import Interval, neighbours
from kg.known import Known
from kg.measures import Same, same
from kg.records import Record
from kg.rules import Rules

__all__ = ["Context", "Found", "Group", "by", "internal", "joined", "later", "pairs"]

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Context:
    """What every rule may look at."""

    known: Known
    rules: Rules
    origin: Callable[[Record], frozenset[str]]
    """The principals a claim goes back to."""


class Found(NamedTuple):
    """Two claims that a rule joins, and what it compared."""

    rule: str
    first: Record
    second: Record
    compared: str = ""
    inside: bool = False
    """Whether both are words of one article or one party, within one article."""
    extra: tuple[tuple[str, str], ...] = ()
    """Further slots of the rule's sentence."""
    once: Hashable = None
    """What this is found once for, where several claims of the same words would show it."""


@dataclass(frozen=True)
class Group:
    """All that is claimed of one thing, in order; and of its parts, what makes it concrete."""

    thing: str
    records: Sequence[Record]
    concrete: Sequence[Record] = field(default=())

    @cached_property
    def said(self) -> Sequence[Record]:
        """What articles say of it: everything but the editor's inferences."""
        return [record for record in self.records if record.form != "inference"]

    @cached_property
    def affirmed(self) -> Mapping[str, Sequence[Record]]:
        """Affirmed claims by property."""
        return by((r for r in self.said if r.polarity == "affirmed"), lambda r: r.key)

    @cached_property
    def denied(self) -> Mapping[str, Sequence[Record]]:
        """Denied claims by property."""
        return by((r for r in self.said if r.polarity == "denied"), lambda r: r.key)

    def place(self, context: "Context") -> str:
        """Where it is: itself, where its coordinates are known, or where it is said to stand."""
        if context.known.point(self.thing):
            return self.thing
        for key in sorted(context.rules.status.concretes):
            for value in self.values(key):
                return str(value)
        return self.thing

    def values(self, key: str) -> Mapping[Same, Sequence[Record]]:
        """The affirmed claims of a property by what they say."""
        return by(self.affirmed.get(key, ()), lambda r: same(r.value))


def by(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The items under their keys, both in order."""
    found: dict[K, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return dict(found)


def first_of_each(items: Iterable[T], key: Callable[[T], Hashable]) -> list[T]:
    """The first item of each key, in order."""
    found: dict[Hashable, T] = {}
    for item in items:
        found.setdefault(key(item), item)
    return [*found.values()]


def represented(records: Iterable[Record], context: Context) -> list[Record]:
    """One claim for each origin and article, and one for the headline: it is a claim of its own."""
    return first_of_each(records, lambda r: (context.origin(r), r.article, r.form == "headline"))


def pairs(items: Sequence[T], most: int) -> Iterator[tuple[T, T]]:
    """Pairs of the items: all, where they are `most` or fewer; else each with the next `most`."""
    return neighbours(items, most, lambda _: Interval(None, None))


def joined(left: Sequence[T], right: Sequence[T], most: int) -> Iterator[tuple[T, T]]:
    """Pairs across two lists: all, where they are few; else each with the first across.

    >>> list(joined([1, 2], [3, 4], 1))
    [(1, 3), (2, 3), (1, 4)]
    """
    if len(left) * len(right) <= most * most:
        return product(left, right)
    return chain(((each, right[0]) for each in left), ((left[0], each) for each in right[1:]))


def internal(one: Record, other: Record) -> bool:
    """Whether both stand in one article, as its own words or as those of one party."""
    if one.article != other.article:
        return False
    same_party = one.telling.principal == other.telling.principal
    return same_party or one.narrated or other.narrated


def later(one: Record, other: Record) -> bool:
    """Whether the first was said after the second, on whichever days within their bounds."""
    first, before = one.telling.said.earliest, other.telling.said.latest
    return bool(first and before) and first > before
