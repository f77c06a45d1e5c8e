"""Quantities, sums, distances and dates: what their bounds say of each other."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

from kg.comparing.group import (
    Context,
    Found,
    Group,
    by,
    internal,
    joined,
    represented,
)
from kg.geodesy import BEARINGS, apart
from kg.intervals import Interval, common, intersection, lie, neighbours
from kg.measures import bounds_of, metres, same, shown, unit_of
from kg.phrasing import by_coordinates
from kg.records import Record
from kg.values import Date, Distance, Money, Quantity

__all__ = ["found"]

_OPEN = Interval(None, None)


def found(group: Group, context: Context) -> Iterator[Found]:
    """What the numbers and dates claimed of a thing say of each other."""
    for records in group.affirmed.values():
        if isinstance(records[0].value, Quantity | Money | Date | Distance):
            for of_one_unit in by(records, lambda r: unit_of(r.value)).values():
                yield from _of_one_unit(of_one_unit, group, context)
    for sooner, at_last in context.rules.stages:
        yield from _stages(group.affirmed.get(sooner, ()), group.affirmed.get(at_last, ()), context)
    yield from _near_and_far(group, context)


def _of_one_unit(records: Sequence[Record], group: Group, context: Context) -> Iterator[Found]:
    most = context.rules.limits.most
    values = [*by(records, lambda r: same(r.value)).values()]
    everything = common(_interval(each[0], context) for each in values)
    for left, right in neighbours(values, most, lambda each: _interval(each[0], context)):
        sides = represented(left, context), represented(right, context)
        for one, other in joined(*sides, most):
            if isinstance(one.value, Distance) and isinstance(other.value, Distance):
                yield from _distances((one, one.value), (other, other.value), group, context)
            else:
                yield from _bounds(one, other, everything, context)


def _interval(record: Record, context: Context) -> Interval:
    return bounds_of(record.value, context.rules.limits) or _OPEN


def _bounds(
    one: Record, other: Record, everything: Interval | None, context: Context
) -> Iterator[Found]:
    first, second = _interval(one, context), _interval(other, context)
    match lie(first, second):
        case "disjoint":
            yield from _disjoint(one, other, context)
        case "inside":
            yield Found("bounds-inside", one, other, _against(one, other, context))
        case "contains":
            yield Found("bounds-inside", other, one, _against(other, one, context))
        case _:  # they overlap; equal ones are one value
            shared = intersection(first, second) or _OPEN
            words = f"both allow {shown(shared, one.value)}"
            if everything is not None and everything != shared:
                words += f", and all that is said {shown(everything, one.value)}"
            yield Found("overlap", one, other, words)


def _disjoint(one: Record, other: Record, context: Context) -> Iterator[Found]:
    compared = _against(one, other, context)
    if one.key in context.rules.grows and (ordered := _grown(one, other, context)):
        yield Found("grew", *ordered, compared)
    else:
        yield Found("disjoint", one, other, compared, internal(one, other))


def _grown(one: Record, other: Record, context: Context) -> tuple[Record, Record] | None:
    """The later and the earlier of two numbers, where the later is the higher."""
    for last, before in ((one, other), (other, one)):
        if last.as_of and before.as_of and last.as_of.earliest > before.as_of.latest > "":
            high, low = _interval(before, context).high, _interval(last, context).low
            if high is not None and low is not None and high < low:
                return last, before
    return None


def _against(one: Record, other: Record, context: Context) -> str:
    first, second = (_interval(each, context) for each in (one, other))
    return f"{shown(first, one.value)} against {shown(second, other.value)}"


# -- distances


def _distances(
    first: tuple[Record, Distance], second: tuple[Record, Distance], group: Group, context: Context
) -> Iterator[Found]:
    (one, here), (other, there) = first, second
    place = group.place(context)
    slots = (("by_coordinates", by_coordinates(here.place, place, context.known)),)
    inside = internal(one, other)
    turned = _turned(here, there)
    if turned >= context.rules.limits.bearing:
        compared = f"{here.bearing} against {there.bearing}, {turned} degrees apart"
        yield Found("bearing", one, other, compared, inside, slots)
    elif here.number is None or there.number is None:
        if here.number != there.number and here.bearing and there.bearing:
            told = (one, other) if there.number is None else (other, one)
            yield Found("bounds-inside", *told, "a distance against a bare direction")
    elif lie(_interval(one, context), _interval(other, context)) == "disjoint":
        rule = "unit" if here.number == there.number else "distance"
        yield Found(rule, one, other, _times(here, there), inside, slots)


def _turned(here: Distance, there: Distance) -> int:
    if not here.bearing or not there.bearing:
        return 0
    return int(apart(BEARINGS[here.bearing][1], BEARINGS[there.bearing][1]))


def _times(here: Distance, there: Distance) -> str:
    first, second = (metres(each) or Decimal(0) for each in (here, there))
    longer, shorter = max(first, second), min(first, second)
    times = f", {longer / shorter:.1f} times as far" if shorter else ""
    return f"{round(first / 1000):,} km against {round(second / 1000):,} km{times}"


def _near_and_far(group: Group, context: Context) -> Iterator[Found]:
    limits = context.rules.limits
    far = [
        record
        for record in group.affirmed.get("distanceFrom", ())
        if isinstance(record.value, Distance)
        and (metres(record.value) or 0) > limits.near_km * 1000
    ]
    by_place = by(far, lambda r: unit_of(r.value))
    near = by(group.affirmed.get("near", ()), lambda r: str(same(r.value)))
    for place in near.keys() & by_place.keys():
        slots = (
            ("second_place", context.known.label(place)),
            ("by_coordinates", by_coordinates(place, group.place(context), context.known)),
        )
        sides = represented(near[place], context), represented(by_place[place], context)
        for one, other in joined(*sides, limits.most):
            least = round((_interval(other, context).low or 0) / 1000)
            compared = f"near, at most {limits.near_km} km, against at least {least:,} km"
            yield Found("near-and-far", one, other, compared, internal(one, other), slots)


def _stages(
    sooner: Sequence[Record], at_last: Sequence[Record], context: Context
) -> Iterator[Found]:
    """What implies something by then, held against when that is to be."""
    full, begun = (
        [*chain(*(represented(each, context) for each in _by_value(records)))]
        for records in (sooner, at_last)
    )
    for one, other in joined(full, begun, context.rules.limits.most) if full and begun else ():
        first, second = _interval(one, context), _interval(other, context)
        how = lie(first, second)
        if how in {"inside", "equal"}:
            yield Found("stage", one, other, _against(one, other, context))
        elif shared := intersection(first, second):
            compared = f"both allow {shown(shared, one.value)}"
            yield Found("stage-overlap", one, other, compared)
        elif first.high is not None and second.low is not None and first.high < second.low:
            compared = _against(one, other, context)
            yield Found("disjoint", one, other, compared, internal(one, other))


def _by_value(records: Sequence[Record]) -> list[list[Record]]:
    return [*by(records, lambda r: same(r.value)).values()]
