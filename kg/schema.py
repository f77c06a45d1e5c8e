"""The model as the ontology declares it: classes, concepts and the list of claimable properties."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

from kg import vocab
from kg.errors import InputError, Problem
from kg.rdf import Triple, read_turtle
from kg.terms import iri
from kg.vocab import CAS, ID, cas

__all__ = ["Kind", "Property", "Schema", "ontology_files", "read_schema", "schema"]

Kind = Literal["thing", "concept", "quantity", "money", "distance", "date", "text", "integer"]

_SUBCLASS = iri(vocab.RDFS + "subClassOf")
_CLASS = iri(vocab.OWL + "Class")
_DEFINITION = iri(vocab.SKOS + "definition")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')  # written as in JSON
_GENERATED = "claims.ttl"  # the c:/v: pairs; written from the property list, so never read for it


class Property(NamedTuple):
    """A property of a thing that somebody can claim."""

    key: str
    kind: Kind
    values: tuple[str, ...]
    """Classes its values belong to; none where the value is a text or a number."""
    applies_to: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """Classes, concepts and properties; class names are local names of the ontology."""

    parents: Mapping[str, tuple[str, ...]]
    prefixes: Mapping[str, tuple[str, ...]]
    """Id prefix, such as "place", to the classes whose things carry it."""
    concepts: Mapping[str, frozenset[str]]
    """Concept class, such as "Status", to the ids of its concepts."""
    properties: Mapping[str, Property]
    meanings: Mapping[str, str] = field(default_factory=dict)
    """Key of a property to what it means, in a sentence."""

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether every instance of class `name` is one of `ancestor`."""
        return ancestor in self.ancestors[name]

    @cached_property
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """Each class to itself and all the classes above it."""
        return {name: frozenset(self._climb(name)) for name in self.parents}

    @cached_property
    def allowed(self) -> Mapping[str, frozenset[str]]:
        """Each class to the keys that can be claimed of its instances."""
        return {
            name: frozenset(p.key for p in self.properties.values() if above & {*p.applies_to})
            for name, above in self.ancestors.items()
        }

    def _climb(self, name: str) -> Iterable[str]:
        yield name
        for parent in self.parents.get(name, ()):
            yield from self._climb(parent)


def ontology_files(folder: Path) -> tuple[Path, ...]:
    """The ontology's own files, generated pairs included and alignments left out, in name order."""
    return tuple(sorted(folder.glob("*.ttl")))


def read_schema(folder: Path) -> Schema:
    """The schema the ontology in that folder declares.

    >>> from kg.resources import folder
    >>> read_schema(folder("ontology")).properties["supplier"]
    Property(key='supplier', kind='thing', values=('Actor',), applies_to=('Transfer',))
    """
    files = [path for path in ontology_files(folder) if path.name != _GENERATED]
    if not files:
        raise InputError(Problem(str(folder), 0, "", "holds no .ttl file", "point to ontology/"))
    return schema(triple for path in files for triple in read_turtle(path))


def schema(triples: Iterable[Triple]) -> Schema:
    """The schema these triples of an ontology declare."""
    objects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        objects[subject][predicate].append(value)
    classes = {
        s: po for s, po in objects.items() if s.startswith(f"<{CAS}") and _CLASS in po[vocab.TYPE]
    }
    return Schema(
        parents={_local(s): _locals(po[_SUBCLASS]) for s, po in classes.items()},
        prefixes=_prefixes(classes),
        concepts=_concepts(objects, classes),
        properties=_properties(objects),
        meanings={
            _text(key): json.loads(_STRING.findall(said)[0])
            for po in objects.values()
            for key in po[cas("key")]
            for said in po[_DEFINITION]
        },
    )


def _prefixes(classes: Mapping[str, Mapping[str, list[str]]]) -> dict[str, tuple[str, ...]]:
    found = defaultdict(list)
    for subject, po in classes.items():
        for prefix in po[cas("idPrefix")]:
            found[_text(prefix).rstrip("/")].append(_local(subject))
    return {prefix: tuple(sorted(names)) for prefix, names in sorted(found.items())}


def _concepts(
    objects: Mapping[str, Mapping[str, list[str]]], classes: Iterable[str]
) -> dict[str, frozenset[str]]:
    found = defaultdict(set)
    known = set(classes)
    for subject, po in objects.items():
        if subject.startswith(f"<{ID}"):
            for name in known.intersection(po[vocab.TYPE]):
                found[_local(name)].add(subject[len(ID) + 1 : -1])
    return {name: frozenset(ids) for name, ids in sorted(found.items())}


def _properties(objects: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Property]:
    found = []
    for subject, po in objects.items():
        if cas("ClaimProperty") not in po[vocab.TYPE]:
            continue
        kind = "".join(map(_text, po[cas("valueKind")]))
        if kind not in get_args(Kind):
            raise InputError(Problem(_local(subject), 0, "cas:valueKind", f"no such kind: {kind}"))
        found.append(
            Property(
                _text(*po[cas("key")]),
                cast("Kind", kind),
                _locals(po[cas("valueClass")]),
                _locals(po[cas("appliesTo")]),
            )
        )
    return {p.key: p for p in sorted(found)}


def _local(term: str) -> str:
    return term[len(CAS) + 1 : -1]


def _locals(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_local(t) for t in terms if t.startswith(f"<{CAS}")))


def _text(term: str) -> str:
    return term.split('"')[1]
