"""Graph patterns of SPARQL, matched against the data in memory.

A pattern is triples, filters, and patterns that must or must not have a match. Triples are looked
up one after the other, those first that have most of their terms already; so what must not match
is asked with the values of the row at hand. An engine that joins the whole of such a pattern for
every row, as Oxigraph does, takes seconds for a row where this takes microseconds.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from kg.rdf import Triple
from kg.shacl.data import Data
from kg.shacl.expressions import Test

__all__ = ["Pattern", "Row", "matches", "touched"]

Row: TypeAlias = Mapping[str, str]
"""Variables, with their question mark, to terms."""
Cells: TypeAlias = tuple[str, ...]

_NUMBER = frozenset({""})
_SEVERAL = 5.0
"""How many predicates lead from a node or to it, about."""


@dataclass(frozen=True)
class Pattern:
    """Triples with variables, in any order, and what else must hold of a match.

    No triple has a variable twice.
    """

    triples: tuple[Triple, ...]
    tests: tuple[Test, ...] = ()
    present: tuple["Pattern", ...] = ()
    absent: tuple["Pattern", ...] = ()
    tested: frozenset[str] = frozenset()
    """The variables that the tests look at."""
    _plans: dict[tuple[Cells, frozenset[str], int], "_Plan"] = field(
        default_factory=dict, compare=False, repr=False
    )

    def plan(self, given: Cells, wanted: frozenset[str], data: Data) -> "_Plan":
        """How to match it where these names have values, in data of about that size."""
        key = given, wanted, data.size.bit_length()
        if key not in self._plans:
            later = self.tested.union(*(part.names for part in (*self.present, *self.absent)))
            self._plans[key] = _plan(self.triples, given, wanted | later, data)
        return self._plans[key]

    @property
    def names(self) -> frozenset[str]:
        """All variables it has, and its terms."""
        return self.tested.union(*self.triples)


def matches(
    pattern: Pattern, data: Data, rows: Sequence[Row], wanted: Iterable[str]
) -> Iterator[dict[str, str]]:
    """What the wanted variables can be where the pattern matches the data, given any of the rows.

    All rows have values for the same variables.

    >>> data = Data([("<urn:a>", "<urn:p>", "<urn:b>")])
    >>> [*matches(Pattern((Triple("?s", "<urn:p>", "?o"),)), data, [{"?s": "<urn:a>"}], ["?o"])]
    [{'?o': '<urn:b>'}]
    """
    if rows:
        given, cells = tuple(rows[0]), [tuple(row.values()) for row in rows]
        names, found = _matched(pattern, data, given, cells, frozenset(wanted))
        places = [(name, at) for at, name in enumerate(names) if name.startswith("?")]
        for each in found:
            yield {name: each[at] for name, at in places}


def _matched(
    pattern: Pattern, data: Data, given: Cells, rows: list[Cells], wanted: frozenset[str]
) -> tuple[Cells, list[Cells]]:
    """Names, and rows of a value each."""
    plan = pattern.plan(given, wanted, data)
    rows = [row + plan.constants for row in rows]
    for step in plan.steps:
        if not rows:
            break
        rows = step(data, rows)
    for test in pattern.tests:
        rows = [row for row in rows if test(dict(zip(plan.names, row, strict=True)))]
    for met_or_not, parts in ((True, pattern.present), (False, pattern.absent)):
        for part in parts:
            numbered = [(str(number), *row) for number, row in enumerate(rows)]
            names, found = _matched(part, data, ("", *plan.names), numbered, _NUMBER)
            place = names.index("")
            met = {cells[place] for cells in found}
            rows = [row for number, row in enumerate(rows) if (str(number) in met) is met_or_not]
    return plan.names, rows


# -- plans


Step: TypeAlias = Callable[[Data, list[Cells]], list[Cells]]


class _Plan(NamedTuple):
    """What each row begins with, how it grows, and what its cells are then."""

    constants: Cells
    steps: tuple[Step, ...]
    names: Cells


def _plan(triples: tuple[Triple, ...], given: Cells, wanted: frozenset[str], data: Data) -> _Plan:
    constants = tuple(
        dict.fromkeys(
            part
            for triple in triples
            for part in triple
            if not part.startswith("?") and part not in given
        )
    )
    names = (*given, *constants)
    steps: list[Step] = []
    ordered = [*_ordered(triples, frozenset(names), data)]
    for number, triple in enumerate(ordered):
        places = {name: at for at, name in enumerate(names)}
        steps.append(_step(triple, places))
        names += tuple(part for part in _grown(triple) if part not in places)
        later = wanted.union(*ordered[number + 1 :])
        kept = tuple(at for at, name in enumerate(names) if name in later)
        if 0 < len(kept) < len(names):
            steps.append(_keeping(kept))
            names = tuple(names[at] for at in kept)
    return _Plan(constants, tuple(steps), names)


def _grown(triple: Triple) -> Cells:
    """The order in which a step adds what it finds."""
    return (triple.predicate, triple.subject, triple.object)


def _ordered(
    triples: tuple[Triple, ...], known_before: AbstractSet[str], data: Data
) -> Iterator[Triple]:
    """The triples, each time the one that makes fewest rows of a row, by what the data holds."""
    waiting, known = [*triples], set(known_before)
    while waiting:
        best = min(waiting, key=lambda triple: _fan_out(triple, known, data))
        waiting.remove(best)
        known.update(best)
        yield best


def _fan_out(triple: Triple, known: AbstractSet[str], data: Data) -> float:
    subject, predicate, value = triple
    if predicate.startswith("?"):
        several = _SEVERAL if predicate not in known else 1
        return several if {subject, value} & known else several * data.size
    if subject in known:
        return 0 if value in known else 1
    if value not in known:
        return data.size
    back = data.backward(predicate)
    if not value.startswith("?"):
        return len(back.get(value, ()))
    return len(data.forward(predicate)) / (len(back) or 1)


def _keeping(places: tuple[int, ...]) -> Step:
    """Only those cells, each row once: what nobody asks for any more would multiply the rows."""
    if len(places) == 1:
        (place,) = places
        return lambda _, rows: [(cell,) for cell in dict.fromkeys(row[place] for row in rows)]
    keep = itemgetter(*places)
    return lambda _, rows: [*dict.fromkeys(map(keep, rows))]


def _step(triple: Triple, places: Mapping[str, int]) -> Step:
    s, p, o = (places.get(part, -1) for part in triple)
    if p < 0:
        return _by_any(s, o)
    constant = not triple.predicate.startswith("?")

    def step(data: Data, rows: list[Cells]) -> list[Cells]:
        if constant:
            return _by(data, rows[0][p], s, o, rows)
        return [found for row in rows for found in _by(data, row[p], s, o, [row])]

    return step


def _by(data: Data, predicate: str, s: int, o: int, rows: list[Cells]) -> list[Cells]:
    """The rows with what a predicate adds; where a place is negative it is not known yet."""
    ahead = data.forward(predicate)
    if s >= 0 and o >= 0:
        return [row for row in rows if row[o] in ahead.get(row[s], ())]
    if s >= 0:
        return [(*row, end) for row in rows for end in ahead.get(row[s], ())]
    if o >= 0:
        back = data.backward(predicate)
        return [(*row, start) for row in rows for start in back.get(row[o], ())]
    return [(*row, start, end) for row in rows for start, held in ahead.items() for end in held]


def _by_any(s: int, o: int) -> Step:
    """The same for a predicate that is not known; it comes first in what is added."""

    def step(data: Data, rows: list[Cells]) -> list[Cells]:
        found: list[Cells] = []
        for row in rows:
            predicates: Collection[str] = data.leading_to(row[o]) if o >= 0 else data.predicates
            for predicate in [*predicates]:
                found += _by(data, predicate, s, o, [(*row, predicate)])
        return found

    return step


def touched(
    pattern: Pattern, changed: Iterable[Triple], data: Data, wanted: Iterable[str]
) -> Iterator[dict[str, str]]:
    """Matches of the pattern's own triples that may have come or gone with the changed; some more.

    Asked of the data before triples went, or after they came. A changed triple that decides on what
    must or must not match leads back, through triples that share variables, to the rows it is asked
    for; filters are left aside.
    """
    changed, wanted = tuple(changed), frozenset(wanted)
    outer = {part for triple in pattern.triples for part in triple if part.startswith("?")}
    wholes = [(triple, Pattern(pattern.triples)) for triple in pattern.triples]
    wholes += [
        (triple, Pattern(pattern.triples + _way_out(triple, part.triples, outer)))
        for part in (*pattern.present, *pattern.absent)
        for triple in part.triples
    ]
    for triple, whole in wholes:
        rows = [row for each in changed if (row := _unified(triple, each)) is not None]
        yield from matches(whole, data, rows, wanted)


def _way_out(
    triple: Triple, triples: tuple[Triple, ...], outer: AbstractSet[str]
) -> tuple[Triple, ...]:
    """The fewest triples that join this one, by variables they share, to the outer variables."""
    ways = {part: tuple[Triple, ...]() for part in triple if part.startswith("?")}
    waiting = list(ways)
    while waiting and ways.keys().isdisjoint(outer):
        name = waiting.pop(0)
        for each in triples:
            if name in each:
                new = [part for part in each if part.startswith("?") and part not in ways]
                ways |= dict.fromkeys(new, (*ways[name], each))
                waiting += new
    reached = [way for name, way in ways.items() if name in outer]
    return min(reached, key=len, default=())


def _unified(triple: Triple, with_: Triple) -> dict[str, str] | None:
    pairs = [*zip(triple, with_, strict=True)]
    if any(part != term and not part.startswith("?") for part, term in pairs):
        return None
    return {part: term for part, term in pairs if part.startswith("?")}
