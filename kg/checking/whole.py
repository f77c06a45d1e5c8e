"""A corpus, or some files of one, checked once: mappings, texts, shapes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path

from kg.checking.findings import WAITING, Finding, Findings
from kg.checking.located import found_by_shapes
from kg.checking.reading import Article, read_articles, standing, told_of, twice
from kg.corpus import Corpus
from kg.derive import derived_quads
from kg.errors import InputError, Problem
from kg.mapping import ArticleMapping
from kg.rdf import Triple
from kg.shacl import Data, Report, Result, Shapes, validate
from kg.source import Document
from kg.vocab import ID

__all__ = ["How", "Shard", "check"]

_OWN = tuple(
    f"<{ID}{kind}/"
    for kind in ("article", "claim", "passage", "value", "relay", "utterance", "inference")
)
"""What only the article that made it can mend."""


@dataclass(frozen=True)
class Shard:
    """The share `number`, from 1, of so many: a file belongs to one of them, by its name.

    A line of JSON Lines does by the file's name and the line's number.
    """

    number: int = 1
    of: int = 1

    def holds(self, document: Document) -> bool:
        """Whether the document belongs to this share.

        >>> document = Document("seeds/002.yaml", {}, {})
        >>> [Shard(number, 3).holds(document) for number in (1, 2, 3)].count(True)
        1
        """
        name = f"{Path(document.file).name}:{document.first_line}"
        digest = blake2b(name.encode(), digest_size=8).digest()
        return int.from_bytes(digest) % self.of == self.number - 1


@dataclass(frozen=True)
class _Part:
    """What one process read."""

    articles: tuple[Article, ...]
    found: tuple[Finding, ...]


@dataclass(frozen=True)
class How:
    """How a corpus is checked."""

    beside: Sequence[Path] = ()
    """Other files of the corpus, taken as they are."""
    texts: Path | None = None
    """The folder of texts to hold quotes against."""
    shard: Shard = Shard()
    jobs: int = 1
    """Processes that read."""


_ALONE = How()


def check(
    corpus: Corpus,
    files: Sequence[Path],
    shapes: Callable[[], Shapes],
    how: How = _ALONE,
    tell: Callable[[str], None] = lambda _: None,
) -> Findings:
    """What is wrong with these files.

    The shapes wait until every mapping can be read: without what one says, others would be blamed.
    A shard is checked alone, and what several articles say of a thing is left to the whole.
    """
    tell("reading the mappings")
    parts = _read(corpus, files, how, tell)
    others = _read(corpus, how.beside, How(jobs=how.jobs), tell)
    articles = [article for part in parts for article in part.articles]
    found = {each for part in parts for each in part.found}
    context = [article for part in others for article in part.articles]
    mappings = [each.mapping for each in articles]
    found.update(twice([*(each.mapping for each in context), *mappings]))
    held = _held(mappings, how.texts)
    names = tuple(sorted(map(str, files)))
    summary = told_of(mappings, held)
    unread = {each.file for part in others for each in part.found}
    notes = [f"left out, since it cannot be read: {name}" for name in sorted(unread)]
    if found:
        return Findings(tuple(sorted(found)), names, summary, notes=(*notes, WAITING))
    everything = [*articles, *context]
    count = sum(len(each.triples) for each in everything)
    tell(f"validating {count:,} triples")
    report = validate(_data(corpus, everything), shapes())
    if how.shard.of > 1:
        report, left = _own(report)
        notes.append(f"{left} results on what several articles tell of are left to the whole")
    every = [each.mapping for each in everything]
    located = found_by_shapes(report, corpus, every)
    kept = tuple(sorted({each for each in located if not how.beside or _in(each, names)}))
    return Findings(kept, names, summary, report.referrals, tuple(notes))


def _held(mappings: Collection[ArticleMapping], texts: Path | None) -> int:
    """How many articles have their text in the folder; InputError where none of several has."""
    if texts is None:
        return 0
    held = sum((texts / f"{each.article}.txt").is_file() for each in mappings)
    if mappings and not held:
        hint = "name the folder that holds them, as ARTICLE.txt"
        raise InputError(Problem(str(texts), 0, "", "holds no text of these articles", hint))
    return held


def _in(finding: Finding, names: Collection[str]) -> bool:
    return finding.file in names


def _data(corpus: Corpus, articles: Iterable[Article]) -> Data:
    articles = tuple(articles)
    data = Data(standing(corpus))
    for article in articles:
        data.add(article.triples)
    mappings: Iterator[ArticleMapping] = (each.mapping for each in articles)
    data.add(Triple(*quad[:3]) for quad in derived_quads(mappings, corpus.rules))
    return data


def _own(report: Report) -> tuple[Report, int]:
    """The results on what the articles alone make, and how many others there are."""
    own = [each for each in report.results if _is_own(each)]
    return Report.of(own, report.referrals), len(report.results) - len(own)


def _is_own(result: Result) -> bool:
    return result.focus.startswith(_OWN) and not result.constraint


# -- processes


def _read(
    corpus: Corpus, files: Sequence[Path], how: How, tell: Callable[[str], None]
) -> list[_Part]:
    texts, shard, jobs = how.texts, how.shard, how.jobs
    if jobs == 1 or not files:
        return [_part(corpus, files, texts, [shard], tell)]
    shares = [[shard, Shard(number, jobs)] for number in range(1, jobs + 1)]
    # a fresh interpreter each: a fork would copy threads and locks that nobody lets go
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_part, corpus, files, texts, share) for share in shares]
        parts = []
        for number, each in enumerate(waiting, start=1):
            parts.append(each.result())
            tell(f"reading the mappings: {number} of {jobs} processes are done")
        return parts


def _part(
    corpus: Corpus,
    files: Sequence[Path],
    texts: Path | None,
    shards: Sequence[Shard],
    tell: Callable[[str], None] = lambda _: None,
) -> _Part:
    found: list[Finding] = []

    def keep(document: Document) -> bool:
        return all(shard.holds(document) for shard in shards)

    articles: list[Article] = []
    for article in read_articles(corpus, files, found, texts=texts, keep=keep):
        articles.append(article)
        tell(f"reading the mappings: {len(articles):,} articles")
    return _Part(tuple(articles), tuple(found))
