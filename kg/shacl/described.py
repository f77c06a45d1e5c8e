"""A shapes graph by node: what is said of each shape, which have targets, which belong to which."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from kg.rdf import Triple
from kg.shacl.literals import is_iri
from kg.shacl.paths import Nodes
from kg.vocab import OWL, RDFS, SH, TYPE

__all__ = ["Described", "Target", "sh"]

_CLASS = f"<{RDFS}Class>"
_SUB_CLASS_OF = f"<{RDFS}subClassOf>"
_TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")


def sh(name: str) -> str:
    """The term of SHACL.

    >>> sh("path")
    '<http://www.w3.org/ns/shacl#path>'
    """
    return f"<{SH}{name}>"


class Target(NamedTuple):
    """What a shape is about: `kind` is the name of SHACL's term for it."""

    kind: str
    term: str


class Described:
    """A shapes graph by node."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        nodes: dict[str, dict[str, list[str]]] = {}
        above: dict[str, dict[str, None]] = {}
        for subject, predicate, value in triples:
            nodes.setdefault(subject, {}).setdefault(predicate, []).append(value)
            above.setdefault(value, {})[subject] = None
        self.nodes: Nodes = nodes
        self._above = above

    def values(self, node: str, name: str) -> list[str]:
        """What the node has of that property of SHACL."""
        return [*self.nodes.get(node, {}).get(sh(name), ())]

    def of_type(self, *types: str) -> set[str]:
        """The nodes of these types."""
        return {n for n, said in self.nodes.items() if not {*types}.isdisjoint(said.get(TYPE, ()))}

    def subclasses(self, *classes: str) -> set[str]:
        """The classes, and those declared to be right below them."""
        found = {*classes}
        return found | {
            n for n, said in self.nodes.items() if not found.isdisjoint(said.get(_SUB_CLASS_OF, ()))
        }

    @cached_property
    def node_shapes(self) -> set[str]:
        """What is called a node shape."""
        return self.of_type(sh("NodeShape"))

    @cached_property
    def class_shapes(self) -> set[str]:
        """Shapes that are classes too: their instances are their targets."""
        classes = self.of_type(*self.subclasses(_CLASS), f"<{OWL}Class>")
        return classes & (self.node_shapes | self.of_type(sh("PropertyShape")))

    @cached_property
    def parameters(self) -> set[str]:
        """The parameters of constraint components that the graph declares itself."""
        return {
            path
            for node in self.of_type(*self.subclasses(sh("ConstraintComponent")))
            for parameter in self.values(node, "parameter")
            for path in self.values(parameter, "path")
        }

    def targeted(self) -> list[str]:
        """The shapes that have targets, in order."""
        stating = {sh(name) for name in (*_TARGETS, "target")}
        found = {node for node, said in self.nodes.items() if not stating.isdisjoint(said)}
        return sorted(found | self.class_shapes)

    def targets(self, node: str) -> tuple[Target, ...]:
        """What a shape targets, each once."""
        own = [Target(name, term) for name in _TARGETS for term in self.values(node, name)]
        implied = [Target("targetClass", node)] if node in self.class_shapes else []
        return tuple(dict.fromkeys([*own, *implied]))

    def owner(self, node: str) -> str:
        """The named node shape that the shape belongs to, at any depth; itself where none does."""
        seen: set[str] = set()
        level = {node}
        while level:
            if named := [each for each in level if is_iri(each) and each in self.node_shapes]:
                return min(named)
            seen |= level
            level = {above for each in level for above in self._above.get(each, ())} - seen
        return node

    def siblings(self, node: str) -> tuple[str, ...]:
        """The qualified value shapes of the properties beside this one (SHACL, 4.7.3)."""
        parents = [
            each for each in self._above.get(node, ()) if node in self.values(each, "property")
        ]
        beside = [each for parent in parents for each in self.values(parent, "property")]
        shapes = {shape for each in beside for shape in self.values(each, "qualifiedValueShape")}
        return tuple(sorted(shapes.difference(self.values(node, "qualifiedValueShape"))))
