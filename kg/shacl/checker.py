"""One graph after another held against the shapes, beside data that all of them share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from kg.shacl.data import Data
from kg.shacl.engine import Engine, focus_nodes
from kg.shacl.report import Report, Result
from kg.shacl.shapes import Shape, Shapes
from kg.shacl.validating import referred
from kg.vocab import TYPE

__all__ = ["Checker"]


class Checker:
    """Shapes, and shared data such as the ontology and the reference data.

    >>> from kg.shacl.shapes import read_shapes
    >>> Checker(read_shapes([]), []).report([("<urn:a>", "<urn:p>", "<urn:b>")]).conforms
    True
    """

    def __init__(self, shapes: Shapes, beside: Iterable[tuple[str, str, str]]) -> None:
        self._shapes = shapes
        self._data = Data(beside)
        self._by_class: dict[str, list[Shape]] = defaultdict(list)
        self._by_subject: dict[str, list[Shape]] = defaultdict(list)
        self._by_object: dict[str, list[Shape]] = defaultdict(list)
        self._always: list[Shape] = []
        for shape in shapes.targeted:
            for target in shape.targets:
                if target.kind == "targetClass":
                    for cls in self._data.below(target.term):
                        self._by_class[cls].append(shape)
                elif target.kind == "targetSubjectsOf":
                    self._by_subject[target.term].append(shape)
                elif target.kind == "targetObjectsOf":
                    self._by_object[target.term].append(shape)
                else:
                    self._always.append(shape)

    def report(self, triples: Iterable[tuple[str, str, str]]) -> Report:
        """What is wrong with the things that these triples make targets, beside the shared data.

        Which class is below which is the shared data's word.
        """
        given = [*dict.fromkeys(triples)]
        self._data.add(given)
        try:
            engine = Engine(self._shapes, self._data)
            found: list[Result] = []
            for node, focus in self._focus(given).items():
                found += engine.results(self._shapes.by_node[node], focus)
            for shape in self._always:
                found += engine.results(shape, focus_nodes(self._data, shape.targets))
            found += referred(self._data, self._shapes, self._shapes.referrals)
        finally:
            self._data.remove(given)
        return Report.of(found, self._shapes.referrals)

    def _focus(self, triples: Iterable[tuple[str, str, str]]) -> Mapping[str, AbstractSet[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, value in triples:
            if predicate == TYPE:
                for shape in self._by_class.get(value, ()):
                    found[shape.node].add(subject)
            for shape in self._by_subject.get(predicate, ()):
                found[shape.node].add(subject)
            for shape in self._by_object.get(predicate, ()):
                found[shape.node].add(value)
        return found
