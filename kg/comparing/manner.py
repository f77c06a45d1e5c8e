"""How it was said: the same value again, denied, surer or less sure, on another basis."""

from collections.abc import Callable, Iterator, Sequence

from kg.comparing.group import (
    Context,
    Found,
    Group,
    by,
    first_of_each,
    internal,
    joined,
    pairs,
    represented,
)
from kg.measures import Same, same
from kg.records import Record
from kg.values import Ref, Text, Whole

__all__ = ["found"]


def found(group: Group, context: Context) -> Iterator[Found]:
    """What equal values say of each other, and how one statement is told in two manners."""
    for key, records in group.affirmed.items():
        for said in group.values(key).values():
            yield from _again(said, context)
        by_statement = by(records, lambda r: (r.telling.sentence, _discrete(r)))
        for told in by_statement.values():
            yield from _manners("certainty", told, lambda r: r.certainty, context)
            yield from _manners("basis", [r for r in told if r.basis], lambda r: r.basis, context)
    for key, denied in group.denied.items():
        affirmed = group.values(key)
        for value, said in by(denied, lambda r: same(r.value)).items():
            yield from _again(said, context)
            yield from _denied(affirmed.get(value, ()), said, context)


def _again(said: Sequence[Record], context: Context) -> Iterator[Found]:
    """The same value again: of one origin it is restated, of two it is corroborated."""
    origins = by(represented(said, context), context.origin)
    for first, *others in origins.values():
        for other in first_of_each(others, lambda r: r.article):
            if other.article != first.article:
                yield Found("restates", other, first)
    firsts = [each[0] for each in origins.values()]
    for one, other in pairs(firsts, context.rules.limits.most):
        apart = context.origin(one).isdisjoint(context.origin(other))
        if apart and not _passed_on(one, other) and not _passed_on(other, one):
            yield Found("corroborates", one, other)


def _passed_on(one: Record, other: Record) -> bool:
    """Whether the first speaks as an outlet through which the second reached its article."""
    return one.telling.speaker in other.telling.chain


def _denied(
    affirmed: Sequence[Record], denied: Sequence[Record], context: Context
) -> Iterator[Found]:
    sides = represented(affirmed, context), represented(denied, context)
    for one, other in joined(*sides, context.rules.limits.most) if all(sides) else ():
        yield Found("polarity", one, other, "affirmed against denied", internal(one, other))


def _manners(
    rule: str, told: Sequence[Record], manner: Callable[[Record], str], context: Context
) -> Iterator[Found]:
    """One statement told in two manners: found once for each pair of passages."""
    ways = [first_of_each(each, lambda r: r.article) for each in by(told, manner).values()]
    for left, right in pairs(ways, context.rules.limits.most):
        for one, other in joined(left, right, context.rules.limits.most):
            words = frozenset([(one.article, one.passage), (other.article, other.passage)])
            compared = f"{manner(one)} against {manner(other)}"
            slots = ((f"first_{rule}", manner(one)), (f"second_{rule}", manner(other)))
            yield Found(rule, one, other, compared, extra=slots, once=(rule, words))


def _discrete(record: Record) -> Same:
    """The value, where two values are two things; numbers and dates are of one statement."""
    return same(record.value) if isinstance(record.value, Ref | Text | Whole) else ""
