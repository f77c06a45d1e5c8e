"""Values as what can be compared: as bounds, and as what makes two of them the same."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal

from kg.intervals import Interval
from kg.rules import Limits
from kg.values import METRES, Date, Distance, Money, Quantity, Ref, Text, Value, Whole

__all__ = ["Same", "bounds_of", "metres", "same", "shown", "unit_of"]

Same = Hashable


def same(value: Value) -> Same:
    """What two values have in common that say the same, however they word it.

    >>> from kg.values import Ref
    >>> same(Ref("place/seshcha", "Sisha", "probable", "nearest")) == same(Ref("place/seshcha"))
    True
    """
    match value:
        case Ref(id=name):
            return name
        case Text(text=text):
            return text
        case Whole(number=number):
            return number
        case Date():
            return "date", value.earliest, value.latest
        case Distance():
            return "distance", value.place, metres(value), value.bearing
        case _:
            return unit_of(value), value.minimum, value.maximum


def unit_of(value: Value) -> str:
    """What a number counts: only numbers of one unit can be compared.

    >>> unit_of(Quantity(Decimal(200), Decimal(999))), unit_of(Money(None, Decimal(5), "USD"))
    ('quantity', 'USD')
    """
    match value:
        case Money(currency=currency):
            return currency
        case Distance(place=place):
            return place
        case _:
            return type(value).__name__.lower()


def metres(value: Distance) -> Decimal | None:
    """The distance in metres; None of a bare bearing."""
    return None if value.number is None else value.number * METRES[value.unit]


def bounds_of(value: Value, limits: Limits) -> Interval | None:
    """The value as bounds; None where it is no number and no date.

    A distance holds within a share of itself; a date counts in days.
    """
    match value:
        case Quantity() | Money():
            return Interval(value.minimum, value.maximum)
        case Date():
            return Interval(_day(value.earliest), _day(value.latest))
        case Distance() if (found := metres(value)) is not None:
            share = limits.approximate if value.approximate else limits.stated
            return Interval(found * (1 - share), found * (1 + share))
        case _:
            return None


def shown(interval: Interval, value: Value) -> str:
    """The bounds, as a reader takes them: of that kind of value.

    >>> shown(Interval(Decimal(300), Decimal(400)), Quantity(None, None))
    '300 to 400'
    """
    low, high = (None if end is None else _end(end, value) for end in interval)
    if low is None or high is None:
        return f"{low} or more" if low else f"up to {high}" if high else "anything"
    if isinstance(value, Date):
        return low if low == high else f"{low} to {high}"
    return low if low == high else f"{low} to {high}"


def _end(end: Decimal | int, value: Value) -> str:
    if isinstance(value, Date):
        return date.fromordinal(int(end)).isoformat()
    if isinstance(value, Distance):
        return f"{round(end / 1000):,} km"
    whole = Decimal(end)
    return f"{whole:,f}" if whole % 1 else f"{int(whole):,}"


def _day(day: str) -> int | None:
    return date.fromisoformat(day).toordinal() if day else None
