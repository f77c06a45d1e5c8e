"""What claims say of each other: relations between two claims, each by a rule that can be read."""

import re
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from kg.comparing import FAMILIES, Context, Found, Group
from kg.phrasing import property_of, value, who
from kg.records import Record
from kg.rules import SYMMETRIC
from kg.values import digest

__all__ = ["Relation", "relations_of"]


class Relation(NamedTuple):
    """Two claims, the way they are related, by which rule, and what there is to tell of it."""

    kind: str
    rule: str
    first: str
    second: str
    compared: str
    explanation: str

    @property
    def id(self) -> str:
        """The same claims by the same rule, the same id."""
        return f"relation/{digest((self.rule, self.first, self.second), 8)}"


def relations_of(group: Group, context: Context) -> Iterator[Relation]:
    """The relations among the claims of one thing; each pair of claims once by each rule."""
    seen: set[Hashable] = set()
    for family in FAMILIES:
        for found in family(group, context):
            relation = _relation(found, context)
            keys = {relation.id, found.once or relation.id}
            if not keys & seen:
                seen |= keys
                yield relation


def _relation(found: Found, context: Context) -> Relation:
    rule = context.rules.by_id[found.rule]
    kind = rule.inside if found.inside else rule.kind
    first, second = found.first, found.second
    sentence = rule.says.format_map(_slots(found, context))
    if kind in SYMMETRIC and second.claim < first.claim:
        first, second = second, first
    # a speaker with a relay ends in a comma, which what follows may take up
    sentence = re.sub(r",(?=[,.;:)]| \()", "", sentence)
    return Relation(kind, rule.id, first.claim, second.claim, found.compared, _capital(sentence))


def _slots(found: Found, context: Context) -> dict[str, str]:
    known, unnamed = context.known, context.rules.unnamed
    first, second = found.first, found.second

    def said(record: Record) -> str:
        return value(record.value, known)

    slots = {
        "first": who(first, known, unnamed),
        "second": who(second, known, unnamed),
        "first_value": said(first),
        "second_value": said(second),
        "thing": known.label(second.thing),
        "property": property_of(first.key),
        "compared": found.compared,
        "origin": known.label(second.telling.root_principal),
    }
    return slots | dict(found.extra)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
