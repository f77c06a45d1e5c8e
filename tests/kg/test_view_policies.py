"""The shipped views over the five articles: each holds what its policy says, and can be traced."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.claims import Claim, claims
from kg.corpus import Corpus, article_quads, mapping_files, mappings, read_corpus
from kg.errors import UnknownNameError
from kg.mapping import ArticleMapping
from kg.resolve import known_view
from kg.resources import folder
from kg.source import yaml_document
from kg.store import Iri, Store
from kg.terms import Quad
from kg.traces import traced
from kg.values import Date, Ref, term
from kg.views import Agreement, View, origin_of, view_quads, views
from kg.vocab import GRAPH, cas, thing
from tests.bad import Bad, named, told
from tests.conftest import VIEWS, Small

DOCS = Path(__file__).parents[2] / "docs" / "views.md"
TWO = View("two", "Two", "What two origins say.", origins=2)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(folder("seeds"), folder("ontology"))


@pytest.fixture(scope="module")
def articles(corpus: Corpus) -> tuple[ArticleMapping, ...]:
    return tuple(mappings(corpus, mapping_files(folder("seeds"))))


def view_of(corpus: Corpus, name: str) -> View:
    (found,) = (view for view in corpus.views if view.name == name)
    return found


def held(store: Store, view: View) -> set[tuple[str, str, str]]:
    """The plain triples of the view in the store: thing, property, value."""
    query = """
        PREFIX cas: <https://w3id.org/caspian/ontology#>
        SELECT ?thing ?property ?value WHERE {
          GRAPH ?view { ?thing ?property ?value }
          ?property a cas:ClaimProperty .
        }"""
    rows = store.select(query, view=Iri(view.graph.strip("<>"))).rows
    return {(f"<{a}>", f"<{b}>", str(c)) for a, b, c in rows}


def expected(view: View, articles: tuple[ArticleMapping, ...]) -> set[tuple[str, str, str]]:
    """The same, worked out from the claims of all articles at once."""
    origins: dict[tuple[str, str, str], set[str]] = {}
    for mapping in articles:
        date = mapping.published.date
        late = bool(view.as_of) and not (date.latest and date.latest <= view.as_of)
        for claim in claims(mapping):
            if not late and fits(view, claim):
                triple = (thing(claim.thing), cas(claim.key), plain(term(claim.value)))
                origins.setdefault(triple, set()).add(claim.principal)
    return {triple for triple, found in origins.items() if len(found) >= view.origins}


def fits(view: View, claim: Claim) -> bool:
    wanted = {"polarity": view.polarity, "principal": view.principal or claim.principal}
    sure = not view.certainties or claim.certainty in view.certainties
    found = {key: getattr(claim, key) for key in wanted}
    return found == wanted and sure and claim.form != "inference"


def plain(value: str) -> str:
    """A term as a store gives it: an IRI or a literal's characters."""
    return re.sub(r'^[<"]|[>"]$', "", value.partition('"^^')[0])


@pytest.mark.parametrize(
    "name", ["any", "us", "iran", "russia", "asserted", "two-origins", "known-2022"]
)
def test_a_view_holds_what_its_policy_says_and_nothing_else(
    name: str, corpus: Corpus, articles: tuple[ArticleMapping, ...], graph: Store
) -> None:
    view = view_of(corpus, name)
    found = held(graph, view)
    assert found == expected(view, articles)
    assert bool(found) is (name != "russia")


def test_every_shipped_view_is_tested_here(corpus: Corpus) -> None:
    assert {view.name for view in corpus.views} == {
        *("any", "us", "iran", "russia", "asserted", "two-origins", "known-2022"),
    }


def test_two_origins_agree_that_iran_supplied_drones_to_russia(graph: Store) -> None:
    kept = {(each.key, each.value) for each in traced(graph, "transfer/uav-ir-ru", "two-origins")}
    assert {("supplier", "actor/iran"), ("recipient", "actor/russia")} <= kept
    assert ("status", "status/delivered") in kept
    # three articles tell of the route, and all have it from the White House
    assert traced(graph, "leg/amirabad-makhachkala", "two-origins") == ()
    assert traced(graph, "leg/amirabad-makhachkala", "us") != ()


