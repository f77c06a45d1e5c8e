"""The whole corpus: what the seeds declare, the mappings, and all the quads they make."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import vocab
from kg.claims import EDITOR
from kg.compile import quads
from kg.entities import entity_quads, read_entities
from kg.errors import InputError, Problem
from kg.lexicon import read_lexicon
from kg.mapping import ArticleMapping, Vocabulary
from kg.mapping_reader import read_mapping
from kg.rdf import read_turtle
from kg.schema import ontology_files, read_schema
from kg.source import Document, read_json_lines, read_yaml
from kg.terms import Quad, literal
from kg.views import View, read_views, views_described
from kg.vocab import graph, thing

__all__ = [
    "ONTOLOGY",
    "REFERENCE",
    "Corpus",
    "article_quads",
    "documents",
    "mapping_files",
    "mappings",
    "ontology_quads",
    "read_corpus",
    "reference_quads",
]

ONTOLOGY = graph("ontology")
REFERENCE = graph("reference")


@dataclass(frozen=True)
class Corpus:
    """What every mapping is read against, and where the files are."""

    vocabulary: Vocabulary
    views: tuple[View, ...]
    ontology: Path
    seeds: Path


def read_corpus(seeds: Path, ontology: Path) -> Corpus:
    """The corpus whose declarations stand in these folders; mappings are read as asked for.

    >>> from kg.resources import folder
    >>> corpus = read_corpus(folder("seeds"), folder("ontology"))
    >>> [view.name for view in corpus.views]
    ['any', 'us', 'iran', 'russia']

    Raises InputError with the problems of the first of the files that has any.
    """
    schema = read_schema(ontology)
    entities = read_entities(seeds / "entities", schema)
    if EDITOR not in entities:
        hint = "it makes the inferences: declare it as {type: Group, label: …}"
        raise InputError(Problem(str(seeds / "entities"), 0, EDITOR, "is not declared", hint))
    vocabulary = Vocabulary(schema, entities, read_lexicon(seeds / "lexicon.yaml"))
    return Corpus(vocabulary, read_views(seeds / "views.yaml", entities), ontology, seeds)


def mapping_files(seeds: Path) -> tuple[Path, ...]:
    """The mappings in that folder, in name order: YAML, an article each, and JSON Lines."""
    not_mappings = {"lexicon.yaml", "views.yaml"}
    yaml = (path for path in seeds.glob("*.yaml") if path.name not in not_mappings)
    return tuple(sorted([*yaml, *seeds.glob("*.jsonl")]))


def documents(paths: Iterable[Path]) -> Iterator[Document]:
    """The documents in these files, read as they are asked for."""
    for path in paths:
        if path.suffix == ".jsonl":
            yield from read_json_lines(path)
        else:
            yield read_yaml(path)


def mappings(corpus: Corpus, paths: Sequence[Path]) -> Iterator[ArticleMapping]:
    """The mappings in these files, each read and checked.

    Raises InputError with the problems of all of them, once every file has been read.
    """
    problems: list[Problem] = []
    seen: set[int] = set()  # hashes, so that a hundred thousand articles cost a few megabytes
    for document in _readable(paths, problems):
        try:
            mapping = read_mapping(document, corpus.vocabulary)
        except InputError as error:
            problems.extend(error.problems)
            continue
        if hash(mapping.article) in seen:
            problems.append(document.problem(("article",), "this article is mapped twice"))
        seen.add(hash(mapping.article))
        yield mapping
    if problems:
        raise InputError(*problems)


def _readable(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Document]:
    for path in paths:
        try:
            yield from documents([path])
        except InputError as error:
            problems.extend(error.problems)


def ontology_quads(corpus: Corpus) -> Iterator[Quad]:
    """The ontology, in its own graph.

    Raises InputError where it holds a blank node, which would have another name in every build.
    """
    for path in ontology_files(corpus.ontology):
        for triple in read_turtle(path):
            if any(part.startswith("_:") for part in triple):
                hint = "give it an IRI; write class axioms pairwise"
                raise InputError(Problem(str(path), 0, "", "holds a blank node", hint))
            yield Quad(*triple, ONTOLOGY)


def reference_quads(corpus: Corpus) -> Iterator[Quad]:
    """What the seeds declare of things and views, in the graph of reference data."""
    scheme = thing("scheme/systems")
    yield Quad(scheme, vocab.TYPE, vocab.CONCEPT_SCHEME, REFERENCE)
    yield Quad(scheme, vocab.LABEL, literal("Weapons systems", language="en"), REFERENCE)
    for entity in corpus.vocabulary.entities.by_id.values():
        yield from entity_quads(entity, REFERENCE)
    yield from views_described(corpus.views, REFERENCE)


def article_quads(
    corpus: Corpus, articles: Iterable[ArticleMapping], counts: Counter[str] | None = None
) -> Iterator[Quad]:
    """The quads of the articles, one article after the other; `counts` grows as they pass."""
    tally = Counter() if counts is None else counts
    about = vocab.cas("about")
    for mapping in articles:
        tally["articles"] += 1
        for quad in quads(mapping, corpus.views):
            tally["claims"] += quad.predicate == about
            yield quad
