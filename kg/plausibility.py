"""Whether what is claimed can be: distances against coordinates, dates against each other."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kg.comparing.group import Context, Group, by, first_of_each
from kg.geodesy import BEARINGS, METHOD, apart, line
from kg.intervals import Interval, common, lie
from kg.known import Point
from kg.measures import bounds_of, metres, same, shown, unit_of
from kg.phrasing import value, when, who
from kg.records import Record
from kg.values import Date, Distance, Money, Quantity, digest

__all__ = ["Check", "checks_of"]


class Check(NamedTuple):
    """What a claim says, against what was computed."""

    rule: str
    claim: str
    method: str
    input: str
    computed: Decimal
    plausible: bool
    explanation: str

    @property
    def id(self) -> str:
        """The same claim by the same rule, the same id."""
        return f"check/{digest((self.rule, self.claim), 8)}"


def checks_of(group: Group, context: Context) -> Iterator[Check]:
    """The checks of what is affirmed of one thing, in the order of its claims."""
    for record in group.said:
        if record.polarity == "denied":
            continue
        match record.value:
            case Distance() as given:
                yield from _distance(record, given, group, context)
            case Date() as given:
                yield from _date(record, given, context)
        if record.key == "near":
            yield from _near(record, group, context)
    yield from _quantities(group, context)


# -- places


class _Span(NamedTuple):
    """How far two places are apart, and by how much their coordinates may be wrong."""

    metres: float
    azimuth: float
    slack: float
    input: str


def _span(place: str, group: Group, context: Context) -> _Span | None:
    """From the place referred to, to the thing; None where either's coordinates are unknown."""
    known, here = context.known, group.place(context)
    start, end = known.point(place), known.point(here)
    if start is None or end is None or here == place:
        return None
    found = line(start, end)
    ends = ((place, start), (here, end))
    words = "; ".join(_located(known.label(each), point) for each, point in ends)
    return _Span(found.metres, found.azimuth, start.accuracy + end.accuracy, words)


def _located(label: str, point: Point) -> str:
    return f"{label} {point.lat} {point.lon} ± {point.accuracy / 1000:g} km"


def _distance(record: Record, given: Distance, group: Group, context: Context) -> Iterator[Check]:
    span = _span(given.place, group, context)
    if span is None:
        return
    about = context.known.label(record.thing)
    said = f"{_who(record, context)} puts {about} {value(given, context.known)}"
    told, bounds = metres(given), bounds_of(given, context.rules.limits)
    if told and bounds:
        slack = Decimal(round(span.slack))
        computed = Decimal(round(span.metres))
        fits = lie(Interval(computed - slack, computed + slack), bounds) != "disjoint"
        share = float(told) / span.metres
        yield Check(
            "distance-by-coordinates",
            record.claim,
            METHOD,
            span.input,
            computed,
            fits,
            f"{said}; by coordinates it is {span.metres / 1000:,.0f} "
            f"± {span.slack / 1000:,.0f} km, so that the distance given is {share:.2f} times that.",
        )
    if given.bearing:
        yield _bearing(record, given, span, said)


def _bearing(record: Record, given: Distance, span: _Span, said: str) -> Check:
    direction, degrees = BEARINGS[given.bearing]
    turned = apart(span.azimuth, degrees)
    return Check(
        "bearing-by-coordinates",
        record.claim,
        METHOD,
        span.input,
        Decimal(f"{span.azimuth:.1f}"),
        turned <= _HALF_WAY,
        f"{said}; by coordinates the direction is {span.azimuth:.0f} degrees, "
        f"{turned:.0f} from {direction}.",
    )


_HALF_WAY = 45
"""From here on, another of the four main directions is nearer."""


def _near(record: Record, group: Group, context: Context) -> Iterator[Check]:
    place = str(same(record.value))
    span = _span(place, group, context)
    if span is None:
        return
    most = context.rules.limits.near_km
    known = context.known
    yield Check(
        "near-by-coordinates",
        record.claim,
        METHOD,
        span.input,
        Decimal(round(span.metres)),
        span.metres - span.slack <= float(most) * 1000,
        f"{_who(record, context)} has {known.label(record.thing)} near "
        f"{known.label(place)}; by coordinates it is {span.metres / 1000:,.0f} km away, "
        f"and near is taken for at most {most} km.",
    )


# -- times

# properties whose date is over when it is told of
_PAST = frozenset({"announced", "imageryTaken", "published"})


def _date(record: Record, given: Date, context: Context) -> Iterator[Check]:
    """What is over when it is told of cannot begin after the article was published."""
    published = record.telling.published
    if record.key not in _PAST or not given.earliest or not published.latest:
        return
    ahead = (date.fromisoformat(given.earliest) - date.fromisoformat(published.latest)).days
    yield Check(
        "date-by-publication",
        record.claim,
        "days from the last possible day of publication to the first possible day told of",
        f"told: {given.edtf}; published: {when(published)}",
        Decimal(ahead),
        ahead <= 0,
        f"{_who(record, context)} dates it {value(given, context.known)}; "
        f"the article was published {when(published)}.",
    )


# -- quantities


class _Others(NamedTuple):
    """The distinct bounds given for one number of a thing, sorted."""

    bounds: tuple[Interval, ...]
    lows: list[Decimal | int]
    highs: list[Decimal | int]
    shared: str
    input: str

    def fitting(self, own: Interval) -> int:
        """How many of them overlap these bounds: all that are neither above nor below."""
        above = 0 if own.high is None else len(self.lows) - bisect_right(self.lows, own.high)
        below = 0 if own.low is None else bisect_left(self.highs, own.low)
        return len(self.bounds) - above - below


def _quantities(group: Group, context: Context) -> Iterator[Check]:
    """Each number among all that are said of the same: the share of the others it fits with."""
    for records in group.affirmed.values():
        if isinstance(records[0].value, Quantity | Money):
            for said in by(records, lambda r: unit_of(r.value)).values():
                values = first_of_each(said, lambda r: same(r.value))
                if len(values) > 1:
                    others = _others(values, context)
                    yield from (_quantity(record, others, context) for record in said)


def _others(values: Sequence[Record], context: Context) -> _Others:
    bounds = tuple(_bounds(each, context) for each in values)
    everything = common(bounds)
    shared = f"all allow {shown(everything, values[0].value)}" if everything else "none fits all"
    listed = [value(each.value, context.known) for each in values[: context.rules.limits.most]]
    if len(values) > len(listed):
        listed.append(f"and {len(values) - len(listed)} more")
    return _Others(
        bounds,
        sorted(each.low for each in bounds if each.low is not None),
        sorted(each.high for each in bounds if each.high is not None),
        shared,
        "; ".join(listed),
    )


def _quantity(record: Record, others: _Others, context: Context) -> Check:
    fit, all_others = others.fitting(_bounds(record, context)) - 1, len(others.bounds) - 1
    return Check(
        "quantity-by-others",
        record.claim,
        "share of the other values given for the same whose bounds overlap these",
        others.input,
        Decimal(f"{fit / all_others:.2f}"),
        fit > 0,
        f"{_who(record, context)} says {value(record.value, context.known)}; "
        f"{fit} of {all_others} other values given fit it, and {others.shared}.",
    )


def _bounds(record: Record, context: Context) -> Interval:
    return bounds_of(record.value, context.rules.limits) or Interval(None, None)


def _who(record: Record, context: Context) -> str:
    return who(record, context.known, context.rules.unnamed)
