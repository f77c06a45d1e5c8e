"""The data graph in memory, as validation asks for it: by predicate, both ways, and by class.

Terms are N-Triples text and kept as they are spelt, where an engine's store would keep a number's
value: "01"^^xsd:integer and "1"^^xsd:integer are two terms, xsd:nonNegativeInteger stays itself.
About 250 bytes a triple.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from kg.rdf import Triple
from kg.vocab import RDFS, TYPE

__all__ = ["SUB_CLASS_OF", "Data", "Index"]

SUB_CLASS_OF = f"<{RDFS}subClassOf>"

Held: TypeAlias = tuple[str, ...] | dict[str, None]
"""Terms, each once: a few as a tuple, many as the keys of a dictionary."""
Index: TypeAlias = dict[str, Held]

_FEW = 8
_NONE: Index = {}


class Data:
    """Triples, each once, however often they are added; what is added twice is removed twice."""

    def __init__(self, triples: Iterable[tuple[str, str, str]] = ()) -> None:
        self._forward: dict[str, Index] = {}
        self._backward: dict[str, Index] = {}
        """Only of predicates somebody asked for."""
        self._again: dict[Triple, int] = {}
        """How many times more than once a triple was added."""
        self.size = 0
        """How many triples there are."""
        self._into: Index | None = None
        """Value to predicates, once somebody asks by value alone."""
        self._below: dict[str, frozenset[str]] = {}
        self._terms: dict[str, str] = {}
        """One object for each term, however often it comes: half of the memory."""
        self.add(triples)

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Triple]:
        for predicate, index in self._forward.items():
            for subject, held in index.items():
                for value in held:
                    yield Triple(subject, predicate, value)

    def __contains__(self, triple: tuple[str, str, str]) -> bool:
        subject, predicate, value = triple
        return value in self.forward(predicate).get(subject, ())

    def repeated(self, triple: Triple) -> bool:
        """Whether the triple was added more often than once."""
        return triple in self._again

    @property
    def predicates(self) -> AbstractSet[str]:
        """All predicates there are."""
        return self._forward.keys()

    def forward(self, predicate: str) -> Mapping[str, Collection[str]]:
        """Subject to its values; what has none is left out."""
        return self._forward.get(predicate, _NONE)

    def backward(self, predicate: str) -> Mapping[str, Collection[str]]:
        """Value to the subjects that have it."""
        index = self._backward.get(predicate)
        if index is None:
            self._backward[predicate] = index = {}
            for subject, held in self.forward(predicate).items():
                for value in held:
                    index[value] = _with(index.get(value, ()), subject)
        return index

    def leading_to(self, value: str) -> Collection[str]:
        """The predicates that lead to the value, and perhaps some that once did."""
        if self._into is None:
            self._into = {}
            for _, predicate, each in self:
                self._into[each] = _with(self._into.get(each, ()), predicate)
        return self._into.get(value, ())

    def below(self, cls: str) -> frozenset[str]:
        """The class and all that are below it."""
        found = self._below.get(cls)
        if found is None:
            seen, waiting, parts = {cls}, [cls], self.backward(SUB_CLASS_OF)
            while waiting:
                new = [each for each in parts.get(waiting.pop(), ()) if each not in seen]
                seen.update(new)
                waiting.extend(new)
            self._below[cls] = found = frozenset(seen)
        return found

    def instances(self, cls: str) -> set[str]:
        """All that are of the class or of one below it."""
        of = self.backward(TYPE)
        return {node for each in self.below(cls) for node in of.get(each, ())}

    def add(self, triples: Iterable[tuple[str, str, str]]) -> None:
        """Adds triples."""
        one, forward, backward = self._terms.setdefault, self._forward, self._backward
        for given_subject, given_predicate, given in triples:
            subject = one(given_subject, given_subject)
            value = one(given, given)
            index = forward.get(given_predicate)
            if index is None:
                forward[given_predicate] = index = {}
            held = index.get(subject)
            if held is None:
                index[subject] = (value,)
            elif value in held:
                triple = Triple(subject, given_predicate, value)
                self._again[triple] = self._again.get(triple, 0) + 1
                continue
            else:
                index[subject] = _with(held, value)
            self.size += 1
            if self._into is not None:
                self._into[value] = _with(self._into.get(value, ()), given_predicate)
            if given_predicate in backward:
                other = backward[given_predicate]
                other[value] = _with(other.get(value, ()), subject)
            if given_predicate == SUB_CLASS_OF:
                self._below.clear()

    def remove(self, triples: Iterable[tuple[str, str, str]]) -> None:
        """Takes triples away that were added, each as often as it was."""
        for subject, predicate, value in triples:
            # no triple is made for those that were added once, as most are
            if self._again and (triple := Triple(subject, predicate, value)) in self._again:
                self._again[triple] -= 1
                if not self._again[triple]:
                    del self._again[triple]
                continue
            _take(self._forward[predicate], subject, value)
            self.size -= 1
            if predicate in self._backward:
                _take(self._backward[predicate], value, subject)
            if predicate == SUB_CLASS_OF:
                self._below.clear()


def _with(held: Held, value: str) -> Held:
    if isinstance(held, dict):
        held[value] = None
        return held
    if value in held:
        return held
    if len(held) < _FEW:
        return (*held, value)
    return dict.fromkeys((*held, value))


def _take(index: Index, key: str, value: str) -> None:
    held = index[key]
    if isinstance(held, dict):
        del held[value]
    else:
        held = index[key] = tuple(each for each in held if each != value)
    if not held:
        del index[key]
