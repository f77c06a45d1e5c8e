"""How far a situation has come, as two claims have it: along one ladder, and in time."""

from collections.abc import Iterator

from kg.comparing.group import Context, Found, Group, internal, joined, later, pairs, represented
from kg.measures import same
from kg.phrasing import when
from kg.records import Record

__all__ = ["found"]

_HEDGED = frozenset({"probable", "possible", "alleged", "reported"})


def found(group: Group, context: Context) -> Iterator[Found]:
    """What the statuses claimed of a situation say of each other."""
    values = [*group.values(context.rules.status.key).values()]
    most = context.rules.limits.most
    for left, right in pairs(values, most):
        for one, other in joined(represented(left, context), represented(right, context), most):
            yield from _compared(*_in_order(one, other, context), context)
    yield from _concrete(group, context)


def _in_order(one: Record, other: Record, context: Context) -> tuple[Record, Record]:
    """The one that is further first; an outcome comes before all."""
    return (other, one) if _rank(one, context) < _rank(other, context) else (one, other)


def _rank(record: Record, context: Context) -> int:
    ranks = context.rules.status.ranks
    return ranks.get(_name(record), len(ranks) + 1)


def _name(record: Record) -> str:
    return str(same(record.value)).partition("/")[2]


def _compared(further: Record, before: Record, context: Context) -> Iterator[Found]:
    statuses = context.rules.status
    if _name(further) in statuses.outcomes:
        yield _outcome(further, before, context)
    elif later(further, before):
        yield _advanced(further, before, context)
    elif later(before, further):
        yield from _fallen_back(before, further, context)
    elif _rank(further, context) == _rank(before, context):
        yield Found("status-same-step", further, before)
    else:
        yield _at_one_time(further, before, context)


def _dates(one: Record, other: Record) -> str:
    return f"{when(one.telling.said)} against {when(other.telling.said)}"


def _outcome(outcome: Record, before: Record, context: Context) -> Found:
    """What came of it, against how far it was."""
    statuses = context.rules.status
    if later(outcome, before):
        return _superseding(outcome, before, context)
    if _rank(before, context) >= statuses.happens_from:
        inside = internal(outcome, before)
        return Found("status-denied-by-outcome", outcome, before, inside=inside)
    return Found("status-outcome", outcome, before)


def _advanced(further: Record, before: Record, context: Context) -> Found:
    own = further.telling.principal == before.telling.principal
    if own or _name(before) in context.rules.status.expectations or before.certainty in _HEDGED:
        return _superseding(further, before, context)
    return Found("status-further", further, before, _dates(further, before))


def _superseding(last: Record, before: Record, context: Context) -> Found:
    expected = _name(before) in context.rules.status.expectations
    rule = "expectation" if expected or before.certainty in _HEDGED else "status-later"
    hedge = f", by “{before.cue}”," if before.cue else ""
    return Found(rule, last, before, _dates(last, before), extra=(("second_hedge", hedge),))


def _fallen_back(last: Record, further: Record, context: Context) -> Iterator[Found]:
    """Later, and less far: news where the earlier word was a guess of the same party."""
    own = last.telling.principal == further.telling.principal
    if own and further.certainty in _HEDGED:
        yield _superseding(last, further, context)


def _at_one_time(further: Record, before: Record, context: Context) -> Found:
    """Neither is known to be later."""
    statuses = context.rules.status
    happens = _rank(further, context) >= statuses.happens_from
    unbound = _rank(before, context) <= statuses.unbound_to
    if further.telling.root == before.telling.root:
        inside = internal(further, before) and happens and unbound
        return Found("status-inside" if inside else "status-drift", further, before, inside=inside)
    return Found("status-further", further, before, _dates(further, before))


def _concrete(group: Group, context: Context) -> Iterator[Found]:
    """A plan that has a place by now: what a part of the situation names later."""
    statuses = context.rules.status
    plans = [
        record
        for record in group.affirmed.get(statuses.key, ())
        if _rank(record, context) < statuses.happens_from
    ]
    named = [r for r in group.concrete if r.polarity == "affirmed" and r.form != "inference"]
    sides = represented(named, context), represented(plans, context)
    for one, other in joined(*sides, context.rules.limits.most) if all(sides) else ():
        if later(one, other):
            yield Found("plan-to-project", one, other, _dates(one, other))
