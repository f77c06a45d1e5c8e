"""What somebody sends, validated: RDF or the mapping of an article, by our shapes or by theirs.

Nothing is fetched and no file is read, whatever is sent: graphs, imports, contexts and entities are
names. Their shapes may hold queries where these are evaluated here, by kg.shacl; what would have to
be left to the reference engine, which calls other servers, is refused.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from kg.build import article_places
from kg.corpus import Corpus, article_quads, mapping_files, read_corpus, reference_quads
from kg.errors import InputError, Problem, QueryError, ShapesRefusedError
from kg.guard import check
from kg.mapping import ArticleMapping
from kg.mapping_reader import read_mapping
from kg.ontology import Model, read_model
from kg.rdf import Triple
from kg.shacl.literals import is_literal, text
from kg.source import yaml_document
from kg.validation import (
    Data,
    Referral,
    Report,
    Result,
    Shapes,
    problem,
    read_shapes,
    referred,
    validate,
)
from kg.vocab import GRAPH, ID, OWL, SH

__all__ = ["RDF_TYPES", "YAML_TYPES", "Desk", "Submitted", "Validated", "read_desk", "validated"]

RDF_TYPES = (
    *("text/turtle", "application/n-triples", "application/n-quads", "application/trig"),
    *("application/ld+json", "application/rdf+xml"),
)
YAML_TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")

_VIEWS = f"<{GRAPH}view/"
_XML = "application/rdf+xml"
_DOCTYPE = re.compile(r"<!doctype", re.IGNORECASE)
_QUERIES = frozenset((f"<{SH}select>", f"<{SH}ask>", f"<{SH}construct>", f"<{SH}update>"))
_UNSAFE = frozenset(
    f"<{SH}{name}>"
    for name in (
        *("js", "jsFunctionName", "jsLibrary", "jsLibraryURL", "JSConstraint", "JSFunction"),
        *("JSRule", "JSTarget", "JSTargetType", "JSValidator", "rule", "SPARQLRule", "TripleRule"),
        *("target", "SPARQLTarget", "SPARQLTargetType", "SPARQLFunction", "SPARQLExecutable"),
        *("SPARQLConstructExecutable", "SPARQLUpdateExecutable", "expression", "entailment"),
        *("shapesGraph", "ConstraintComponent", "validator", "nodeValidator"),
        *("propertyValidator", "SPARQLAskValidator", "SPARQLSelectValidator", "ask", "construct"),
        *("update",),
    )
) | {f"<{OWL}imports>"}
"""Terms of shapes that call, run or fetch something."""


class Submitted(NamedTuple):
    """Something that was sent: what it is called in errors, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Desk:
    """What is needed to validate what is sent, read from files beforehand."""

    model: Model
    corpus: Corpus
    mappings: tuple[Submitted, ...]
    """The mappings that come with this copy of Caspian, unread."""
    turn: Lock = field(default_factory=Lock, repr=False, compare=False)
    """Held by who asks the reference engine: no two threads may at once."""

    @cached_property
    def shapes(self) -> Shapes:
        """Our shapes."""
        return read_shapes(self.model.all_shapes.triples)

    @cached_property
    def known(self) -> tuple[Triple, ...]:
        """What our shapes presume: the ontology, and the things that the seeds declare."""
        ontology = (triple for each in self.model.ontology for triple in each.triples)
        reference = (Triple(*quad[:3]) for quad in reference_quads(self.corpus))
        return tuple(chain(ontology, reference))

    @cached_property
    def told(self) -> Mapping[str, tuple[Triple, ...]]:
        """What the mappings say, by article."""
        read = (_settled(self.corpus, each) for each in self.mappings)
        return {each.article: _told_by(self.corpus, each) for each in read}


class Validated(NamedTuple):
    """A report, and where in what was sent the things it tells of stand."""

    report: Report
    places: Mapping[str, tuple[str, int]]

    def problems(self) -> Iterator[Problem]:
        """Each result as a problem with its line, where it has one, in the report's order."""
        for result in self.report.results:
            yield problem(result, lambda iri: self.places.get(iri.removeprefix(ID)))


def read_desk(seeds: Path, ontology: Path, shapes: Path) -> Desk:
    """The desk with the files of these folders.

    Raises InputError where one of them cannot be read.
    """
    files = (path for path in mapping_files(seeds) if path.suffix == ".yaml")
    mappings = (Submitted(path.name, YAML_TYPES[0], path.read_bytes()) for path in files)
    return Desk(read_model(ontology, shapes), read_corpus(seeds, ontology), tuple(mappings))


def validated(desk: Desk, data: Submitted, shapes: Submitted | None = None) -> Validated:
    """What is wrong with the data by these shapes; by ours, over what is known, without any.

    By our shapes only results about what was sent are told.

    Raises InputError with line and key where something cannot be read, ShapesRefusedError for
    shapes that might call or fetch something.
    """
    if data.media_type in YAML_TYPES:
        if shapes:
            why = "a mapping is validated by our shapes alone"
            raise InputError(Problem(shapes.name, 0, "", why, "send RDF to use shapes of your own"))
        return _mapping(desk, data)
    triples = _triples(data)
    if shapes is None:
        return Validated(_by_ours(desk, triples), {})
    try:
        return Validated(
            validate(Data(triples), _read(shapes), refer=partial(_refer, desk.turn)), {}
        )
    except RecursionError as error:
        raise ShapesRefusedError("the shapes lie too deep in one another") from error