def test_two_origins_are_two_by_the_graphs_own_count(corpus: Corpus, graph: Store) -> None:
    counted = """
        PREFIX cas: <https://w3id.org/caspian/ontology#>
        SELECT ?thing ?key ?value (COUNT(DISTINCT ?origin) AS ?origins) WHERE {
          GRAPH ?view { ?thing ?property ?value }
          ?property cas:key ?key ; cas:claimProperty ?toClaim ; cas:valueProperty ?toValue .
          ?thing ?toClaim ?claim . ?claim ?toValue ?value ; cas:hasOrigin ?origin ;
            cas:form ?form ; cas:polarity <https://w3id.org/caspian/id/polarity/affirmed> .
          FILTER (?form != <https://w3id.org/caspian/id/form/inference>)
        } GROUP BY ?thing ?key ?value"""
    for name, least in (("two-origins", 2), ("any", 1)):
        view = view_of(corpus, name)
        rows = graph.select(counted, view=Iri(view.graph.strip("<>"))).rows
        found = [int(str(row[-1])) for row in rows]
        assert min(found) == least
        agreed_there = sum(number >= 2 for number in found)
        assert agreed_there == len(held(graph, view_of(corpus, "two-origins"))) >= 30


def test_what_was_known_in_2022_comes_from_the_one_article_of_that_year(graph: Store) -> None:
    planned = traced(graph, "cooperation/uav-production-in-russia", "known-2022")
    assert ("activity", "joint production line") in {(each.key, each.value) for each in planned}
    assert traced(graph, "project/alabuga-uav-plant", "known-2022") == ()


def test_every_plain_triple_leads_back_to_claims_its_policy_holds(
    corpus: Corpus, articles: tuple[ArticleMapping, ...], graph: Store
) -> None:
    made = {claim.id: (claim, mapping) for mapping in articles for claim in claims(mapping)}
    seen = 0
    for view in corpus.views:
        things = {subject for subject, _, _ in held(graph, view)}
        for name in sorted(things):
            for each in traced(graph, name.removeprefix(thing("")[:-1]).rstrip(">"), view.name):
                found = [made[claim] for claim in each.claims]
                heard = [c for c, m in found if view.holds(c) and view.reads(m.published.date)]
                assert len({origin_of(claim) for claim in heard}) >= view.origins
                assert {c.key for c, _ in found} == {each.key}
                seen += 1
    assert seen >= 900


def test_the_views_of_a_graph_are_known_by_name(graph: Store) -> None:
    assert known_view(graph, "two-origins") == "two-origins"
    with pytest.raises(UnknownNameError, match="two-origins"):
        known_view(graph, "two-origin")
    with pytest.raises(UnknownNameError, match="known-2022"):
        known_view(graph, "zzz")


def test_each_policy_stands_in_the_graph_in_words(corpus: Corpus, graph: Store) -> None:
    query = (
        "SELECT ?view ?policy WHERE { ?view <https://w3id.org/caspian/ontology#policy> ?policy }"
    )
    told_there = {
        str(view).removeprefix(f"{GRAPH}view/"): str(policy)
        for view, policy in graph.select(query).rows
    }
    assert told_there == {view.name: view.policy for view in corpus.views}
    assert told_there["known-2022"] == "polarity affirmed, published by 2022-12-31"
    assert told_there["two-origins"] == "polarity affirmed, at least 2 origins"
    assert told_there["asserted"] == "polarity affirmed, certainty asserted"


def test_the_page_on_views_has_a_row_for_each_with_its_policy(corpus: Corpus) -> None:
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    assert [row for row in rows if row[0] in {view.name for view in corpus.views}] == [
        (view.name, view.label, view.policy) for view in corpus.views
    ]


# -- agreement


def agreed(agreement: Agreement, *said: tuple[Claim, ArticleMapping]) -> list[set[str]]:
    """What each claim in turn adds: the properties of the triples."""
    return [
        {quad.predicate for quad in agreement.quads([claim], mapping) if _is_plain(quad)}
        for claim, mapping in said
    ]


def _is_plain(quad: Quad) -> bool:
    return quad.predicate in {cas("supplier"), cas("status")}


@pytest.fixture
def kites(small: Small) -> ArticleMapping:
    return small.anchored().read()


def supplier(mapping: ArticleMapping) -> Claim:
    return next(claim for claim in claims(mapping) if claim.key == "supplier")


def test_the_claim_that_brings_the_second_origin_writes_the_triple(kites: ArticleMapping) -> None:
    first = supplier(kites)
    other = first._replace(principal="actor/freedonia")
    third = first._replace(principal="outlet/herald")
    said = [(claim, kites) for claim in (first, first, other, other, third)]
    assert agreed(Agreement(TWO), *said) == [set(), set(), {cas("supplier")}, set(), set()]


