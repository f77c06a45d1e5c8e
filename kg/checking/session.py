"""A corpus whose check follows its files: after a save, only what that file touches is done again.

Each file's triples are a graph of the incremental engine, so that its report after any change is
the one that a check of the whole gives.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.checking.findings import WAITING, Finding, Findings
from kg.checking.located import found_by_shapes
from kg.checking.reading import Article, read_articles, standing, told_of, twice
from kg.corpus import Corpus
from kg.derive import Index, origin_quads, thing_quads
from kg.mapping import ArticleMapping
from kg.rdf import Triple
from kg.shacl import Incremental, Shapes

__all__ = ["Session"]

_STANDING, _ORIGINS, _OF_THING = "standing", "origins", "of "


@dataclass
class _Read:
    """What a file held when it was read last."""

    found: list[Finding] = field(default_factory=list)
    articles: tuple[Article, ...] = ()


class Session:
    """The mappings of a corpus, checked, and checked again as files change."""

    def __init__(
        self, corpus: Corpus, files: Sequence[Path], shapes: Shapes, *, texts: Path | None = None
    ) -> None:
        self._corpus, self._texts = corpus, texts
        self._read: dict[Path, _Read] = {}
        self._index = Index(corpus.rules)
        self._learnt: dict[Path, set[str]] = {}
        for path in files:
            self._take(path)
            self._learn(path, self._read[path])
        graphs: dict[str, Sequence[Triple]] = {_STANDING: tuple(standing(corpus))}
        graphs |= {str(path): _triples(read) for path, read in self._read.items()}
        graphs |= self._concluded(self._index.things)
        self._following = Incremental(shapes, graphs)

    def change(self, path: Path) -> None:
        """Reads a file again, which may be new or gone."""
        self._read.pop(path, None)
        if path.is_file():
            self._take(path)
        read = self._read.get(path, _Read())
        if read.found:
            return  # the shapes wait: without what it says, they would blame other files
        touched = self._learn(path, read)
        self._following.change(str(path), _triples(read))
        for graph, triples in self._concluded(touched):
            self._following.change(graph, triples)

    def findings(self) -> Findings:
        """All that is wrong now."""
        articles = tuple(self._articles())
        found = [each for read in self._read.values() for each in read.found]
        found += twice(articles)
        files, summary = tuple(sorted(map(str, self._read))), told_of(articles, 0)
        if found:
            return Findings(tuple(sorted({*found})), files, summary, notes=(WAITING,))
        report = self._following.report()
        found += found_by_shapes(report, self._corpus, articles)
        return Findings(tuple(sorted({*found})), files, summary, report.referrals)

    def _take(self, path: Path) -> None:
        read = self._read[path] = _Read()
        read.articles = tuple(read_articles(self._corpus, [path], read.found, texts=self._texts))

    def _learn(self, path: Path, read: _Read) -> set[str]:
        """Puts what the file claims in place of what it claimed; the things touched.

        An article that another file maps already is left out: it is told as mapped twice.
        """
        before, now = self._learnt.get(path, ()), [each.mapping for each in read.articles]
        self._learnt[path] = {each.article for each in now}
        touched: set[str] = set()
        for name in {*before} - self._learnt[path]:
            touched |= self._index.remove(name)
        others = {name for file, names in self._learnt.items() if file != path for name in names}
        for mapping in now:
            if mapping.article not in others:
                touched |= self._index.relearn(mapping)
        self._learnt[path] -= others
        return touched

    def _articles(self) -> Iterator[ArticleMapping]:
        for path in sorted(self._read):
            yield from (article.mapping for article in self._read[path].articles)

    def _concluded(self, touched: Iterable[str]) -> Iterator[tuple[str, tuple[Triple, ...]]]:
        """What follows from the claims about these things, a graph for each."""
        context = self._index.context()
        yield _ORIGINS, tuple(Triple(*quad[:3]) for quad in origin_quads(self._index))
        for name in touched:
            quads = thing_quads(self._index, name, context)
            yield _OF_THING + name, tuple(Triple(*quad[:3]) for quad in quads)


def _triples(read: _Read) -> tuple[Triple, ...]:
    return tuple(triple for article in read.articles for triple in article.triples)
