"""Shapes, read from their graph into what can be evaluated; what cannot is named, with the reason.

The reader is strict: a property of SHACL's own namespace that it does not know, a value that is not
what the recommendation asks for, a shape that refers to itself: in each case every shape with a
target that needs that construct is left to the reference engine, whose word it is what is wrong.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import le, lt
from typing import NamedTuple

from kg.rdf import Triple
from kg.shacl import components as core
from kg.shacl.components import Check
from kg.shacl.described import Described, Target, sh
from kg.shacl.errors import UnknownConstructError
from kg.shacl.literals import STRING, comparable, is_blank, is_iri, is_literal, parts, text
from kg.shacl.paths import Path, Step, members, read_path
from kg.shacl.queries import Query, read_query
from kg.shacl.report import VIOLATION, Referral
from kg.terms import XSD
from kg.vocab import SH, TYPE

__all__ = ["ANY", "Constraint", "Shape", "Shapes", "read_shapes"]

ANY = "*"
_TRUE, _FALSE = (f'"{said}"^^<{XSD}boolean>' for said in ("true", "false"))


@dataclass(frozen=True)
class Constraint:
    """A constraint of a shape: what kind, how it is checked, and what it reads of the data."""

    component: str
    check: Check | None = None
    """None where a query says it, or it is a property shape, whose results count themselves."""
    query: Query | None = None
    shapes: tuple[str, ...] = ()
    """The shapes it asks of the value nodes."""
    of_focus: tuple[str, ...] = ()
    """The predicates it reads at the focus node."""
    of_values: tuple[str, ...] = ()
    """The predicates it reads at the value nodes; ANY is all."""


@dataclass(frozen=True)
class Shape:
    """A node shape or, where it has a path, a property shape."""

    node: str
    path: Path | None
    targets: tuple[Target, ...]
    constraints: tuple[Constraint, ...]
    severity: str
    messages: tuple[str, ...]
    owner: str
    """The named node shape it belongs to, at any depth; itself where there is none."""


@dataclass(frozen=True)
class Shapes:
    """The shapes of a graph: those evaluated here, and those that are not."""

    triples: tuple[Triple, ...]
    by_node: Mapping[str, Shape]
    targeted: tuple[Shape, ...]
    """Those evaluated here that have targets."""
    referrals: tuple[Referral, ...]
    """Those that have targets and are left to the reference engine."""
    described: Described = field(repr=False, compare=False)
    """The graph they were read from."""


def read_shapes(triples: Iterable[Triple]) -> Shapes:
    """The shapes of a shapes graph.

    >>> read_shapes([]).targeted
    ()
    """
    graph = tuple(dict.fromkeys(triples))
    described = Described(graph)
    reader = _Reader(described)
    targeted: list[Shape] = []
    referrals: list[Referral] = []
    for node in described.targeted():
        try:
            targeted.append(reader.tree(node))
        except UnknownConstructError as error:
            where = "" if error.node == node else f"{error.node} "
            referrals.append(Referral(node, where + error.why))
    return Shapes(graph, reader.read, tuple(targeted), tuple(sorted(referrals)), described)


class _Reader:
    """Reads shapes, each once, with those they ask for."""

    def __init__(self, described: Described) -> None:
        self.described = described
        self.read: dict[str, Shape] = {}
        self._reading: list[str] = []

    def tree(self, node: str) -> Shape:
        """The shape at that node, after those it asks for."""
        if node in self.read:
            return self.read[node]
        if node in self._reading:
            raise UnknownConstructError(node, "refers to itself")
        self._reading.append(node)
        try:
            self.read[node] = shape = self._shape(node)
        finally:
            self._reading.pop()
        return shape

    def _shape(self, node: str) -> Shape:
        if is_literal(node):
            raise UnknownConstructError(node, "is a literal where a shape is wanted")
        self._hold_to_what_is_known(node)
        path = self._path(node)
        active = self._single(node, "deactivated", {_TRUE: False, _FALSE: True}, otherwise=True)
        severity = self._values(node, "severity", most=1)
        constraints: list[Constraint] = []
        for name in self._parameters(node) if active else ():
            parameter = _PARAMETERS[name]
            for value in self._values(node, name, most=parameter.most):
                constraints += parameter.read(_At(self, node, path, name), value)
        return Shape(
            node,
            path,
            self.described.targets(node),
            tuple(constraints),
            severity[0] if severity else VIOLATION,
            self.messages(node),
            self.described.owner(node),
        )

    def _parameters(self, node: str) -> Iterator[str]:
        for predicate in self.described.nodes.get(node, ()):
            name = predicate.removeprefix(f"<{SH}").removesuffix(">")
            if name in _PARAMETERS:
                yield name

    def messages(self, node: str) -> tuple[str, ...]:
        """What the shape, or the query, says of its results."""
        found = sorted(set(self.described.values(node, "message")))
        if not all(map(is_literal, found)):
            raise UnknownConstructError(node, "has an sh:message that is no literal")
        return tuple(found)

    def _path(self, node: str) -> Path | None:
        found = self._values(node, "path", most=1)
        types = self.described.nodes.get(node, {}).get(TYPE, ())
        if sh("PropertyShape" if not found else "NodeShape") in types:
            kind = "property shape without" if not found else "node shape with"
            raise UnknownConstructError(node, f"is a {kind} sh:path")
        return read_path(self.described.nodes, found[0]) if found else None

    def _hold_to_what_is_known(self, node: str) -> None:
        for predicate in self.described.nodes.get(node, {}):
            name = predicate.removeprefix(f"<{SH}").removesuffix(">")
            if name != predicate.removesuffix(">") and name not in _KNOWN:
                raise UnknownConstructError(node, f"has sh:{name}")
            if predicate in self.described.parameters:
                raise UnknownConstructError(node, f"has {predicate}, of a component of its own")

    def _values(self, node: str, name: str, *, most: int) -> list[str]:
        found = self.described.values(node, name)
        if most and len(found) > most:
            raise UnknownConstructError(node, f"has more than one sh:{name}")
        return found

    def _single(self, node: str, name: str, known: Mapping[str, bool], *, otherwise: bool) -> bool:
        found = self._values(node, name, most=1)
        if found and found[0] not in known:
            raise UnknownConstructError(node, f"has an sh:{name} that is neither true nor false")
        return known[found[0]] if found else otherwise


class _At(NamedTuple):
    """Where a parameter stands: the shape it is of, and its name."""

    reader: _Reader
    node: str
    path: Path | None
    name: str

    def wrong(self, why: str) -> UnknownConstructError:
        """An error of this parameter."""
        return UnknownConstructError(self.node, f"has an sh:{self.name} {why}")

    def component(self, name: str = "") -> str:
        """The constraint component of the parameter."""
        name = name or self.name
        return sh(f"{name[:1].upper()}{name[1:]}ConstraintComponent")

    def iri(self, value: str) -> str:
        """The value, where it is an IRI."""
        if not is_iri(value):
            raise self.wrong("that is no IRI")
        return value

    def number(self, value: str) -> int:
        """The value, where it is a whole number."""
        found = comparable(value)
        if found is None or not isinstance(found.value, int) or isinstance(found.value, bool):
            raise self.wrong("that is no whole number")
        return found.value

    def said(self, value: str) -> str:
        """The value, where it is a string."""
        if not is_literal(value) or parts(value).datatype != STRING:
            raise self.wrong("that is no string")
        return text(value)

    def on_property_shapes_only(self) -> None:
        """An error where the shape has no path."""
        if self.path is None:
            raise self.wrong("and no sh:path")

    def values(self, name: str) -> list[str]:
        """What else the shape has."""
        return self.reader.described.values(self.node, name)

    def members(self, value: str) -> list[str]:
        """The members of a list."""
        return members(self.reader.described.nodes, value)


def _checked(make: Callable[[_At, str], Check]) -> Callable[[_At, str], list[Constraint]]:
    """A constraint that looks at the values alone."""
    return lambda at, value: [Constraint(at.component(), make(at, value))]


def _count(make: Callable[[int], Check]) -> Callable[[_At, str], list[Constraint]]:
    def read(at: _At, value: str) -> list[Constraint]:
        at.on_property_shapes_only()
        return [Constraint(at.component(), make(at.number(value)))]

    return read


def _class(at: _At, value: str) -> list[Constraint]:
    return [Constraint(at.component(), core.of_class(at.iri(value)), of_values=(TYPE,))]


def _datatype(at: _At, value: str) -> Check:
    return core.of_datatype(at.iri(value)[1:-1])


def _kind(at: _At, value: str) -> Check:
    try:
        return core.of_kind(value.removeprefix(f"<{SH}").removesuffix(">"))
    except KeyError:
        raise at.wrong("that is no node kind") from None


def _bound(at: _At, value: str) -> Check:
    bound = comparable(value)
    if bound is None:
        raise at.wrong(f"that cannot be compared with anything here: {value}")
    return core.in_order(core.ORDERS[at.name], bound)


def _pattern(at: _At, value: str) -> Check:
    flags = 0
    for said in at.values("flags"):
        for letter in at.said(said):
            if letter not in _FLAGS:
                raise at.wrong(f"with the flag {letter}")
            flags |= _FLAGS[letter]
    try:
        return core.matching(re.compile(at.said(value), flags))
    except re.error as error:
        raise at.wrong(f"that is no pattern: {error}") from error


_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE}


def _language_in(at: _At, value: str) -> Check:
    return core.in_language({at.said(each).lower() for each in at.members(value)})


def _unique_lang(at: _At, value: str) -> list[Constraint]:
    at.on_property_shapes_only()
    if value != _TRUE:  # "1" is no true here: W3C's test uniqueLang-002
        return []
    return [Constraint(at.component(), core.of_unique_language)]


def _one_shape(make: Callable[[str], Check]) -> Callable[[_At, str], list[Constraint]]:
    def read(at: _At, value: str) -> list[Constraint]:
        at.reader.tree(value)
        return [Constraint(at.component(), make(value), shapes=(value,))]

    return read


def _node(at: _At, value: str) -> list[Constraint]:
    if at.reader.tree(value).path is not None:
        raise at.wrong("that has an sh:path")
    return _one_shape(core.conforming)(at, value)


def _several_shapes(
    make: Callable[[tuple[str, ...]], Check],
) -> Callable[[_At, str], list[Constraint]]:
    def read(at: _At, value: str) -> list[Constraint]:
        shapes = tuple(at.members(value))
        for shape in shapes:
            at.reader.tree(shape)
        return [Constraint(at.component(), make(shapes), shapes=shapes)]

    return read


def _property(at: _At, value: str) -> list[Constraint]:
    if at.reader.tree(value).path is None:
        raise at.wrong("that has no sh:path")
    return [Constraint(at.component(), shapes=(value,))]


def _qualified(at: _At, value: str) -> list[Constraint]:
    at.on_property_shapes_only()
    disjoint = _TRUE in at.values("qualifiedValueShapesDisjoint")
    siblings = at.reader.described.siblings(at.node) if disjoint else ()
    for shape in (value, *siblings):
        at.reader.tree(shape)
    made: list[Constraint] = []
    for name in ("qualifiedMinCount", "qualifiedMaxCount"):
        for said in at.values(name):
            limit = at.number(said)
            bounds = (limit, math.inf) if name == "qualifiedMinCount" else (0, limit)
            check = core.conforming_in_number(value, siblings, *bounds)
            made.append(Constraint(at.component(name), check, shapes=(value, *siblings)))
    if not 1 <= len(made) <= 2 or len({each.component for each in made}) < len(made):  # noqa: PLR2004
        raise at.wrong("without one least or greatest number")
    return made


def _pair(make: Callable[[str], Check]) -> Callable[[_At, str], list[Constraint]]:
    def read(at: _At, value: str) -> list[Constraint]:
        predicate = at.iri(value)
        return [Constraint(at.component(), make(predicate), of_focus=(predicate,))]

    return read


def _ordered_pair(make: Callable[[str], Check]) -> Callable[[_At, str], list[Constraint]]:
    def read(at: _At, value: str) -> list[Constraint]:
        at.on_property_shapes_only()
        return _pair(make)(at, value)

    return read


def _closed(at: _At, value: str) -> list[Constraint]:
    if value == _FALSE:
        return []
    if value != _TRUE:
        raise at.wrong("that is neither true nor false")
    allowed = {each for head in at.values("ignoredProperties") for each in at.members(head)}
    for shape in at.values("property"):
        path = at.reader.tree(shape).path
        if isinstance(path, Step) and not path.inverse:
            allowed.add(path.predicate)
    return [Constraint(at.component(), core.closed_but_for(allowed), of_values=(ANY,))]


def _sparql(at: _At, value: str) -> list[Constraint]:
    query = read_query(at.reader.described, value, at.path, at.reader.messages(value))
    return [Constraint(sh("SPARQLConstraintComponent"), query=query)] if query else []


def _list_of_terms(at: _At, value: str) -> Check:
    terms = at.members(value)
    if any(map(is_blank, terms)):
        raise at.wrong("with a blank node")
    return core.one_of(frozenset(terms))


def _term(at: _At, value: str) -> Check:
    if is_blank(value):
        raise at.wrong("that is a blank node")
    return core.having(value)


class _Parameter(NamedTuple):
    """How a parameter is read, and how often a shape may have it; 0 is any number of times."""

    read: Callable[[_At, str], list[Constraint]]
    most: int = 1


_PARAMETERS = {
    "class": _Parameter(_class, 0),
    "datatype": _Parameter(_checked(_datatype)),
    "nodeKind": _Parameter(_checked(_kind)),
    "minCount": _Parameter(_count(core.at_least)),
    "maxCount": _Parameter(_count(core.at_most)),
    **{name: _Parameter(_checked(_bound)) for name in core.ORDERS},
    "minLength": _Parameter(_checked(lambda at, v: core.at_least_long(at.number(v)))),
    "maxLength": _Parameter(_checked(lambda at, v: core.at_most_long(at.number(v)))),
    "pattern": _Parameter(_checked(_pattern), 0),
    "languageIn": _Parameter(_checked(_language_in)),
    "uniqueLang": _Parameter(_unique_lang),
    "in": _Parameter(_checked(_list_of_terms)),
    "hasValue": _Parameter(_checked(_term), 0),
    "equals": _Parameter(_pair(core.equal_to), 0),
    "disjoint": _Parameter(_pair(core.disjoint_from), 0),
    "lessThan": _Parameter(_ordered_pair(lambda p: core.ordered_before(lt, p)), 0),
    "lessThanOrEquals": _Parameter(_ordered_pair(lambda p: core.ordered_before(le, p)), 0),
    "node": _Parameter(_node, 0),
    "not": _Parameter(_one_shape(core.not_conforming), 0),
    "and": _Parameter(_several_shapes(core.conforming_to_all), 0),
    "or": _Parameter(_several_shapes(core.conforming_to_any), 0),
    "xone": _Parameter(_several_shapes(core.conforming_to_one), 0),
    "property": _Parameter(_property, 0),
    "qualifiedValueShape": _Parameter(_qualified),
    "closed": _Parameter(_closed),
    "sparql": _Parameter(_sparql, 0),
}
"""The parameters of the constraint components that are evaluated here."""

_KNOWN = frozenset(
    {
        *_PARAMETERS,
        "path",
        "severity",
        "message",
        "deactivated",
        "targetNode",
        "targetClass",
        "targetSubjectsOf",
        "targetObjectsOf",
        "flags",
        "ignoredProperties",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
        # for people and forms, without a say in validation (SHACL, 2.3.2)
        "name",
        "description",
        "order",
        "group",
        "defaultValue",
        # of ontologies and queries, which a shape may be as well
        "declare",
        "prefixes",
        "select",
    }
)
"""What a shape may have of SHACL's namespace."""
