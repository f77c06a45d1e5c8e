"""Reading what a mapping says of a property into a value, by the property's kind."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from kg.dates import bounds
from kg.entities import Entities
from kg.errors import InputError, Problem, closest, meant
from kg.lexicon import Lexicon, number
from kg.schema import Property, Schema
from kg.source import Document, Key, Tree
from kg.values import METRES, Date, Distance, Money, Quantity, Ref, Text, Value, Whole

__all__ = ["Reading", "class_of", "concept", "read_date", "read_values", "reference"]

_CURRENCY = re.compile(r"[A-Z]{3}")  # as ISO 4217 writes them
BEARINGS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_FLAGS = {"true": True, "false": False, "True": True, "False": False}


class Reading(NamedTuple):
    """What reading a value needs to know."""

    document: Document
    schema: Schema
    entities: Entities
    lexicon: Lexicon

    def error(self, at: Key, message: str, hint: str = "") -> InputError:
        """An error that says where in the document it arose."""
        return InputError(self.document.problem(at, message, hint))


def read_values(
    context: Reading, kind: str, tree: Tree, *, at: Key, problems: list[Problem]
) -> Iterator[tuple[Value, int]]:
    """The values given for a property of a thing of class `kind`, each with its line.

    The property is the last part of `at`.

    A list gives one value for each item. Problems are added to the list, and that value left out.
    """
    key = str(at[-1])
    prop = context.schema.properties.get(key)
    allowed = context.schema.allowed[kind]
    if prop is None or key not in allowed:
        what = f"a {kind} has no property {key}" if prop else f"no property {key}"
        problems.append(context.document.problem(at, what, closest(key, allowed)))
        return
    items = [(t, (*at, i)) for i, t in enumerate(tree)] if isinstance(tree, list) else [(tree, at)]
    if not items:
        problems.append(context.document.problem(at, "lists no value"))
    for item, where in items:
        try:
            yield _READERS[prop.kind](context, prop, item, where), context.document.line(where)
        except InputError as error:
            problems.extend(error.problems)


def read_date(context: Reading, tree: Tree, at: Key) -> Date:
    """The date given as {edtf:, says:, anchor:}, or computed from the lexicon's words."""
    fields = _fields(context, tree, at, {"edtf", "says", "anchor"})
    wording, anchor = fields.get("says", ""), fields.get("anchor", "")
    edtf, rule = fields.get("edtf", ""), ""
    try:
        if anchor:
            bounds(anchor)
        if not edtf:
            edtf, rule = _dated(context, wording, anchor, at)
        return Date(edtf, *bounds(edtf), wording, anchor, rule)
    except ValueError as error:
        raise context.error(at, str(error)) from error


def _dated(context: Reading, wording: str, anchor: str, at: Key) -> tuple[str, str]:
    """The date the lexicon's words mean, counted from the anchor, and the id of the rule."""
    rule = context.lexicon.find("date", wording)
    if rule is None:
        hint = f"{closest(wording, context.lexicon.wordings('date'))}; or give edtf:"
        raise context.error(at, f"the lexicon has no date {wording!r}", hint)
    if not anchor[:4].isdecimal():
        hint = "write anchor: with the day on which it was said"
        raise context.error(at, f"{wording!r} needs the date it is counted from", hint)
    return rule.dated(anchor), rule.id


def reference(context: Reading, tree: Tree, at: Key, classes: tuple[str, ...]) -> Ref:
    """The thing named, as {ref:, written:, match:, because:} or by its id alone."""
    fields = (
        {"ref": tree}
        if isinstance(tree, str)
        else _fields(context, tree, at, {"ref", "written", "match", "because"})
    )
    name = fields.get("ref", "")
    kind = class_of(context, name, at)
    if not any(context.schema.is_a(kind, wanted) for wanted in classes):
        raise context.error(at, f"{name} is a {kind}, not a {' or '.join(classes)}")
    if match := fields.get("match", ""):
        concept(context, "Certainty", match, (*at, "match"))
        if missing := [key for key in ("written", "because") if not fields.get(key)]:
            hint = "a match says which name is meant to be this thing, and why"
            raise context.error(at, f"lacks {', '.join(missing)}", hint)
    return Ref(name, fields.get("written", ""), match, fields.get("because", ""))


def class_of(context: Reading, name: str, at: Key) -> str:
    """The class of the thing with this id, which the document or the seeds declare."""
    if name in context.entities:
        return context.entities[name].type
    if name == f"article/{context.document.tree.get('article')}":
        return "Article"
    if not name:
        raise context.error(at, "names no thing", "write its id, or {ref: id}")
    raise context.error(at, f"no thing {name}", meant(context.entities.near(name)))


def concept(context: Reading, kind: str, tree: Tree, at: Key) -> str:
    """The concept's slug, where the class of concepts has it."""
    slugs = [name.partition("/")[2] for name in context.schema.concepts[kind]]
    if tree in slugs:
        return str(tree)
    message = f"no {kind.lower()} {tree}" if tree else f"lacks a {kind.lower()}"
    raise context.error(at, message, closest(str(tree), slugs))


