"""Filters of SPARQL, as far as they are evaluated here: comparisons, logic, and tests of terms.

An expression's value is a term, a number that was computed, or a truth; where SPARQL speaks of a
type error there is an exception, and a filter that ends in one does not hold.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from kg.shacl.literals import (
    LANG_STRING,
    STRING,
    Comparable,
    comparable,
    is_blank,
    is_iri,
    is_literal,
    parts,
    text,
)
from kg.shacl.nodes import term
from kg.terms import iri

__all__ = ["Test", "UnknownExpressionError", "test_of"]

Row: TypeAlias = Mapping[str, str]
Value: TypeAlias = str | bool | Comparable
Expression: TypeAlias = Callable[[Row], Value]
Test: TypeAlias = Callable[[Row], bool]


class UnknownExpressionError(Exception):
    """An expression that is not evaluated here."""


class _TypeError(Exception):
    """What SPARQL calls a type error."""


def test_of(expression: Any) -> Test:  # noqa: ANN401 -- rdflib's algebra has no type of its own
    """Whether a row passes the filter, an expression of rdflib's algebra."""
    evaluate = _expression(expression)

    def test(row: Row) -> bool:
        try:
            return _truth(evaluate(row))
        except _TypeError:
            return False

    return test


def _expression(node: Any) -> Expression:  # noqa: ANN401
    from rdflib import Variable  # noqa: PLC0415 -- only where a shape has a query
    from rdflib.plugins.sparql.parserutils import CompValue  # noqa: PLC0415

    if isinstance(node, Variable):
        return _variable(f"?{node}")
    if not isinstance(node, CompValue):
        constant = term(node)
        return lambda _: constant
    if node.name in _COMPOUND:
        return _COMPOUND[node.name](node)
    if node.name.removeprefix("Builtin_") in _FUNCTIONS:
        return _call(node)
    raise UnknownExpressionError(node.name)


def _variable(name: str) -> Expression:
    def value(row: Row) -> Value:
        if name not in row:
            raise _TypeError
        return row[name]

    return value


def _truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    found = value if isinstance(value, Comparable) else comparable(value)
    if found is None or found.family not in {"number", "string", "boolean"}:
        raise _TypeError
    return bool(found.value)


# -- logic and comparisons


def _all(node: Any) -> Expression:  # noqa: ANN401
    return _decided([node.expr, *node.other], by=False)


def _any(node: Any) -> Expression:  # noqa: ANN401
    return _decided([node.expr, *node.other], by=True)


def _decided(nodes: list[Any], *, by: bool) -> Expression:
    """One that is `by` decides, even where another is an error (SPARQL 1.1, 17.2)."""
    sides = [_expression(node) for node in nodes]

    def value(row: Row) -> Value:
        failed = False
        for side in sides:
            try:
                if _truth(side(row)) is by:
                    return by
            except _TypeError:
                failed = True
        if failed:
            raise _TypeError
        return not by

    return value


def _not(node: Any) -> Expression:  # noqa: ANN401
    inner = _expression(node.expr)
    return lambda row: not _truth(inner(row))


_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _relation(node: Any) -> Expression:  # noqa: ANN401
    if node.op not in {"=", "!=", *_ORDERS}:
        raise UnknownExpressionError(node.op)
    one, other = _expression(node.expr), _expression(node.other)
    if node.op in _ORDERS:
        order = _ORDERS[node.op]
        return lambda row: _in_order(order, one(row), other(row))
    same = node.op == "="
    return lambda row: _equal(one(row), other(row)) is same


def _in_order(order: Callable[[Any, Any], bool], one: Value, other: Value) -> bool:
    left, right = _comparable(one), _comparable(other)
    if left is None or right is None or left.family != right.family:
        raise _TypeError
    return order(left.value, right.value)


def _equal(one: Value, other: Value) -> bool:
    if one == other:
        return True
    left, right = _comparable(one), _comparable(other)
    if left is not None and right is not None and left.family == right.family:
        return bool(left.value == right.value)
    if any(isinstance(each, str) and not is_literal(each) for each in (one, other)):
        return False
    raise _TypeError


def _comparable(value: Value) -> Comparable | None:
    if isinstance(value, bool):
        return Comparable("boolean", value)
    return value if isinstance(value, Comparable) else comparable(value)


def _sum(node: Any) -> Expression:  # noqa: ANN401
    sides = [_expression(each) for each in (node.expr, *node.other)]
    signs = [1, *(1 if op == "+" else -1 for op in node.op)]

    def value(row: Row) -> Value:
        total: Any = 0
        for sign, side in zip(signs, sides, strict=True):
            found = _comparable(side(row))
            if found is None or found.family != "number":
                raise _TypeError
            total += sign * found.value
        return Comparable("number", total)

    return value


_COMPOUND: Mapping[str, Callable[[Any], Expression]] = {
    "ConditionalAndExpression": _all,
    "ConditionalOrExpression": _any,
    "UnaryNot": _not,
    "RelationalExpression": _relation,
    "AdditiveExpression": _sum,
}


# -- functions


def _call(node: Any) -> Expression:  # noqa: ANN401
    function = _FUNCTIONS[node.name.removeprefix("Builtin_")]
    if node.name == "Builtin_BOUND":
        name = f"?{node.arg}"
        return lambda row: name in row
    given = [node.arg] if "arg" in node else [node.arg1, node.arg2]
    arguments = [_expression(each) for each in given]
    return lambda row: function(*[argument(row) for argument in arguments])


def _string(value: Value) -> str:
    if isinstance(value, Comparable) and value.family == "string":
        return str(value.value)
    said = parts(value) if isinstance(value, str) and is_literal(value) else None
    if said is None or said.datatype not in {STRING, LANG_STRING}:
        raise _TypeError
    return said.text


def _str(value: Value) -> Value:
    term = _as_term(value)
    if is_blank(term):
        raise _TypeError
    return Comparable("string", text(term))


def _of_strings(function: Callable[[str, str], bool]) -> Callable[[Value, Value], Value]:
    return lambda one, other: function(_string(one), _string(other))


def _of_term(function: Callable[[str], Value]) -> Callable[[Value], Value]:
    return lambda value: function(_as_term(value))


def _as_term(value: Value) -> str:
    if not isinstance(value, str):  # of what was computed nothing but its value is known here
        raise _TypeError
    return value


def _of_literal(function: Callable[[str], Value]) -> Callable[[Value], Value]:
    def of(value: Value) -> Value:
        term = _as_term(value)
        if not is_literal(term):
            raise _TypeError
        return function(term)

    return of


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "BOUND": bool,
    "STR": _str,
    "STRSTARTS": _of_strings(str.startswith),
    "STRENDS": _of_strings(str.endswith),
    "CONTAINS": _of_strings(str.__contains__),
    "STRLEN": lambda value: Comparable("number", len(_string(value))),
    "LANG": _of_literal(lambda term: Comparable("string", parts(term).language)),
    "DATATYPE": _of_literal(lambda term: iri(parts(term).datatype)),
    "sameTerm": operator.eq,
    "isIRI": _of_term(is_iri),
    "isURI": _of_term(is_iri),
    "isBLANK": _of_term(is_blank),
    "isLITERAL": _of_term(is_literal),
}
