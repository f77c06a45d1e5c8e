"""The ontology and its shapes as documents; of each term what it means, and which shapes keep it.

They are read from the files once. What is told of a term is what the files say, and the very text
in which they say it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kg import vocab
from kg.errors import InputError, Problem
from kg.rdf import Triple
from kg.schema import ontology_files
from kg.shacl.described import Described, sh
from kg.shacl.literals import is_blank, is_iri, is_literal, text
from kg.terms import iri as iri_of
from kg.validation import file_triples
from kg.vocab import BASE, TYPE, cas

__all__ = ["SHAPES", "Document", "Model", "Rule", "Term", "read_model"]

SHAPES = f"{BASE}shapes"
"""The IRI of the shapes; the name of each begins with it and a #."""

_HEAD = "caspian"
_PREFIX = re.compile(r"^@prefix ([\w-]*): <([^>]*)> \.$", re.MULTILINE)
_BLOCK = re.compile(
    r"""^(?!@prefix)([<\w]\S*)
    (?:<[^<>\s]*>|(?<=\s)\#[^\n]*|"{3}.*?"{3}|"(?:[^"\\\n]|\\.)*"|[^"])*?[ ]\.$""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
"""What is told of a subject, to the full stop that ends its line and is in no text."""
_TARGETS = (sh("targetClass"), sh("targetSubjectsOf"), sh("targetObjectsOf"), sh("targetNode"))
_PATH, _MESSAGE, _IMPORTS = sh("path"), sh("message"), iri_of(vocab.OWL + "imports")
_VERSION = iri_of(vocab.OWL + "versionIRI")
_DEFINED_BY = iri_of(vocab.RDFS + "isDefinedBy")
_PAIR = (cas("claimProperty"), cas("valueProperty"))


@dataclass(frozen=True)
class Document:
    """A file of the ontology or of the shapes."""

    iri: str
    text: str = field(repr=False)
    triples: tuple[Triple, ...] = field(repr=False)

    @property
    def path(self) -> str:
        """Its IRI below https://w3id.org/caspian/."""
        return self.iri.removeprefix(BASE)

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the file declares."""
        return dict(_PREFIX.findall(self.text))

    @cached_property
    def said(self) -> Mapping[str, str]:
        """The text in which the file tells of a subject, by the IRI of the subject."""
        prefixes, found = self.prefixes, dict[str, str]()
        for block in _BLOCK.finditer(self.text):
            prefix, _, name = block[1].partition(":")
            iri = block[1][1:-1] if block[1][0] == "<" else prefixes[prefix] + name
            found[iri] = "\n".join(filter(None, (found.get(iri), block[0])))
        return found


class Rule(NamedTuple):
    """A shape that has to do with a term: its IRI, what it says where it is broken, its text."""

    shape: str
    says: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Term:
    """A term: all that is said of it, IRIs and texts plain, by property."""

    iri: str
    module: str
    """The path of the document that defines it; of a borrowed term the first that names it."""
    told: Mapping[str, tuple[str, ...]] = field(repr=False)
    text: str = field(repr=False)

    def one(self, iri: str) -> str:
        """The first that is said of it by this property; empty where nothing is."""
        return next(iter(self.told.get(iri, ())), "")

    @property
    def label(self) -> str:
        """What it is called, in words."""
        return self.one(vocab.RDFS + "label")

    def is_a(self, iri: str) -> bool:
        """Whether it is of this class."""
        return iri in self.told.get(vocab.RDF + "type", ())


@dataclass(frozen=True)
class Model:
    """The ontology, its header first and then its modules, and the shapes."""

    ontology: tuple[Document, ...]
    shapes: tuple[Document, ...]

    @property
    def version_iri(self) -> str:
        """The IRI of this version of the ontology."""
        return self._head(_VERSION)[0]

    @property
    def documents(self) -> Mapping[str, Document]:
        """What can be had by itself, by path."""
        return {each.path: each for each in (*self.ontology[1:], *self.shapes)}

    @cached_property
    def whole(self) -> Document:
        """The ontology as one: every module in it, and so no import of any."""
        head, *modules = self.ontology
        own = {f"<{each.iri}>" for each in modules}
        triples = [each for each in head.triples if each.predicate != _IMPORTS]
        triples += [
            triple for each in modules for triple in each.triples if triple.subject not in own
        ]
        return Document(head.iri, _prefix_lines(self.ontology), tuple(triples))

    @cached_property
    def all_shapes(self) -> Document:
        """All shapes as one."""
        triples = (triple for each in self.shapes for triple in each.triples)
        return Document(SHAPES, _prefix_lines(self.shapes), tuple(triples))

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """The terms by IRI, in the order of the files."""
        told: dict[str, dict[str, list[str]]] = {}
        where: dict[str, str] = {}
        for document in (*self.ontology[1:], self.ontology[0]):
            for subject, predicate, value in document.triples:
                if f"<{document.iri}>" != subject:
                    where.setdefault(subject, document.path)
                    said = told.setdefault(_plain(subject), {})
                    said.setdefault(_plain(predicate), []).append(_plain(value))
        return {iri: self._term(iri, said, where) for iri, said in told.items()}

    def _term(self, iri: str, said: dict[str, list[str]], where: Mapping[str, str]) -> Term:
        by_path = {each.path: each for each in self.ontology}
        defined = said.get(_plain(_DEFINED_BY), [""])[0].removeprefix(BASE)
        module = defined if defined in by_path else where[f"<{iri}>"]
        told = {key: tuple(values) for key, values in said.items()}
        return Term(iri, module, told, by_path[module].said.get(iri, ""))

    def leading(self, key: str, iri: str) -> tuple[str, ...]:
        """The terms that lead to this IRI by this property."""
        return self._leading.get((key, iri), ())

    @cached_property
    def _leading(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], list[str]] = {}
        for term in self.terms.values():
            for key, values in term.told.items():
                for value in values:
                    found.setdefault((key, value), []).append(term.iri)
        return {key: tuple(terms) for key, terms in found.items()}

    def rules(self, term: Term) -> tuple[Rule, ...]:
        """The shapes that keep the term and say so; those of its pair too, where it has one."""
        pair = [iri for key in _PAIR for iri in term.told.get(_plain(key), ())]
        found = (rule for iri in (term.iri, *pair) for rule in self._rules.get(iri, ()))
        return tuple(dict.fromkeys(rule for rule in found if rule.says))

    @cached_property
    def named_shapes(self) -> Mapping[str, Rule]:
        """The shapes that have names, by IRI, with all that they say."""
        texts = {iri: each for document in self.shapes for iri, each in document.said.items()}
        return {
            _plain(node): Rule(_plain(node), self._messages([*self._parts(node)]), texts[iri])
            for node in self._described.nodes
            if is_iri(node) and (iri := _plain(node)).startswith(f"{SHAPES}#")
        }

    @cached_property
    def _described(self) -> Described:
        return Described(self.all_shapes.triples)

    @cached_property
    def _rules(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules by the IRI of a term: what a shape targets, and what a path in it names."""
        found: dict[str, dict[str, list[str]]] = {}
        for iri, rule in self.named_shapes.items():
            for node in self._parts(f"<{iri}>"):
                said = self._described.nodes.get(node, {})
                for term in (each for target in _TARGETS for each in said.get(target, ())):
                    found.setdefault(_plain(term), {}).setdefault(iri, []).extend(rule.says)
                for term in self._named_in(said.get(_PATH, ())):
                    says = self._messages([node])
                    found.setdefault(_plain(term), {}).setdefault(iri, []).extend(says)
        return {
            term: tuple(
                Rule(iri, tuple(dict.fromkeys(says)), self.named_shapes[iri].text)
                for iri, says in rules.items()
            )
            for term, rules in found.items()
        }

    def _parts(self, node: str) -> Iterator[str]:
        """The node, and what it is made of that has no name of its own."""
        yield node
        for values in self._described.nodes.get(node, {}).values():
            for value in values:
                if is_blank(value):
                    yield from self._parts(value)

    def _named_in(self, paths: Iterable[str]) -> Iterator[str]:
        for path in paths:
            for part in self._parts(path):
                values = (
                    self._described.nodes.get(part, {}).values() if is_blank(part) else ((part,),)
                )
                yield from (value for found in values for value in found if is_iri(value))

    def _messages(self, nodes: Iterable[str]) -> tuple[str, ...]:
        said = (text(each) for node in nodes for each in self._described.values(node, "message"))
        return tuple(dict.fromkeys(said))

    def _head(self, predicate: str) -> list[str]:
        return [
            _plain(each.object) for each in self.ontology[0].triples if each.predicate == predicate
        ]


def read_model(ontology: Path, shapes: Path) -> Model:
    """The model in these folders.

    >>> from kg.resources import folder
    >>> model = read_model(folder("ontology"), folder("shapes"))
    >>> (supplier := model.terms[vocab.CAS + "supplier"]).label, len(model.rules(supplier))
    ('supplier', 5)

    Raises InputError where a file is not Turtle, or the header of the ontology is not among them.
    """
    files = sorted(ontology_files(ontology), key=lambda path: (path.stem != _HEAD, path))
    if not files or files[0].stem != _HEAD:
        raise InputError(
            Problem(str(ontology), 0, "", f"holds no {_HEAD}.ttl", "point to ontology/")
        )
    found = sorted(shapes.glob("*.ttl"))
    return Model(tuple(map(_document, files)), tuple(_document(p, SHAPES) for p in found))


def _document(path: Path, within: str = "") -> Document:
    triples = tuple(file_triples(path))
    named = (each.subject for each in triples if each[1:] == (TYPE, vocab.ONTOLOGY))
    iri = f"{within}/{path.stem}" if within else _plain(next(named))
    return Document(iri, path.read_text("utf-8"), triples)


def _prefix_lines(documents: Iterable[Document]) -> str:
    every = {key: iri for each in documents for key, iri in each.prefixes.items()}
    return "".join(f"@prefix {key}: <{iri}> .\n" for key, iri in sorted(every.items()))


def _plain(term: str) -> str:
    return text(term) if is_iri(term) or is_literal(term) else term