def _thing(context: Reading, prop: Property, tree: Tree, at: Key) -> Value:
    return reference(context, tree, at, prop.values)


def _concept(context: Reading, prop: Property, tree: Tree, at: Key) -> Value:
    (kind,) = prop.values
    (prefix,) = {name.partition("/")[0] for name in context.schema.concepts[kind]}
    return Ref(f"{prefix}/{concept(context, kind, tree, at)}")


def _text(context: Reading, _: Property, tree: Tree, at: Key) -> Value:
    if not isinstance(tree, str) or not tree.strip():
        raise context.error(at, "is no text", "copy the words from the quote")
    return Text(tree)


def _whole(context: Reading, _: Property, tree: Tree, at: Key) -> Value:
    found = _number(context, tree, at)
    if found != found.to_integral_value():
        raise context.error(at, f"{tree!r} is no whole number")
    return Whole(int(found))


def _quantity(context: Reading, _: Property, tree: Tree, at: Key) -> Value:
    fields = _fields(context, tree, at, {"says", "min", "max", "count"})
    if "count" in fields:
        if {"min", "max"} & set(fields):
            raise context.error(at, "has count beside min or max", "write one or the other")
        count = _number(context, fields["count"], (*at, "count"))
        return Quantity(count, count, fields.get("says", ""))
    return Quantity(*_interval(context, "quantity", fields, at))


def _money(context: Reading, _: Property, tree: Tree, at: Key) -> Value:
    fields = _fields(context, tree, at, {"says", "min", "max", "currency"})
    currency = fields.get("currency", "")
    if not _CURRENCY.fullmatch(currency):
        hint = "write an ISO 4217 code: USD"
        raise context.error((*at, "currency"), f"{currency!r} is no currency", hint)
    minimum, maximum, wording, rule = _interval(context, "money", fields, at)
    return Money(minimum, maximum, currency, wording, rule)


def _interval(
    context: Reading, kind: str, fields: Mapping[str, str], at: Key
) -> tuple[Decimal | None, Decimal | None, str, str]:
    wording = fields.get("says", "")
    if "min" not in fields and "max" not in fields:
        rule = context.lexicon.find(kind, wording)
        if rule is None:
            hint = f"{closest(wording, context.lexicon.wordings(kind))}; or give min: and max:"
            raise context.error(at, f"the lexicon has no {kind} {wording!r}", hint)
        return rule.minimum, rule.maximum, wording, rule.id
    low, high = (
        _number(context, fields[key], (*at, key)) if key in fields else None
        for key in ("min", "max")
    )
    if low is not None and high is not None and low > high:
        raise context.error(at, f"min {low} is more than max {high}", "swap them")
    return low, high, wording, ""


def _distance(context: Reading, _: Property, tree: Tree, at: Key) -> Value:
    fields = _fields(context, tree, at, {"place", "says", "approximate", "bearing", *METRES})
    place = reference(context, fields.get("place", ""), (*at, "place"), ("Place",)).id
    units = [unit for unit in METRES if unit in fields]
    bearing = fields.get("bearing", "")
    if len(units) > 1 or not (units or bearing):
        raise context.error(at, "needs one of km, miles, or a bearing")
    if bearing and bearing not in BEARINGS:
        raise context.error((*at, "bearing"), f"no bearing {bearing}", closest(bearing, BEARINGS))
    approximate = _FLAGS.get(fields.get("approximate", "false"))
    if approximate is None:
        raise context.error((*at, "approximate"), "is neither true nor false")
    unit = units[0] if units else ""
    length = _number(context, fields[unit], (*at, unit)) if unit else None
    return Distance(place, length, unit, bearing, approximate, fields.get("says", ""))


def _date(context: Reading, _: Property, tree: Tree, at: Key) -> Value:
    return read_date(context, tree, at)


def _number(context: Reading, tree: Tree, at: Key) -> Decimal:
    found = number(tree)
    if found is None:
        raise context.error(at, f"{tree!r} is no number", "write digits, without commas")
    return found


def _fields(context: Reading, tree: Tree, at: Key, known: set[str]) -> dict[str, str]:
    """The fields of a value, each as text: numbers and booleans of JSON become what YAML has."""
    if not isinstance(tree, dict) or not tree:
        raise context.error(at, "is no value of this kind", f"write {{{', '.join(sorted(known))}}}")
    if not known.issuperset(tree):
        unknown = sorted(set(tree) - known)
        hint = closest(unknown[0], known)
        raise context.error((*at, unknown[0]), "is no field here", hint)
    if nested := [key for key, given in tree.items() if not isinstance(given, str | int | float)]:
        raise context.error((*at, nested[0]), "is no text or number")
    return {key: str(given) for key, given in tree.items()}


_READERS: Mapping[str, Callable[[Reading, Property, Tree, Key], Value]] = {
    "thing": _thing,
    "concept": _concept,
    "text": _text,
    "integer": _whole,
    "quantity": _quantity,
    "money": _money,
    "distance": _distance,
    "date": _date,
}
