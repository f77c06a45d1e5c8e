"""The engine: each shape evaluated for all of its focus nodes at once, over the data in memory.

Following a path costs a look into a dictionary for each focus node, and most constraints one
difference of sets, so a shape costs what its focus nodes and values cost, not a query for each.
"""

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet

from kg.shacl.components import Finding, Values
from kg.shacl.data import Data
from kg.shacl.described import Target, sh
from kg.shacl.paths import Path, Step, follower
from kg.shacl.queries import Answer, Query, Solver
from kg.shacl.report import Result
from kg.shacl.shapes import Constraint, Shape, Shapes

__all__ = ["Engine", "asked", "focus_nodes"]

SPARQL = sh("SPARQLConstraintComponent")


class Engine:
    """Shapes held against data; the data may change between two questions, not within one."""

    def __init__(self, shapes: Shapes, data: Data, solver: Solver | None = None) -> None:
        self.data = data
        self._shapes = shapes.by_node
        self._solver = solver or Solver(data)

    def results(self, shape: Shape, focus: AbstractSet[str]) -> Iterator[Result]:
        """What is wrong with these focus nodes by the shape; a result may come several times."""
        if not focus:
            return
        values = self._values(shape.path, focus)
        for constraint in shape.constraints:
            if constraint.query is not None:
                yield from self._answered(shape, constraint.query, focus)
            elif constraint.check is None:
                yield from self.results(self._shapes[constraint.shapes[0]], values.all)
            else:
                for finding in constraint.check(self, values):
                    yield _result(shape, constraint, finding)

    def breaking(self, shape: str, nodes: AbstractSet[str]) -> AbstractSet[str]:
        """Those of the nodes that do not conform to the shape."""
        if not nodes:
            return nodes
        return self.breaking_it(self._shapes[shape], nodes)

    def breaking_it(self, shape: Shape, nodes: AbstractSet[str]) -> AbstractSet[str]:
        """The same of a shape itself."""
        values = self._values(shape.path, nodes)
        found: set[str] = set()
        for constraint in shape.constraints:
            if constraint.query is not None:
                found.update(a.focus for a in self._solver.answers(constraint.query, nodes))
            elif constraint.check is None:
                wrong = self.breaking(constraint.shapes[0], values.all)
                found.update(f for f, held in values.of.items() if not wrong.isdisjoint(held))
            else:
                found.update(finding.focus for finding in constraint.check(self, values))
        return found

    def _values(self, path: Path | None, focus: AbstractSet[str]) -> Values:
        if path is None:
            return Values(focus, {node: (node,) for node in focus}, focus)
        follow = follower(path, self.data)
        of = {node: held for node in focus if (held := follow(node))}
        return Values(focus, of, set[str]().union(*of.values()))

    def _answered(self, shape: Shape, query: Query, focus: Collection[str]) -> Iterator[Result]:
        for answer in self._solver.answers(query, focus):
            yield asked(shape, query, answer)


def focus_nodes(data: Data, targets: Collection[Target]) -> AbstractSet[str]:
    """What the data holds of these targets; a target node counts where the data has it or not."""
    found: set[str] = set()
    for kind, term in targets:
        if kind == "targetNode":
            found.add(term)
        elif kind == "targetClass":
            found |= data.instances(term)
        elif kind == "targetSubjectsOf":
            found.update(data.forward(term))
        else:
            found.update(data.backward(term))
    return found


def _result(shape: Shape, constraint: Constraint, finding: Finding) -> Result:
    route = Step(finding.predicate) if finding.predicate else shape.path
    return Result(
        focus=finding.focus,
        path=str(route or ""),
        value=finding.value,
        shape=shape.node,
        component=constraint.component,
        severity=shape.severity,
        messages=shape.messages,
        owner=shape.owner,
        route=route,
    )


def asked(shape: Shape, query: Query, answer: Answer) -> Result:
    """The result that an answer of a shape's query is."""
    bound = answer.bound
    route = Step(bound["path"]) if "path" in bound else shape.path
    otherwise = "" if shape.path else answer.focus
    return Result(
        focus=answer.focus,
        path=str(route or ""),
        value=bound.get("value", otherwise),
        shape=shape.node,
        component=SPARQL,
        severity=shape.severity,
        messages=query.said(answer, shape.messages),
        constraint=query.node,
        owner=shape.owner,
        route=route,
    )
