"""What follows from a corpus, at once and as it changes article by article."""

import random
from typing import TYPE_CHECKING

import pytest

from kg.corpus import mapping_files, mappings, read_corpus
from kg.dates import Bounds
from kg.derive import Index, derived_quads, index_quads
from kg.known import Known
from kg.records import Record, records
from kg.relations import Relation
from kg.resources import folder
from kg.rules import Rules
from kg.vocab import cas, thing

if TYPE_CHECKING:
    from tests.conftest import Small


@pytest.fixture(scope="module")
def five() -> tuple[Rules, Known, dict[str, list[Record]]]:
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    known = Known()
    held = {
        mapping.article: list(records(mapping, known))
        for mapping in mappings(corpus, mapping_files(folder("seeds")))
    }
    return corpus.rules, known, held


def full(index: Index) -> dict[str, tuple[Relation, ...]]:
    """All relations, as a corpus read anew has them."""
    anew = Index(index.rules, index.known)
    for article, held in index.articles.items():
        anew.add(article, held)
    return anew.relations_of(anew.things)


def edited(held: list[Record], rng: random.Random) -> list[Record]:
    """The article with some claims left out, denied, or surer than they were."""
    kept = [record for record in held if rng.random() > 0.2]
    return [
        record._replace(
            polarity=rng.choice(["affirmed", "affirmed", "denied"]),
            certainty=rng.choice(["asserted", "possible", record.certainty]),
        )
        if rng.random() < 0.3
        else record
        for record in kept
    ]


@pytest.mark.parametrize("seed", range(12))
def test_what_an_edit_touches_is_all_that_changes(
    five: tuple[Rules, Known, dict[str, list[Record]]], seed: int
) -> None:
    rules, known, articles = five
    rng = random.Random(seed)  # noqa: S311 -- a test's dice
    index = Index(rules, known)
    standing: dict[str, tuple[Relation, ...]] = {}
    for _ in range(10):
        article = rng.choice(sorted(articles))
        touched = index.remove(article) if article in index.articles else set()
        if not touched or rng.random() < 0.7:
            touched |= index.add(article, edited(articles[article], rng))
        standing.update(index.relations_of(touched))
        assert {k: v for k, v in standing.items() if v} == {
            k: v for k, v in full(index).items() if v
        }


def test_the_order_in_which_articles_are_added_changes_nothing(
    five: tuple[Rules, Known, dict[str, list[Record]]],
) -> None:
    rules, known, articles = five
    forward, backward = Index(rules, known), Index(rules, known)
    for article in articles:
        forward.add(article, articles[article])
    for article in reversed(articles):
        backward.add(article, articles[article])
    assert list(index_quads(forward)) == list(index_quads(backward))


def test_what_was_taken_away_leaves_no_trace(
    five: tuple[Rules, Known, dict[str, list[Record]]],
) -> None:
    rules, known, articles = five
    first, *others = articles
    index, without = Index(rules, known), Index(rules, known)
    for article in articles:
        index.add(article, articles[article])
    for article in others:
        without.add(article, articles[article])
    index.remove(first)
    assert list(index_quads(index)) == list(index_quads(without))


def test_adding_an_article_touches_its_things_and_what_they_are_part_of(
    five: tuple[Rules, Known, dict[str, list[Record]]],
) -> None:
    rules, known, articles = five
    index = Index(rules, known)
    for article in articles:
        index.add(article, articles[article])
    again = next(article for article in articles if article.startswith("004"))
    index.remove(again)
    touched = index.add(again, articles[again])
    own = {record.thing for record in articles[again]}
    # 004 speaks of the production in Russia itself; the breach of norms is told by others
    assert touched == own
    assert len(touched) < len(index.things) / 2
    plant = next(article for article in articles if article.startswith("001"))
    assert "cooperation/uav-production-in-russia" in index.remove(plant)


def test_an_utterance_that_goes_back_further_touches_everything(
    five: tuple[Rules, Known, dict[str, list[Record]]],
) -> None:
    rules, known, articles = five
    index = Index(rules, known)
    for article in articles:
        index.add(article, articles[article])
    record = articles["003_79a4f245642b1078"][0]
    further = ("utterance/iran-uav-acknowledgement", "utterance/wh-release-2023-06-09")
    telling = record.telling._replace(
        ancestors=further, root_principal="actor/us", said=Bounds("", "")
    )
    touched = index.add("999", [record._replace(telling=telling, claim="claim/999/0")])
    assert touched == set(index.things)


def test_a_small_corpus_has_origins_and_a_hedge_that_its_headline_drops(small: "Small") -> None:
    corpus = small.corpus()
    small.anchored()
    found = list(derived_quads(mappings(corpus, mapping_files(small.seeds)), corpus.rules))
    roots = [quad for quad in found if quad.predicate == cas("root")]
    assert thing("utterance/briefing") in {quad.object for quad in roots}
    assert len(found) == len(set(found))
    corroborated = [quad.object for quad in found if quad.predicate == cas("relationKind")]
    assert corroborated == []  # the Herald relays the envoy, so its headline is no second witness


def test_a_corpus_may_have_rules_of_its_own(small: "Small") -> None:
    assert small.corpus().rules.limits.most == 12
    text = (folder("seeds") / "relations.yaml").read_text("utf-8")
    own = text.replace('most: "12"', 'most: "5"')
    (small.seeds / "relations.yaml").write_text(own, "utf-8")
    assert small.corpus().rules.limits.most == 5


def test_breaches_without_a_thing_they_name_accuse_nobody(
    five: tuple[Rules, Known, dict[str, list[Record]]],
) -> None:
    rules, known, articles = five
    index = Index(rules, known)
    for article in articles:
        index.add(article, articles[article])
    assert index.accusers("transfer/uav-ir-ru") == {"actor/us"}
    assert index.accusers("place/moscow") == frozenset()
