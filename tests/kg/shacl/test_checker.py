"""One graph beside shared data gets the report that both together get."""

from collections import Counter

import pytest

from kg.build import all_quads
from kg.corpus import mapping_files, mappings, read_corpus
from kg.rdf import Triple
from kg.resources import folder
from kg.shacl import Checker, Data, validate
from kg.validation import shapes_in
from kg.vocab import GRAPH, TYPE

ARTICLE = f"<{GRAPH}article/"


@pytest.fixture(scope="module")
def graphs() -> dict[str, list[Triple]]:
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    found: dict[str, list[Triple]] = {}
    articles = mappings(corpus, mapping_files(folder("seeds")))
    for quad in all_quads(corpus, articles, Counter()):
        if not quad.graph.startswith(f"<{GRAPH}view/"):
            found.setdefault(quad.graph, []).append(Triple(*quad[:3]))
    return found


def test_an_article_is_checked_beside_what_all_articles_share(
    graphs: dict[str, list[Triple]],
) -> None:
    shapes = shapes_in(folder("shapes"))
    shared = [t for name, held in graphs.items() if not name.startswith(ARTICLE) for t in held]
    checker = Checker(shapes, shared)
    articles = sorted(name for name in graphs if name.startswith(ARTICLE))
    apart = {triple.subject for triple in shared}

    assert len(articles) == 5
    for name in articles:
        spoilt = [t for t in graphs[name] if t.predicate != TYPE or len(t.subject) % 3]
        for triples in (graphs[name], graphs[name][::2], spoilt):
            own = {t.subject for t in triples if t.predicate == TYPE} - apart
            report = checker.report(triples)
            whole = set(validate(Data([*shared, *triples]), shapes).results)
            assert {each for each in whole if each.focus in own} <= set(report.results) <= whole
        assert report.results