def _by_ours(desk: Desk, triples: Collection[Triple], others: Iterable[Triple] = ()) -> Report:
    sent = {term for triple in triples for term in (triple.subject, triple.object)}
    report = validate(Data(chain(desk.known, others, triples)), desk.shapes)
    results = (result for result in report.results if result.focus in sent)
    return Report.of(results, report.referrals)


def _mapping(desk: Desk, sent: Submitted) -> Validated:
    """What is wrong with a mapping, beside the others: a thing may be told of by several."""
    mapping = _settled(desk.corpus, sent)
    triples = _told_by(desk.corpus, mapping)
    others = (
        each for article, told in desk.told.items() if article != mapping.article for each in told
    )
    return Validated(_by_ours(desk, triples, others), dict(article_places(desk.corpus, mapping)))


def _settled(corpus: Corpus, sent: Submitted) -> ArticleMapping:
    """The mapping, with names read as they are judged."""
    mapping = read_mapping(yaml_document(_text(sent), sent.name), corpus.vocabulary)
    return corpus.identities.settle(mapping)


def _told_by(corpus: Corpus, mapping: ArticleMapping) -> tuple[Triple, ...]:
    """What a mapping says, but for what views make of it."""
    quads = article_quads(corpus, [mapping])
    return tuple(Triple(*quad[:3]) for quad in quads if not quad.graph.startswith(_VIEWS))


# -- reading RDF


def _text(sent: Submitted) -> str:
    try:
        return sent.content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = sent.content.count(b"\n", 0, error.start) + 1
        raise InputError(
            Problem(sent.name, line, "", "is not UTF-8", "save it as UTF-8")
        ) from error


def _triples(sent: Submitted) -> tuple[Triple, ...]:
    """The triples of all its graphs; blank nodes are numbered in the order of the text."""
    import pyoxigraph as ox  # noqa: PLC0415 -- only who validates pays for the engine

    said = _text(sent)
    if sent.media_type == _XML:
        _refuse_entities(sent.name, said)
    names: dict[str, str] = {}
    form = ox.RdfFormat.from_media_type(sent.media_type)
    try:
        return tuple(
            Triple(
                *(
                    _term(sent.name, term, names)
                    for term in (quad.subject, quad.predicate, quad.object)
                )
            )
            for quad in ox.parse(said, format=form)
        )
    except SyntaxError as error:
        hint = _CONTEXT if "context" in (error.msg or "") else ""
        raise InputError(Problem(sent.name, error.lineno or 0, "", error.msg, hint)) from error


_CONTEXT = "no context is fetched: write it into the document"


def _refuse_entities(name: str, said: str) -> None:
    """An entity may stand for a file, an address, or a billion others."""
    if found := _DOCTYPE.search(said):
        line = said.count("\n", 0, found.start()) + 1
        why = "has a DOCTYPE, which is not read"
        raise InputError(Problem(name, line, "", why, "write entities out"))
    if "\0" in said:  # UTF-16 passes for UTF-8, and hides what stands in it
        raise InputError(Problem(name, 0, "", "is not XML in UTF-8", "save it as UTF-8"))


def _term(name: str, term: object, names: dict[str, str]) -> str:
    import pyoxigraph as ox  # noqa: PLC0415 -- as above

    if isinstance(term, ox.BlankNode):
        return names.setdefault(str(term), f"_:{name}{len(names) + 1}")
    if isinstance(term, ox.Triple):
        raise InputError(Problem(name, 0, "", "has a triple as a term, which SHACL does not know"))
    return str(term)


# -- shapes of others


def _read(sent: Submitted) -> Shapes:
    if sent.media_type not in RDF_TYPES:
        why = f"shapes are read as {', '.join(RDF_TYPES)}"
        raise InputError(Problem(sent.name, 0, "", why))
    triples = _triples(sent)
    if unsafe := sorted({term for triple in triples for term in triple} & _UNSAFE):
        raise ShapesRefusedError(f"{', '.join(unsafe)}: not read in shapes that are sent")
    for triple in triples:
        if triple.predicate in _QUERIES and is_literal(triple.object):
            _check(triple.subject, text(triple.object))
    shapes = read_shapes(triples)
    for shape in shapes.by_node.values():
        for query in filter(None, (constraint.query for constraint in shape.constraints)):
            _check(shape.node, query.sparql)  # with the prefixes that the shapes declare for it
    return shapes


def _check(node: str, query: str) -> None:
    try:
        check(query)
    except QueryError as error:
        raise ShapesRefusedError(f"the query at {node} is not evaluated: {error}") from error


def _refer(
    turn: Lock, data: Data, shapes: Shapes, referrals: Collection[Referral]
) -> Iterable[Result]:
    """What the reference engine finds, which is handed no query."""
    if any(triple.predicate in _QUERIES for triple in shapes.triples):
        for each in referrals:
            why = "shapes with queries are evaluated only where nothing else is in them"
            raise ShapesRefusedError(f"{each.shape} {each.why}: {why}")
    with turn:
        return referred(data, shapes, referrals)
