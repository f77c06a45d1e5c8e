"""Graph patterns of SPARQL, matched against the data in memory.

A pattern is triples, filters, and patterns that must or must not have a match. Triples are looked
up one after the other, those first that have most of their terms already; so what must not match
is asked with the values of the row at hand. An engine that joins the whole of such a pattern for
every row, as Oxigraph does, takes seconds for a row where this takes microseconds.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kg.rdf import Triple
from kg.shacl.data import Data
from kg.shacl.expressions import Test
from kg.vocab import TYPE

__all__ = ["Pattern", "Row", "matches", "touched"]

Row: TypeAlias = Mapping[str, str]
"""Variables, with their question mark, to terms."""


@dataclass(frozen=True)
class Pattern:
    """Triples with variables, in any order, and what else must hold of a match.

    No triple has a variable twice.
    """

    triples: tuple[Triple, ...]
    tests: tuple[Test, ...] = ()
    present: tuple["Pattern", ...] = ()
    absent: tuple["Pattern", ...] = ()
    _orders: dict[frozenset[str], tuple[Triple, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def order(self, bound: frozenset[str]) -> tuple[Triple, ...]:
        """The triples in the order to look them up, where these variables have values."""
        if bound not in self._orders:
            self._orders[bound] = _ordered(self.triples, bound)
        return self._orders[bound]


def matches(pattern: Pattern, data: Data, row: Row) -> Iterator[dict[str, str]]:
    """Every way in which the pattern matches the data, given the values in the row.

    >>> data = Data([("<urn:a>", "<urn:p>", "<urn:b>")])
    >>> [*matches(Pattern((Triple("?s", "<urn:p>", "?o"),)), data, {"?s": "<urn:a>"})]
    [{'?s': '<urn:a>', '?o': '<urn:b>'}]
    """
    for found in _joined(pattern.order(frozenset(row)), 0, data, dict(row)):
        if (
            all(test(found) for test in pattern.tests)
            and all(_any(each, data, found) for each in pattern.present)
            and not any(_any(each, data, found) for each in pattern.absent)
        ):
            yield found


def _any(pattern: Pattern, data: Data, row: Row) -> bool:
    return next(matches(pattern, data, row), None) is not None


def touched(pattern: Pattern, changed: Iterable[Triple], data: Data) -> Iterator[dict[str, str]]:
    """Matches of the pattern's triples, filters aside, that may have come or gone with the changed.

    Asked of the data before triples went, or after they came. What must or must not match counts
    as if it had to: a row that it decides on has a match with the changed triple in it.
    """
    changed = tuple(changed)
    for part in ((), *((each,) for each in (*pattern.present, *pattern.absent))):
        triples = tuple(part[0].triples if part else pattern.triples)
        whole = Pattern(pattern.triples + (triples if part else ()))
        for triple in triples:
            for each in changed:
                row = _unified(triple, each)
                if row is not None:
                    yield from matches(whole, data, row)


def _unified(triple: Triple, with_: Triple) -> dict[str, str] | None:
    pairs = [*zip(triple, with_, strict=True)]
    if any(part != term and not part.startswith("?") for part, term in pairs):
        return None
    return {part: term for part, term in pairs if part.startswith("?")}


def _ordered(triples: tuple[Triple, ...], bound: frozenset[str]) -> tuple[Triple, ...]:
    waiting, ordered, known = [*triples], list[Triple](), set(bound)

    def given(triple: Triple) -> tuple[int, bool]:
        here = [not part.startswith("?") or part in known for part in triple]
        # a class has many instances: to start from it is to start from anything
        return sum(here) - (triple.predicate == TYPE and not here[0]), here[0]

    while waiting:
        best = max(waiting, key=given)
        waiting.remove(best)
        ordered.append(best)
        known.update(part for part in best if part.startswith("?"))
    return tuple(ordered)


def _joined(
    triples: tuple[Triple, ...], at: int, data: Data, row: dict[str, str]
) -> Iterator[dict[str, str]]:
    if at == len(triples):
        yield row
        return
    subject, predicate, value = (row.get(part, part) for part in triples[at])
    for each in _predicates(predicate, value, data):
        named = row if each == predicate else {**row, predicate: each}
        for further in _ends(subject, each, value, data):
            yield from _joined(triples, at + 1, data, {**named, **further} if further else named)


def _predicates(predicate: str, value: str, data: Data) -> Collection[str]:
    if not predicate.startswith("?"):
        return (predicate,)
    return (*data.predicates,) if value.startswith("?") else data.leading_to(value)


def _ends(subject: str, predicate: str, value: str, data: Data) -> Iterator[dict[str, str]]:
    """What the variables at both ends of a predicate can be."""
    index = data.forward(predicate)
    if not subject.startswith("?"):
        held = index.get(subject, ())
        if value.startswith("?"):
            yield from ({value: end} for end in held)
        elif value in held:
            yield {}
    elif not value.startswith("?"):
        yield from ({subject: start} for start in data.backward(predicate).get(value, ()))
    else:
        for start, held in index.items():
            yield from ({subject: start, value: end} for end in held)
