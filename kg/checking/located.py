"""The results of validation as findings, each at the key of the mapping that caused it."""

from collections.abc import Iterable, Iterator

from kg.checking.findings import Finding, level_of
from kg.checking.places import Place, Places
from kg.corpus import Corpus
from kg.mapping import ArticleMapping
from kg.shacl import Report, Result
from kg.shacl.literals import is_iri, text
from kg.vocab import BASE, ID, curie

__all__ = ["finding", "found_by_shapes", "rule_of"]

_SHAPES = f"{BASE}shapes#"


def found_by_shapes(
    report: Report, corpus: Corpus, articles: Iterable[ArticleMapping]
) -> Iterator[Finding]:
    """The results of a report, each at the key that caused it.

    What no file made stands under the name of the thing it is about.
    """
    if report.conforms:
        return
    places = Places(corpus, articles)
    for result in report.results:
        place = places.of(result) or Place(shown(result.focus), 0, "")
        yield finding(result, place)


def finding(result: Result, place: Place) -> Finding:
    """A result as a finding at that place."""
    message, _, hint = result.said.replace(ID, "").partition(": ")
    level, rule = level_of(result.severity), rule_of(result)
    return Finding(place.file, place.line, place.key, message, hint, level, rule, result)


def rule_of(result: Result) -> str:
    """The name of the shape that was broken; of the constraint's kind, where it has none.

    >>> rule_of(Result("<urn:a>", owner="<https://w3id.org/caspian/shapes#ClaimShape>"))
    'ClaimShape'
    """
    for term in (result.owner, result.shape, result.component):
        if term and is_iri(term):
            return curie(text(term).removeprefix(_SHAPES))
    return "shape"


def shown(term: str) -> str:
    """A term as people read it: an IRI or a literal's text bare, a blank node as it is."""
    return term if term.startswith("_:") else text(term)
