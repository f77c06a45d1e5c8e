"""From seeds to a snapshot: compile, hold against the texts, validate, write, switch."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg.anchor import article_text, check_text
from kg.claims import claims, passage_id
from kg.corpus import (
    Corpus,
    article_quads,
    description_quads,
    mappings,
    ontology_quads,
    reference_quads,
)
from kg.derive import Index, index_quads
from kg.description import description
from kg.errors import InputError, Problem, ValidationError
from kg.examples import example_quads
from kg.mapping import ArticleMapping
from kg.queries import stored_queries
from kg.resources import folder
from kg.snapshot import Snapshot, write
from kg.terms import Quad, line
from kg.vocab import GRAPH, ID

if TYPE_CHECKING:
    from kg.validation import Report

__all__ = ["Built", "Checked", "all_quads", "article_places", "build", "check", "stream"]

_CHUNK = 10_000
_VIEWS = f"<{GRAPH}view/"


@dataclass(frozen=True)
class Checked:
    """Mappings that were read and hold against texts and shapes, with all quads they make."""

    quads: tuple[Quad, ...]
    counts: Counter[str]
    texts: int
    """How many articles were held against their text."""
    report: "Report"


@dataclass(frozen=True)
class Built:
    """A snapshot, and what went into it."""

    snapshot: Snapshot
    counts: Counter[str]


def check(
    corpus: Corpus,
    files: Sequence[Path],
    *,
    shapes: Path,
    texts: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Checked:
    """The corpus, checked: names and values, quotes against the texts at hand, shapes.

    Raises InputError with every problem of the mappings, then ValidationError with every result of
    the shapes; each names the file and the line. `tell` hears what is being done.
    """
    tell("reading the mappings")
    articles = tuple(mappings(corpus, files))
    tell(f"compiling {len(articles):,} articles")
    held = _hold_against_texts(articles, texts)
    counts: Counter[str] = Counter()
    quads = tuple(all_quads(corpus, articles, counts))
    tell(f"validating {len(quads):,} triples")
    report = _validate(quads, shapes)
    if not report.conforms:
        raise ValidationError(*_problems(report, corpus, articles))
    return Checked(quads, counts, held, report)


def build(checked: Checked, root: Path) -> Built:
    """A new snapshot of what was checked, which readers that open `root` from now on see."""
    return Built(write(root, map(_bytes, checked.quads), description), checked.counts)


def stream(
    corpus: Corpus,
    files: Sequence[Path],
    root: Path,
    tick: Callable[[], None] = lambda: None,
    *,
    shapes: Path | None,
) -> Built:
    """A new snapshot, written as the mappings are read: for corpora larger than memory.

    The mappings are read and checked as ever; texts are not. The shapes are held against the whole
    graph before readers see it, for which it is kept in memory without the views, at 250 bytes a
    triple; without shapes nothing is. What follows from the claims comes from an index of them:
    about 1 kB a claim.

    Raises InputError as `check` does, and ValidationError; readers then keep the graph they have.
    """
    counts: Counter[str] = Counter()
    articles = _ticking(mappings(corpus, files), tick)
    quads: Iterable[Quad] = all_quads(corpus, articles, counts)
    if shapes:
        quads = _validated(quads, shapes, corpus, files)
    return Built(write(root, map(_bytes, quads), description), counts)


def _validated(
    quads: Iterable[Quad], shapes: Path, corpus: Corpus, files: Sequence[Path]
) -> Iterator[Quad]:
    """The quads as they come; an error after the last, where they break a shape."""
    from kg.validation import Data, shapes_in, validate  # noqa: PLC0415 -- only builds validate

    data = Data()
    source = iter(quads)
    while chunk := tuple(islice(source, _CHUNK)):
        data.add(_facts(chunk))
        yield from chunk
    report = validate(data, shapes_in(shapes))
    if not report.conforms:  # now the mappings are read again, to say which line it was
        raise ValidationError(*_problems(report, corpus, [*mappings(corpus, files)]))


def _facts(quads: Iterable[Quad]) -> Iterator[tuple[str, str, str]]:
    """All triples but those of the views, which hold plain triples by design."""
    return (quad[:3] for quad in quads if not quad.graph.startswith(_VIEWS))


def _ticking(
    articles: Iterable[ArticleMapping], tick: Callable[[], None]
) -> Iterator[ArticleMapping]:
    for article in articles:
        yield article
        tick()


def all_quads(
    corpus: Corpus, articles: Iterable[ArticleMapping], counts: Counter[str]
) -> Iterator[Quad]:
    """All quads of a corpus with these articles, read as they are asked for; `counts` grows."""
    index = Index(corpus.rules)
    quads = chain(
        ontology_quads(corpus),
        reference_quads(corpus),
        description_quads(corpus),
        example_quads(stored_queries(folder("queries"))),
        article_quads(corpus, _indexed(articles, index), counts),
        index_quads(index),  # a generator: it begins when the articles have passed
    )
    for quad in quads:
        counts["triples"] += 1
        yield quad


def _indexed(articles: Iterable[ArticleMapping], index: Index) -> Iterator[ArticleMapping]:
    for article in articles:
        index.learn(article)
        yield article


def _bytes(quad: Quad) -> bytes:
    return line(quad).encode("utf-8")


def _hold_against_texts(articles: Sequence[ArticleMapping], texts: Path | None) -> int:
    problems: list[Problem] = []
    held = 0
    for mapping in articles:
        text = article_text(texts, mapping.article) if texts else None
        if text is not None:
            problems.extend(check_text(mapping, text))
            held += 1
    if problems:
        raise InputError(*problems)
    if texts and not held:
        hint = "name the folder that holds them, as ARTICLE.txt"
        raise InputError(Problem(str(texts), 0, "", "holds no text of these articles", hint))
    return held


# -- shapes


def _validate(quads: Iterable[Quad], shapes: Path) -> "Report":
    from kg.validation import Data, shapes_in, validate  # noqa: PLC0415 -- only builds validate

    return validate(Data(_facts(quads)), shapes_in(shapes))


def _problems(
    report: "Report", corpus: Corpus, articles: Sequence[ArticleMapping]
) -> tuple[Problem, ...]:
    from kg.validation import problems  # noqa: PLC0415 -- only builds validate

    places = dict(_places(corpus, articles))
    return problems(report, lambda focus: places.get(focus.removeprefix(ID)))


def _places(
    corpus: Corpus, articles: Iterable[ArticleMapping]
) -> Iterator[tuple[str, tuple[str, int]]]:
    """Which line of which file made each node; a node made by several is told by the first."""
    for entity in corpus.vocabulary.entities.by_id.values():
        yield entity.id, (entity.file, entity.line)
        yield f"geometry/{entity.id}", (entity.file, entity.line)
    for mapping in reversed([*articles]):
        yield from article_places(corpus, mapping)


def article_places(
    corpus: Corpus, mapping: ArticleMapping
) -> Iterator[tuple[str, tuple[str, int]]]:
    """Which line of its file made each node of an article."""
    known, schema = mapping.entities, corpus.vocabulary.schema
    document = mapping.document
    yield f"article/{mapping.article}", (document.file, document.line(("article",)))
    for claim in reversed([*claims(mapping)]):
        where = (document.file, claim.line)
        yield claim.id, where
        if claim.thing in known and schema.is_a(known[claim.thing].type, "Situation"):
            yield claim.thing, where  # a situation is what is claimed of it, not its declaration
        yield claim.spoken.id, where
        for step in claim.relay:
            yield step.id, where
        passage = passage_id(mapping.article, claim.passage)
        for part in ("", "/position", "/quote", "/range", "/first", "/last"):
            yield passage + part, where
