"""The whole corpus: what the seeds declare, the mappings, and all the quads they make."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import vocab
from kg.claims import EDITOR, claims
from kg.compile import DERIVED, quads
from kg.entities import entity_quads, read_entities
from kg.errors import InputError, Problem
from kg.identities import Identities, read_identities
from kg.lexicon import read_lexicon
from kg.mapping import ArticleMapping, Vocabulary
from kg.mapping_reader import read_mapping
from kg.rdf import Triple, read_turtle
from kg.resources import folder
from kg.rules import Rules, read_rules
from kg.schema import ontology_files, read_schema
from kg.source import Document, read_json_lines, read_yaml
from kg.terms import Quad, literal
from kg.views import Agreement, View, read_views, views_described
from kg.vocab import graph, thing

__all__ = [
    "DESCRIPTION",
    "ONTOLOGY",
    "REFERENCE",
    "Corpus",
    "article_quads",
    "description_quads",
    "documents",
    "mapping_files",
    "mappings",
    "ontology_quads",
    "read_corpus",
    "reference_quads",
]

DESCRIPTION = graph("void")
ONTOLOGY = graph("ontology")
REFERENCE = graph("reference")


@dataclass(frozen=True)
class Corpus:
    """What every mapping is read against, and where the files are."""

    vocabulary: Vocabulary
    views: tuple[View, ...]
    ontology: Path
    seeds: Path
    identities: Identities
    rules: Rules


def read_corpus(seeds: Path, ontology: Path) -> Corpus:
    """The corpus whose declarations stand in these folders; mappings are read as asked for.

    >>> from kg.resources import folder
    >>> corpus = read_corpus(folder("seeds"), folder("ontology"))
    >>> [view.name for view in corpus.views]
    ['any', 'us', 'iran', 'russia', 'asserted', 'two-origins', 'known-2022']

    Raises InputError with the problems of the first of the files that has any.
    """
    schema = read_schema(ontology)
    entities = read_entities(seeds / "entities", schema)
    if EDITOR not in entities:
        hint = "it makes the inferences: declare it as {type: Group, label: …}"
        raise InputError(Problem(str(seeds / "entities"), 0, EDITOR, "is not declared", hint))
    views = read_views(seeds / "views.yaml", entities)
    identities = read_identities(seeds / "identities.yaml", entities, schema)
    vocabulary = Vocabulary(schema, identities.known, read_lexicon(seeds / "lexicon.yaml"))
    return Corpus(vocabulary, views, ontology, seeds, identities, _rules(seeds))


def _rules(seeds: Path) -> Rules:
    """How claims are held against each other: by the seeds' own rules, or by those shipped."""
    own = seeds / "relations.yaml"
    return read_rules(own if own.is_file() else folder("seeds") / "relations.yaml")


def mapping_files(seeds: Path) -> tuple[Path, ...]:
    """The mappings in that folder, in name order: YAML, an article each, and JSON Lines."""
    not_mappings = {"identities.yaml", "lexicon.yaml", "relations.yaml", "views.yaml"}
    yaml = (path for path in seeds.glob("*.yaml") if path.name not in not_mappings)
    return tuple(sorted([*yaml, *seeds.glob("*.jsonl")]))


def documents(paths: Iterable[Path]) -> Iterator[Document]:
    """The documents in these files, read as they are asked for."""
    for path in paths:
        if path.suffix == ".jsonl":
            yield from read_json_lines(path)
        else:
            yield read_yaml(path)


def mappings(
    corpus: Corpus, paths: Sequence[Path], keep: Callable[[Document], bool] = lambda _: True
) -> Iterator[ArticleMapping]:
    """The mappings in these files, each read and checked, with names read as they are judged.

    Documents that are not to be kept are passed over.

    Raises InputError with the problems of all of them, once every file has been read.
    """
    problems: list[Problem] = []
    seen: set[int] = set()  # hashes, so that a hundred thousand articles cost a few megabytes
    for document in filter(keep, _readable(paths, problems)):
        problems.extend(_misnamed(document))
        try:
            mapping = read_mapping(document, corpus.vocabulary)
        except InputError as error:
            problems.extend(error.problems)
            continue
        for key, what in (("article", mapping.article), ("sha256", mapping.sha256)):
            if hash((key, what)) in seen:
                problems.append(document.problem((key,), "this article is mapped twice"))
            seen.add(hash((key, what)))
        yield corpus.identities.settle(mapping)
    if problems:
        raise InputError(*problems)


def _misnamed(document: Document) -> Iterator[Problem]:
    """A mapping in YAML is named as its article, so that nobody maps one twice by mistake."""
    file = Path(document.file)
    article = document.tree.get("article") if isinstance(document.tree, dict) else None
    if file.suffix == ".yaml" and isinstance(article, str) and file.stem != article:
        hint = f"the file is {file.name}: name the one after the other"
        yield document.problem(("article",), f"{article} is not its name", hint)


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
        for triple in _named(path):
            yield Quad(*triple, ONTOLOGY)


def description_quads(corpus: Corpus) -> Iterator[Quad]:
    """What the editors say of the dataset: its title, licence, publisher; where they say it.

    Seeds without such a file get none: those shipped would give away what is not ours. A build
    counts the rest (kg/description.py). Raises InputError as for the ontology.
    """
    path = corpus.seeds / "dataset.ttl"
    if path.is_file():
        for triple in _named(path):
            yield Quad(*triple, DESCRIPTION)


def _named(path: Path) -> Iterator[Triple]:
    for triple in read_turtle(path):
        if any(part.startswith("_:") for part in triple):
            hint = "give it an IRI; write class axioms pairwise"
            raise InputError(Problem(str(path), 0, "", "holds a blank node", hint))
        yield triple


def reference_quads(corpus: Corpus) -> Iterator[Quad]:
    """What the seeds declare of things and views, in the graph of reference data.

    The judgements on what is the same stand in the graph of what is concluded.
    """
    scheme = thing("scheme/systems")
    yield Quad(scheme, vocab.TYPE, vocab.CONCEPT_SCHEME, REFERENCE)
    yield Quad(scheme, vocab.LABEL, literal("Weapons systems", language="en"), REFERENCE)
    for entity in corpus.identities.settled.by_id.values():
        yield from entity_quads(entity, REFERENCE)
    yield from corpus.identities.described(DERIVED)
    yield from views_described(corpus.views, REFERENCE)


def article_quads(
    corpus: Corpus, articles: Iterable[ArticleMapping], counts: Counter[str] | None = None
) -> Iterator[Quad]:
    """The quads of the articles, one article after the other; `counts` grows as they pass."""
    tally = Counter() if counts is None else counts
    about = vocab.cas("about")
    agreements = [Agreement(view) for view in corpus.views if view.origins > 1]
    for mapping in articles:
        tally["articles"] += 1
        for quad in quads(mapping, corpus.views):
            tally["claims"] += quad.predicate == about
            yield quad
        yield from _across(corpus, agreements, mapping)


def _across(
    corpus: Corpus, agreements: Sequence[Agreement], mapping: ArticleMapping
) -> Iterator[Quad]:
    """What an article adds that its mapping alone does not tell: judgements, agreement."""
    made = tuple(claims(mapping))
    yield from corpus.identities.relied_on(made, DERIVED)
    for agreement in agreements:
        yield from agreement.quads(made, mapping)
