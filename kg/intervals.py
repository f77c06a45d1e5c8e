"""The algebra of bounds: how two closed intervals lie together, whose ends may be open."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Literal, NamedTuple, TypeVar

__all__ = ["Interval", "Lie", "common", "intersection", "lie", "neighbours"]

Number = Decimal | int
Lie = Literal["equal", "inside", "contains", "overlaps", "disjoint"]
T = TypeVar("T")


class Interval(NamedTuple):
    """All numbers from `low` to `high`, both included; an open end is None."""

    low: Number | None
    high: Number | None


def lie(one: Interval, other: Interval) -> Lie:
    """How the first lies to the second; exactly one answer for any two.

    >>> lie(Interval(300, 999), Interval(200, 999)), lie(Interval(0, 400), Interval(300, 999))
    ('inside', 'overlaps')
    >>> lie(Interval(None, 5), Interval(6, None))
    'disjoint'
    """
    if one == other:
        return "equal"
    if _before(one, other) or _before(other, one):
        return "disjoint"
    if _holds(other, one):
        return "inside"
    return "contains" if _holds(one, other) else "overlaps"


def intersection(one: Interval, other: Interval) -> Interval | None:
    """What both allow; None where they are disjoint.

    >>> intersection(Interval(0, 400), Interval(300, 999))
    Interval(low=300, high=400)
    """
    lows = [end for end in (one.low, other.low) if end is not None]
    highs = [end for end in (one.high, other.high) if end is not None]
    found = Interval(max(lows, default=None), min(highs, default=None))
    empty = found.low is not None and found.high is not None and found.low > found.high
    return None if empty else found


def common(intervals: Iterable[Interval]) -> Interval | None:
    """What all of them allow; None where nothing is left.

    >>> common([Interval(200, 999), Interval(300, 999), Interval(0, 400)])
    Interval(low=300, high=400)
    """
    found: Interval | None = Interval(None, None)
    for interval in intervals:
        if found is None:
            return None
        found = intersection(found, interval)
    return found


def neighbours(
    items: Sequence[T], most: int, interval: Callable[[T], Interval]
) -> Iterator[tuple[T, T]]:
    """Pairs to compare, each in the items' order: all of them, where they are `most` or fewer.

    Where there are more, the items are swept in the order of their bounds and each is paired with
    the `most` that follow it, so that the work grows with the items and not with their square.
    """
    if len(items) <= most:
        yield from combinations(items, 2)
        return
    # sorting is stable, so that items of the same bounds keep their order
    swept = sorted(range(len(items)), key=lambda at: _key(interval(items[at])))
    for place, at in enumerate(swept):
        for other in swept[place + 1 : place + 1 + most]:
            yield (items[at], items[other]) if at < other else (items[other], items[at])


def _key(interval: Interval) -> tuple[bool, Number, bool, Number]:
    return (interval.low is not None, interval.low or 0, interval.high is None, interval.high or 0)


def _before(one: Interval, other: Interval) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low


def _holds(outer: Interval, inner: Interval) -> bool:
    low = outer.low is None or (inner.low is not None and outer.low <= inner.low)
    return low and (outer.high is None or (inner.high is not None and inner.high <= outer.high))
