"""Who, what and where: the things two articles give for one property, as sets."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from kg.comparing.group import Context, Found, Group, by, first_of_each, internal, joined, pairs
from kg.measures import Same, same
from kg.records import Record
from kg.values import Ref, Whole

__all__ = ["found"]


class Answer(NamedTuple):
    """What one article has one statement give for a property: its values, each with a claim."""

    article: str
    sentence: str
    values: Mapping[Same, Record]


def found(group: Group, context: Context) -> Iterator[Found]:
    """What the things claimed for each property say of each other."""
    for key, records in group.affirmed.items():
        if key != context.rules.status.key and isinstance(records[0].value, Ref | Whole):
            yield from _of_property(group, key, context)


def _of_property(group: Group, key: str, context: Context) -> Iterator[Found]:
    silent = context.rules.silent
    said = [r for r in group.affirmed[key] if same(r.value) not in silent]
    told = by(said, lambda r: (r.article, r.telling.sentence))
    answers = [
        Answer(article, sentence, {same(r.value): r for r in reversed(records)})
        for (article, sentence), records in told.items()
    ]
    sets = [*by(answers, lambda each: frozenset(each.values)).values()]
    for left, right in pairs(sets, context.rules.limits.most):
        for one, other in _held(left, right, context):
            if one.article != other.article or key in context.rules.exclusive:
                yield from _compared(one, other, group, context)


def _held(
    left: Sequence[Answer], right: Sequence[Answer], context: Context
) -> Iterator[tuple[Answer, Answer]]:
    """Answers to hold against each other: of one statement first, else one for each article."""
    most = context.rules.limits.most
    here, there = (by(answers, lambda each: each.sentence) for answers in (left, right))
    told = (joined(here[each], there[each], most) for each in here if each in there)
    sides = _represented(left, context), _represented(right, context)
    seen: set[tuple[str, str]] = set()
    for one, other in chain(*told, joined(*sides, most)):
        if (one.article, other.article) not in seen:
            seen.add((one.article, other.article))
            yield one, other


def _represented(answers: Sequence[Answer], context: Context) -> list[Answer]:
    def origin(answer: Answer) -> Hashable:
        return context.origin(next(iter(answer.values.values()))), answer.article

    return first_of_each(answers, origin)


def _compared(one: Answer, other: Answer, group: Group, context: Context) -> Iterator[Found]:
    """First what is narrower than what; then what only one of the two has."""
    left = {value: one.values[value] for value in one.values if value not in other.values}
    right = {value: other.values[value] for value in other.values if value not in one.values}
    for first, second in _narrower(left, right, context):
        yield Found("narrower", first, second)
    if not (left or right) or _crossed(left or one.values, right or other.values, group, context):
        return
    if left and right:
        yield _apart(one, other, _first(left), _first(right), context)
    elif one.values.keys() & other.values.keys():
        yield Found("also", _first(left or right), _first(other.values if left else one.values))


def _first(values: Mapping[Same, Record]) -> Record:
    return next(iter(values.values()))


def _narrower(
    left: dict[Same, Record], right: dict[Same, Record], context: Context
) -> Iterator[tuple[Record, Record]]:
    """Pairs of which the first is a part or kind of the second; both are taken out."""
    for here in [*left]:
        for there in [*right]:
            narrow = context.known.narrower(str(here), str(there))
            if narrow or context.known.narrower(str(there), str(here)):
                one, other = left.pop(here), right.pop(there)
                yield (one, other) if narrow else (other, one)
                break


def _apart(one: Answer, other: Answer, first: Record, second: Record, context: Context) -> Found:
    """Two answers of which neither holds the other's value."""
    shared = one.values.keys() & other.values.keys()
    if one.sentence == other.sentence and not shared:
        return Found("object", first, second, "one statement, two values")
    if first.key in context.rules.exclusive:
        rule = "object" if first.telling.root == second.telling.root else "exclusive"
        return Found(rule, first, second, "one value at most", internal(first, second))
    return Found("complementary", first, second)


def _crossed(
    left: Mapping[Same, Record], right: Mapping[Same, Record], group: Group, context: Context
) -> bool:
    """Whether an actor here has the role across there: kg.comparing.roles tells of that."""
    first, second = _first(left), _first(right)
    across = context.rules.counterpart(first.key)
    if not across:
        return False
    held = {(r.article, same(r.value)) for r in group.affirmed.get(across, ())}
    here = any((second.article, value) in held for value in left)
    return here or any((first.article, value) in held for value in right)
