"""SHACL Core's constraint components, each as a check of all focus nodes of a shape at once.

A check is given every focus node with its value nodes, and the value nodes of all of them as one
set. What is wrong with a value does not depend on the focus node for most components, so each value
is looked at once; where no value is wrong, no focus node is looked at at all.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from operator import ge, gt, le, lt
from typing import Any, NamedTuple, Protocol, TypeAlias

from kg.shacl.data import Data
from kg.shacl.literals import (
    Comparable,
    comparable,
    is_blank,
    is_iri,
    is_literal,
    parts,
    text,
    well_formed,
)
from kg.vocab import TYPE

__all__ = ["Check", "Finding", "Validation", "Values"]


class Finding(NamedTuple):
    """A focus node that breaks a constraint, with the value that does, where one does."""

    focus: str
    value: str = ""
    predicate: str = ""
    """The path of the result, where it is not the shape's."""


class Values(NamedTuple):
    """The focus nodes of a shape, and what its path leads to from each."""

    focus: AbstractSet[str]
    of: Mapping[str, Collection[str]]
    """Focus node to value nodes; what has none is left out."""
    all: AbstractSet[str]
    """The value nodes of all focus nodes."""


class Validation(Protocol):
    """What a check may ask."""

    data: Data

    def breaking(self, shape: str, nodes: AbstractSet[str]) -> AbstractSet[str]:
        """Those of the nodes that do not conform to the shape."""


Check: TypeAlias = Callable[[Validation, Values], Iterator[Finding]]
Breaking: TypeAlias = Callable[[Validation, AbstractSet[str]], AbstractSet[str]]


# -- of each value


def each_value(breaking: Breaking) -> Check:
    """A result for each value node among those that break something."""

    def check(run: Validation, values: Values) -> Iterator[Finding]:
        wrong = breaking(run, values.all)
        if wrong:
            for focus, held in values.of.items():
                for value in held:
                    if value in wrong:
                        yield Finding(focus, value)

    return check


def passing(test: Callable[[str], bool]) -> Check:
    """Each value passes the test."""
    return each_value(lambda _, values: {value for value in values if not test(value)})


def of_class(cls: str) -> Check:
    """Each value is an instance of the class."""

    def breaking(run: Validation, values: AbstractSet[str]) -> AbstractSet[str]:
        classes, types = run.data.below(cls), run.data.forward(TYPE)
        return {value for value in values if classes.isdisjoint(types.get(value, ()))}

    return each_value(breaking)


def of_datatype(datatype: str) -> Check:
    """Each value is a literal of that datatype (an IRI), and a text the datatype knows."""

    def test(value: str) -> bool:
        if not is_literal(value):
            return False
        literal = parts(value)
        return literal.datatype == datatype and well_formed(literal)

    return passing(test)


_KINDS = {
    "IRI": (is_iri,),
    "BlankNode": (is_blank,),
    "Literal": (is_literal,),
    "BlankNodeOrIRI": (is_blank, is_iri),
    "BlankNodeOrLiteral": (is_blank, is_literal),
    "IRIOrLiteral": (is_iri, is_literal),
}


def of_kind(kind: str) -> Check:
    """Each value is of that node kind, such as BlankNodeOrIRI; KeyError where it is none."""
    kinds = _KINDS[kind]
    return passing(lambda value: any(is_kind(value) for is_kind in kinds))


def in_order(operator: Callable[[Any, Any], bool], bound: Comparable) -> Check:
    """Each value stands so to the bound."""

    def test(value: str) -> bool:
        found = comparable(value)
        return found is not None and _ordered(found, operator, bound)

    return passing(test)


def _ordered(one: Comparable, operator: Callable[[Any, Any], bool], other: Comparable) -> bool:
    return one.family == other.family and operator(one.value, other.value)


ORDERS = {
    "minExclusive": gt,
    "minInclusive": ge,
    "maxExclusive": lt,
    "maxInclusive": le,
}
"""How a value stands to the value of the parameter."""


def at_least_long(length: int) -> Check:
    """The text of each value is that long at least; a blank node has none."""
    return passing(
        lambda value: length == 0 or (not is_blank(value) and len(text(value)) >= length)
    )


def at_most_long(length: int) -> Check:
    """The text of each value is that long at most; a blank node has none."""
    return passing(lambda value: not is_blank(value) and len(text(value)) <= length)


def matching(pattern: re.Pattern[str]) -> Check:
    """The pattern is found in the text of each value."""
    return passing(lambda value: not is_blank(value) and pattern.search(text(value)) is not None)


def in_language(ranges: AbstractSet[str]) -> Check:
    """Each value has a language within one of these basic ranges, given in small letters."""

    def test(value: str) -> bool:
        language = parts(value).language if is_literal(value) else ""
        if not language:
            return False
        subtags = language.split("-")
        heads = {"-".join(subtags[:count]) for count in range(1, len(subtags) + 1)}
        return "*" in ranges or not heads.isdisjoint(ranges)

    return passing(test)


