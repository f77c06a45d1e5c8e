"""Validation that follows its data: after a graph changes, what the change touches is looked at.

Every shape knows what it reads: predicates, each at the end of a path from the focus node. So the
focus nodes that a changed triple can matter to are found by going those paths backwards, in the
data as it was and as it is; only they are validated again. Answers of a query are found likewise,
from the changed triples through its patterns. Results are kept by shape and focus node, so that
together they are the full report, exactly. What cannot be followed so (a query that is no pattern,
a shape for the reference engine) is looked at anew after every change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import NamedTuple

from kg.rdf import Triple
from kg.shacl.data import SUB_CLASS_OF, Data
from kg.shacl.engine import Engine, asked, focus_nodes
from kg.shacl.paths import Path, Run, Step, follower, reverse, steps_of
from kg.shacl.patterns import matches, touched
from kg.shacl.queries import Answer, Query, Solver, answered
from kg.shacl.report import Report, Result
from kg.shacl.shapes import ANY, Shape, Shapes
from kg.shacl.validating import referred
from kg.vocab import TYPE

__all__ = ["Incremental"]


class _Reading(NamedTuple):
    """A predicate that a shape reads at a node, and the way back from there to focus nodes."""

    shape: str
    at_object: bool
    back: int | None
    """The place of that way among all ways; none where the node is a focus node itself."""


class _Key(NamedTuple):
    """An answer of a query."""

    focus: str
    bound: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Asked:
    """A query of a shape, and the answers it has now."""

    shape: Shape
    query: Query
    results: dict[_Key, Result]


class Incremental:
    """The report on named graphs that change.

    >>> from kg.shacl.shapes import read_shapes
    >>> Incremental(read_shapes([]), {"urn:g": [("<urn:a>", "<urn:p>", "<urn:b>")]}).report()
    Report(results=(), referrals=())
    """

    def __init__(
        self, shapes: Shapes, graphs: Mapping[str, Iterable[tuple[str, str, str]]]
    ) -> None:
        self._shapes = shapes
        self._data = Data()
        self._graphs: dict[str, tuple[Triple, ...]] = {}
        self._hashes: dict[str, bytes] = {}
        self._solver = Solver(self._data)
        self._engine = Engine(shapes, self._data, self._solver)
        self._followed: dict[str, Shape] = {}
        self._asked: list[_Asked] = []
        self._anew: list[Shape] = []
        for shape in shapes.targeted:
            self._sort(shape)
        ways: dict[Path, int] = {}
        self._readings = _readings(self._followed.values(), shapes, ways)
        self._ways = [*ways]
        self._found: dict[str, dict[str, tuple[Result, ...]]] = defaultdict(dict)
        """Shape to focus node to what is wrong with it, as far as the shape is followed."""
        for name, triples in graphs.items():
            self._data.add(self._keep(name, triples))
        self._look_at_all()
        self._rest = self._of_the_rest()

    def report(self) -> Report:
        """What is wrong now."""
        found = [
            each for held in self._found.values() for results in held.values() for each in results
        ]
        found += [each for one in self._asked for each in one.results.values()]
        return Report.of([*found, *self._rest.results], self._rest.referrals)

    def change(self, name: str, triples: Iterable[tuple[str, str, str]]) -> bool:
        """Makes these the triples of a graph, new or known; whether they were others before."""
        before, hashed = self._graphs.get(name, ()), self._hashes.get(name)
        after = self._keep(name, triples)
        if self._hashes[name] == hashed:
            return False
        old, new = frozenset(before), frozenset(after)
        leaving, coming = old - new, new - old
        gone = [triple for triple in leaving if not self._data.repeated(triple)]
        come = [triple for triple in coming if triple not in self._data]
        focus = self._touched(gone)
        keys = self._touched_answers(gone)
        self._data.remove(leaving)
        self._data.add(coming)
        self._solver.change(gone, come)
        if any(triple.predicate == SUB_CLASS_OF for triple in (*gone, *come)):
            self._look_at_all()
        else:
            for shape, nodes in self._touched(come).items():
                focus[shape] |= nodes
            self._look(focus)
            self._ask([a | b for a, b in zip(keys, self._touched_answers(come), strict=True)])
        self._rest = self._of_the_rest()
        return True

    def _keep(self, name: str, triples: Iterable[tuple[str, str, str]]) -> tuple[Triple, ...]:
        kept = tuple(Triple(*triple) for triple in dict.fromkeys(triples))
        digest = blake2b(digest_size=16)
        for triple in sorted(kept):
            digest.update("\x00".join((*triple, "")).encode())
        self._hashes[name] = digest.digest()
        if kept:
            self._graphs[name] = kept
        else:
            self._graphs.pop(name, None)
        return kept

    def _sort(self, shape: Shape) -> None:
        """Says how a shape is kept up to date."""
        queries = [each.query for each in shape.constraints if each.query]
        nested = [each for each in _below(shape, self._shapes) if each is not shape]
        if any(query.select is None for query in queries) or any(
            each.query for inner in nested for each in inner.constraints
        ):
            self._anew.append(shape)
            return
        self._asked += [_Asked(shape, query, {}) for query in queries]
        rest = tuple(each for each in shape.constraints if not each.query)
        self._followed[shape.node] = replace(shape, constraints=rest)

    # -- shapes

    def _look_at_all(self) -> None:
        self._found.clear()
        for node, shape in self._followed.items():
            self._look_at(node, focus_nodes(self._data, shape.targets))
        for each in self._asked:
            each.results.clear()
            for focus in focus_nodes(self._data, each.shape.targets):
                self._answer(each, focus)

    def _look(self, focus: Mapping[str, AbstractSet[str]]) -> None:
        for node, nodes in focus.items():
            shape = self._followed[node]
            still = {each for each in nodes if _is_target(self._data, shape, each)}
            for each in nodes:
                self._found[node].pop(each, None)
            self._look_at(node, still)
            for one in self._asked:
                if one.shape.node == node:
                    self._meet(one, nodes, still)

    def _look_at(self, node: str, focus: AbstractSet[str]) -> None:
        shape = self._followed[node]
        # one look for all finds those where something is wrong: as a rule, few or none
        for each in self._engine.breaking_it(shape, focus):
            self._found[node][each] = tuple(self._engine.results(shape, {each}))

    def _touched(self, changed: Iterable[Triple]) -> dict[str, set[str]]:
        """The focus nodes of each shape that these triples can matter to."""
        reached: dict[_Reading, set[str]] = defaultdict(set)
        for triple in changed:
            for predicate in (triple.predicate, ANY):
                for reading in self._readings.get(predicate, ()):
                    reached[reading].add(triple.object if reading.at_object else triple.subject)
        found: dict[str, set[str]] = defaultdict(set)
        ends: dict[tuple[int, str], Collection[str]] = {}
        for (shape, _, back), nodes in reached.items():
            if back is None:
                found[shape] |= nodes
                continue
            follow = follower(self._ways[back], self._data)
            for node in nodes:
                if (back, node) not in ends:
                    ends[back, node] = follow(node)
                found[shape].update(ends[back, node])
        return found

    # -- queries

    def _touched_answers(self, changed: Iterable[Triple]) -> list[set[_Key]]:
        changed = tuple(changed)
        return [set(self._keys(one, changed)) for one in self._asked]

    def _keys(self, one: _Asked, changed: tuple[Triple, ...]) -> Iterator[_Key]:
        select = one.query.select
        if select is None:
            return
        for row in touched(select.pattern, changed, self._data, select.wanted):
            bound = tuple(sorted(answered(select, row).items()))
            if "?this" in row:
                yield _Key(row["?this"], bound)
            else:
                for focus in focus_nodes(self._data, one.shape.targets):
                    yield _Key(focus, bound)

    def _ask(self, keys: Iterable[set[_Key]]) -> None:
        for one, touched_keys in zip(self._asked, keys, strict=True):
            for key in touched_keys:
                one.results.pop(key, None)
                if _is_target(self._data, one.shape, key.focus):
                    self._answer(one, key.focus, dict(key.bound))

    def _meet(self, one: _Asked, nodes: AbstractSet[str], still: AbstractSet[str]) -> None:
        """Focus nodes that may have come to the shape, or left it."""
        known = {key.focus for key in one.results}
        for key in [key for key in one.results if key.focus in nodes and key.focus not in still]:
            del one.results[key]
        for focus in still - known:
            self._answer(one, focus)

    def _answer(self, one: _Asked, focus: str, bound: Mapping[str, str] | None = None) -> None:
        select = one.query.select
        if select is None:
            return
        given = {"?this": focus} | {f"?{name}": term for name, term in (bound or {}).items()}
        for row in matches(select.pattern, self._data, [given], select.wanted):
            answer = Answer(focus, answered(select, row))
            key = _Key(focus, tuple(sorted(answer.bound.items())))
            one.results[key] = asked(one.shape, one.query, answer)

    def _of_the_rest(self) -> Report:
        found: list[Result] = []
        for shape in self._anew:
            found += self._engine.results(shape, focus_nodes(self._data, shape.targets))
        return Report.of(
            [*found, *referred(self._data, self._shapes, self._shapes.referrals)],
            self._shapes.referrals,
        )


def _below(shape: Shape, shapes: Shapes) -> list[Shape]:
    """The shape and all it asks, at any depth."""
    found = {shape.node: shape}
    waiting = [shape]
    while waiting:
        for constraint in waiting.pop().constraints:
            new = [shapes.by_node[node] for node in constraint.shapes if node not in found]
            found |= {each.node: each for each in new}
            waiting += new
    return [*found.values()]


def _readings(
    followed: Iterable[Shape], shapes: Shapes, ways: dict[Path, int]
) -> dict[str, list[_Reading]]:
    """Predicate to what reads it; `ways` gets the ways back, numbered."""
    found: dict[str, dict[_Reading, None]] = defaultdict(dict)
    for root in followed:
        for target in root.targets:
            if target.kind == "targetClass":
                found[TYPE][_Reading(root.node, at_object=False, back=None)] = None
            elif target.kind != "targetNode":
                at_object = target.kind == "targetObjectsOf"
                found[target.term][_Reading(root.node, at_object, None)] = None
        for way, step in _steps(root, (), shapes):
            back = ways.setdefault(reverse(Run(way)), len(ways)) if way else None
            found[step.predicate][_Reading(root.node, step.inverse, back)] = None
    return {predicate: [*readings] for predicate, readings in found.items()}


def _steps(
    shape: Shape, way: tuple[Path, ...], shapes: Shapes
) -> Iterator[tuple[tuple[Path, ...], Step]]:
    """Each step a shape takes from its focus nodes, after the way to where it takes it."""
    path = shape.path
    for before, step in steps_of(path) if path else ():
        yield (*way, *before), step
    further = (*way, path) if path else way
    for constraint in shape.constraints:
        yield from ((way, Step(predicate)) for predicate in constraint.of_focus)
        yield from ((further, Step(predicate)) for predicate in constraint.of_values)
        for node in constraint.shapes:
            yield from _steps(shapes.by_node[node], further, shapes)


def _is_target(data: Data, shape: Shape, node: str) -> bool:
    for kind, term in shape.targets:
        if kind == "targetNode":
            found = node == term
        elif kind == "targetClass":
            found = not data.below(term).isdisjoint(data.forward(TYPE).get(node, ()))
        elif kind == "targetSubjectsOf":
            found = node in data.forward(term)
        else:
            found = node in data.backward(term)
        if found:
            return True
    return False
