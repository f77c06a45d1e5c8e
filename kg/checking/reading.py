"""Mappings as a check reads them: all of them, whatever is wrong with some."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from kg.anchor import article_text, check_text
from kg.checking.findings import TEXT, Finding
from kg.claims import claim_keys, claims
from kg.compile import DERIVED, quads
from kg.corpus import Corpus, description_quads, mappings, ontology_quads, reference_quads
from kg.errors import InputError
from kg.examples import example_quads
from kg.identities import Identities
from kg.mapping import ArticleMapping
from kg.queries import stored_queries
from kg.rdf import Triple
from kg.resources import folder
from kg.source import Document

__all__ = ["Article", "read_articles", "standing", "told_of", "twice"]


class Article(NamedTuple):
    """A mapping that can be read, and the triples it makes but for those of views."""

    mapping: ArticleMapping
    triples: tuple[Triple, ...]


def read_articles(
    corpus: Corpus,
    files: Sequence[Path],
    found: list[Finding],
    *,
    texts: Path | None = None,
    keep: Callable[[Document], bool] = lambda _: True,
) -> Iterator[Article]:
    """The articles of these files, as far as they can be read; what is wrong is added to `found`.

    Quotes are held against the texts at hand.
    """
    for mapping in _readable(corpus, files, found, keep):
        text = article_text(texts, mapping.article) if texts else None
        if text is not None:
            found.extend(Finding.of(problem, TEXT) for problem in check_text(mapping, text))
        try:
            yield Article(mapping, _triples(mapping, corpus.identities))
        except InputError as error:
            found.extend(map(Finding.of, error.problems))


def _readable(
    corpus: Corpus,
    files: Sequence[Path],
    found: list[Finding],
    keep: Callable[[Document], bool],
) -> Iterator[ArticleMapping]:
    try:
        yield from mappings(corpus, files, keep)
    except InputError as error:
        found.extend(map(Finding.of, error.problems))


def _triples(mapping: ArticleMapping, identities: Identities) -> tuple[Triple, ...]:
    relied_on = identities.relied_on(tuple(claims(mapping)), DERIVED)
    return tuple(Triple(*quad[:3]) for quad in chain(quads(mapping), relied_on))


def standing(corpus: Corpus) -> Iterator[Triple]:
    """The triples that no article makes: the ontology, what is declared, what is described."""
    for quad in chain(
        ontology_quads(corpus),
        reference_quads(corpus),
        description_quads(corpus),
        example_quads(stored_queries(folder("queries"))),
    ):
        yield Triple(*quad[:3])


def twice(articles: Iterable[ArticleMapping]) -> Iterator[Finding]:
    """Articles, and texts, that several of these mappings are of."""
    seen: set[tuple[str, str]] = set()
    for mapping in articles:
        for key in (("article", mapping.article), ("sha256", mapping.sha256)):
            if key in seen:
                message = "this article is mapped twice"
                yield Finding.of(mapping.document.problem(key[:1], message))
            seen.add(key)


def told_of(articles: Sequence[ArticleMapping], held: int) -> str:
    """What was checked, in words."""
    texts = f", {held:,} held against their text" if held else ""
    count = sum(len([*claim_keys(mapping)]) for mapping in articles)
    return f"{len(articles):,} articles{texts}, {count:,} claims"