def one_of(terms: AbstractSet[str]) -> Check:
    """Each value is one of the terms."""
    return each_value(lambda _, values: values - terms)


# -- of each value, by other shapes


def conforming(shape: str) -> Check:
    """Each value conforms to the shape."""
    return each_value(lambda run, values: run.breaking(shape, values))


def not_conforming(shape: str) -> Check:
    """No value conforms to the shape."""
    return each_value(lambda run, values: values - run.breaking(shape, values))


def conforming_to_all(shapes: Collection[str]) -> Check:
    """Each value conforms to all of the shapes."""
    return each_value(
        lambda run, values: set[str]().union(*(run.breaking(shape, values) for shape in shapes))
    )


def conforming_to_any(shapes: Collection[str]) -> Check:
    """Each value conforms to one of the shapes at least."""

    def breaking(run: Validation, values: AbstractSet[str]) -> AbstractSet[str]:
        for shape in shapes:
            values = run.breaking(shape, values)
        return values

    return each_value(breaking)


def conforming_to_one(shapes: Collection[str]) -> Check:
    """Each value conforms to exactly one of the shapes."""

    def breaking(run: Validation, values: AbstractSet[str]) -> AbstractSet[str]:
        found = [values - run.breaking(shape, values) for shape in shapes]
        return {value for value in values if sum(value in each for each in found) != 1}

    return each_value(breaking)


# -- of all values of a focus node


def at_least(count: int) -> Check:
    """Each focus node has that many values at least."""

    def check(_: Validation, values: Values) -> Iterator[Finding]:
        if count == 1:
            yield from map(Finding, values.focus - values.of.keys())
        else:
            yield from (Finding(f) for f in values.focus if len(values.of.get(f, ())) < count)

    return check


def at_most(count: int) -> Check:
    """Each focus node has that many values at most."""

    def check(_: Validation, values: Values) -> Iterator[Finding]:
        return (Finding(focus) for focus, held in values.of.items() if len(held) > count)

    return check


def having(term: str) -> Check:
    """Each focus node has that value."""

    def check(_: Validation, values: Values) -> Iterator[Finding]:
        return (Finding(focus) for focus in values.focus if term not in values.of.get(focus, ()))

    return check


def of_unique_language(_: Validation, values: Values) -> Iterator[Finding]:
    """No focus node has two values in one language."""
    for focus, held in values.of.items():
        if len(held) > 1:
            languages = [parts(value).language for value in held if is_literal(value)]
            tagged = [language for language in languages if language]
            if len(tagged) > len(set(tagged)):
                yield Finding(focus)


def conforming_in_number(shape: str, siblings: Collection[str], least: float, most: float) -> Check:
    """That many values conform to the shape, and to none of its siblings."""

    def check(run: Validation, values: Values) -> Iterator[Finding]:
        good = values.all - run.breaking(shape, values.all)
        for sibling in siblings:
            good = good & run.breaking(sibling, good)
        for focus in values.focus:
            if not least <= sum(value in good for value in values.of.get(focus, ())) <= most:
                yield Finding(focus)

    return check


# -- of the values, and those of another property


def equal_to(predicate: str) -> Check:
    """The values are those of the property."""

    def check(run: Validation, values: Values) -> Iterator[Finding]:
        others = run.data.forward(predicate)
        for focus in values.focus:
            held, other = values.of.get(focus, ()), others.get(focus, ())
            yield from (Finding(focus, value) for value in {*held} ^ {*other})

    return check


def disjoint_from(predicate: str) -> Check:
    """No value is a value of the property."""

    def check(run: Validation, values: Values) -> Iterator[Finding]:
        others = run.data.forward(predicate)
        for focus, held in values.of.items():
            yield from (Finding(focus, value) for value in {*held} & {*others.get(focus, ())})

    return check


def ordered_before(operator: Callable[[Any, Any], bool], predicate: str) -> Check:
    """Every value stands so to every value of the property."""

    def check(run: Validation, values: Values) -> Iterator[Finding]:
        others = run.data.forward(predicate)
        for focus, held in values.of.items():
            limits = [comparable(other) for other in others.get(focus, ())]
            for value in held if limits else ():
                found = comparable(value)
                if found is None or not all(
                    limit is not None and _ordered(found, operator, limit) for limit in limits
                ):
                    yield Finding(focus, value)

    return check


def closed_but_for(allowed: AbstractSet[str]) -> Check:
    """No value has a property but these."""

    def check(run: Validation, values: Values) -> Iterator[Finding]:
        for predicate in sorted(run.data.predicates - allowed):
            index = run.data.forward(predicate)
            having_it = values.all & index.keys()
            for focus, held in values.of.items() if having_it else ():
                for value in held:
                    for end in index.get(value, ()):
                        yield Finding(focus, end, predicate)

    return check