def test_the_order_of_the_articles_does_not_matter(articles: tuple[ArticleMapping, ...]) -> None:
    def gathered(order: Iterator[ArticleMapping]) -> set[Quad]:
        agreement = Agreement(TWO)
        return {quad for mapping in order for quad in agreement.quads(claims(mapping), mapping)}

    assert gathered(iter(articles)) == gathered(reversed(articles)) != set()


def test_origins_may_be_told_apart_in_another_way(kites: ArticleMapping) -> None:
    claim = supplier(kites)
    by_article = Agreement(TWO, origin=lambda claim: claim.id)
    said = [(claim, kites), (claim._replace(id="claim/other/1"), kites)]
    assert agreed(by_article, *said) == [set(), {cas("supplier")}]


def test_a_denial_agrees_with_no_affirmation(kites: ArticleMapping) -> None:
    claim = supplier(kites)
    denied = claim._replace(principal="actor/freedonia", polarity="denied")
    assert agreed(Agreement(TWO), (claim, kites), (denied, kites)) == [set(), set()]


def test_a_view_of_two_origins_is_not_written_article_by_article(kites: ArticleMapping) -> None:
    assert [*view_quads([*claims(kites)], [TWO], kites)] == []


def test_what_is_agreed_streams_with_the_articles(small: Small) -> None:
    policy = 'two: {label: Two, description: Two agree., origins: "2"}\n'
    (small.seeds / "views.yaml").write_text(VIEWS + policy, "utf-8")
    corpus = small.anchored().corpus()
    quads = [*article_quads(corpus, mappings(corpus, mapping_files(small.seeds)))]
    (plain_one,) = (q for q in quads if q.graph == corpus.views[-1].graph and _is_plain(q))
    assert plain_one.object == thing("actor/ruritania")


# -- reading


@pytest.mark.parametrize(
    ("latest", "read"),
    [("2022-12-31", True), ("2022-07-19", True), ("2023-01-01", False), ("", False)],
)
def test_an_article_that_may_be_too_late_is_not_read(latest: str, *, read: bool) -> None:
    view = View("then", "Then", "What was known then.", as_of="2022-12-31")
    assert view.reads(Date("2022", "2022-01-01", latest)) is read
    assert View("now", "Now", "All.").reads(Date("2022", "2022-01-01", latest))


def test_a_certainty_is_one_or_several(small: Small) -> None:
    text = VIEWS + "sure: {label: S, description: D., certainty: [asserted, probable]}\n"
    known = small.corpus().vocabulary.entities
    found = views(yaml_document(text, "x.yaml"), known)[-1]
    assert found.certainties == ("asserted", "probable")
    assert found.policy == "polarity affirmed, certainty asserted or probable"


def row(extra: str) -> str:
    return f"description: All that anybody affirms., {extra}}}"


BEFORE = row("")[: -len(", }")] + "}"
BAD = (
    Bad(
        "certainty",
        BEFORE,
        row("certainty: sure"),
        "any:",
        "any.certainty",
        "no certainty sure",
        "known:",
    ),
    Bad("day", BEFORE, row("asOf: the end"), "any:", "any.asOf", "is no day", "2022-12-31"),
    Bad("day-list", BEFORE, row("asOf: [x]"), "any:", "any.asOf", "is no day"),
    Bad("one", BEFORE, row('origins: "1"'), "any:", "any.origins", "no number of origins", "2"),
    Bad("many", BEFORE, row("origins: many"), "any:", "any.origins", "no number of origins"),
    Bad(
        "principal-and-origins",
        "principal: actor/ruritania",
        'principal: actor/ruritania, origins: "2"',
        "actor/ruritania",
        "ruritania.origins",
        "stands beside a principal",
        "leave out either",
    ),
)


@named(*BAD)
def test_a_policy_that_cannot_be_read_is_told(small: Small, bad: Bad) -> None:
    text = bad.spoil(VIEWS)
    known = small.corpus().vocabulary.entities
    told(bad, text, "x.yaml", lambda: views(yaml_document(text, "x.yaml"), known))


def test_a_value_is_the_same_whatever_it_is_written_as() -> None:
    claim_values = {term(Ref("place/seshcha", "Sisha")), term(Ref("place/seshcha"))}
    assert len(claim_values) == 1
