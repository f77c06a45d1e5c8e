from decimal import Decimal

import pytest

from kg import vocab
from kg.claims import Claim, claims
from kg.corpus import read_corpus
from kg.errors import InputError
from kg.mapping import ArticleMapping
from kg.resources import folder
from kg.source import yaml_document
from kg.terms import XSD, Quad, literal
from kg.values import Quantity, term
from kg.views import View, read_views, view_quads, views, views_described
from kg.vocab import cas, graph, thing
from tests.bad import Bad, named, told
from tests.conftest import VIEWS, Small

ANY = View("any", "Anybody", "All that anybody affirms.", "affirmed", "")
RURITANIA = View("ruritania", "R", "What Ruritania affirms.", "affirmed", "actor/ruritania")
DENIALS = View("denials", "Denials", "What anybody denies.", "denied", "")
HUNDREDS = Quantity(Decimal(200), Decimal(999), "hundreds", "hundreds")


@pytest.fixture
def mapping(small: Small) -> ArticleMapping:
    return small.anchored().read()


def plain(mapping: ArticleMapping, *policies: View) -> set[tuple[str, str, str]]:
    """The plain triples of the views: thing, key, value."""
    quads = [*view_quads([*claims(mapping)], policies, mapping)]
    assert len(set(quads)) == len(quads)
    assert {quad.graph for quad in quads} <= {view.graph for view in policies}
    keys = {cas(key): key for key in ("supplier", "item", "quantity", "status", "origin", "to")}
    return {(q.subject, keys[q.predicate], q.object) for q in quads if q.predicate in keys}


def test_the_views_are_what_the_file_says(small: Small) -> None:
    found = read_views(small.seeds / "views.yaml", small.corpus().vocabulary.entities)
    assert found == (ANY, RURITANIA._replace(label="Ruritania"))
    assert found[0].graph == graph("view/any")


def test_a_view_of_anybody_holds_what_anybody_affirms(mapping: ArticleMapping) -> None:
    kites = thing("transfer/kites")
    found = plain(mapping, ANY)
    assert (kites, "supplier", thing("actor/ruritania")) in found
    assert (kites, "quantity", term(HUNDREDS)) in found
    assert (kites, "status", thing("status/in-progress")) in found


def test_a_denial_stands_in_the_views_of_denials_only(mapping: ArticleMapping) -> None:
    denied = (thing("use/kites"), "status", thing("status/used"))
    assert denied not in plain(mapping, ANY)
    assert plain(mapping, DENIALS) == {denied}


def test_a_view_of_one_principal_holds_what_is_said_on_its_behalf(mapping: ArticleMapping) -> None:
    found = plain(mapping, RURITANIA)
    assert (thing("transfer/kites"), "item", thing("system/kite")) in found
    # the headline says so in the outlet's own words
    assert (thing("transfer/kites"), "status", thing("status/in-progress")) not in found


def test_what_the_editor_infers_stands_in_no_view(mapping: ArticleMapping) -> None:
    inferred = [claim for claim in claims(mapping) if claim.form == "inference"]
    assert [claim.key for claim in inferred] == ["origin"]
    assert not any(key == "origin" for _, key, _ in plain(mapping, ANY, RURITANIA, DENIALS))


def test_a_triple_said_twice_stands_once_in_a_view(small: Small) -> None:
    small.change("item: system/kite", "item: {ref: system/kite, written: kites}")
    small.change("status: in-progress,", "item: system/kite, status: in-progress,")
    mapping = small.anchored().read()
    assert sum(claim.key == "item" for claim in claims(mapping)) == 2
    assert (thing("transfer/kites"), "item", thing("system/kite")) in plain(mapping, ANY)


def test_what_a_view_mentions_is_typed_named_and_described(mapping: ArticleMapping) -> None:
    quads = set(view_quads([*claims(mapping)], [ANY], mapping))
    where = ANY.graph
    assert quads >= {
        Quad(thing("transfer/kites"), vocab.TYPE, cas("Transfer"), where),
        Quad(thing("place/freedon"), vocab.TYPE, cas("AirBase"), where),
        Quad(thing("place/freedon"), vocab.LABEL, literal("Freedon", language="en"), where),
        Quad(term(HUNDREDS), cas("minimum"), literal("200", XSD + "decimal"), where),
    }
    # concepts are the ontology's: it names them
    assert not any(quad.subject == thing("status/in-progress") for quad in quads)


def test_the_article_itself_is_typed_where_something_is_said_of_it(small: Small) -> None:
    small.change("use/kites: {status: used}", "article/kites: {dateline: place/strelsau}")
    small.change("polarity: denied", "polarity: affirmed")
    mapping = small.anchored().read()
    quads = [*view_quads([*claims(mapping)], [ANY], mapping)]
    assert Quad(thing("article/kites"), vocab.TYPE, cas("Article"), ANY.graph) in quads


def test_a_view_holds_a_claim_by_its_polarity_principal_and_form(mapping: ArticleMapping) -> None:
    claim: Claim = next(claims(mapping))
    assert ANY.holds(claim)
    assert not ANY.holds(claim._replace(form="inference"))
    assert not DENIALS.holds(claim)
    assert not RURITANIA.holds(claim)
    assert RURITANIA.holds(claim._replace(principal="actor/ruritania"))


def test_a_view_is_described_with_its_policy_in_words() -> None:
    where = graph("reference")
    assert [*views_described([RURITANIA], where)] == [
        Quad(RURITANIA.graph, vocab.TYPE, cas("View"), where),
        Quad(RURITANIA.graph, vocab.LABEL, literal("R", language="en"), where),
        Quad(
            RURITANIA.graph,
            vocab.DESCRIPTION,
            literal("What Ruritania affirms.", language="en"),
            where,
        ),
        Quad(
            RURITANIA.graph,
            cas("policy"),
            literal("polarity affirmed, principal actor/ruritania"),
            where,
        ),
    ]
    assert [q.object for q in views_described([DENIALS], where)][-1] == '"polarity denied"'


# fmt: off -- a case is a row or two
BAD = (
    Bad("name", "any:", "any body:", "any body", "any body", "is not letters, digits, _ and -"),
    Bad("no-label", "label: Anybody, ", "", "any:", "any", "needs a label and a description"),
    Bad(
        "no-map",
        "{label: Anybody, description: All that anybody affirms.}",
        "all",
        "any:",
        "any",
        "needs a label and a description",
        "write {label: …",
    ),
    Bad(
        "field",
        "principal: actor",
        "principle: actor",
        "principle",
        "ruritania.principle",
        "is no field of a view",
        "known: principal",
    ),
    Bad("list", "label: Anybody", "label: [Anybody]", "any:", "any.label", "is no text"),
    Bad(
        "polarity",
        "label: Anybody,",
        "label: Anybody, polarity: denyed,",
        "any:",
        "any.polarity",
        "no polarity denyed",
        "known: denied",
    ),
    Bad(
        "principal",
        "actor/ruritania",
        "actor/ruritanja",
        "ruritanja",
        "ruritania.principal",
        "no actor actor/ruritanja",
        "did you mean actor/ruritania?",
    ),
    Bad(
        "principal-of-nobody",
        "actor/ruritania",
        "qqq",
        "qqq",
        "ruritania.principal",
        "no actor qqq",
    ),
)
# fmt: on


@named(*BAD)
def test_a_view_that_cannot_be_read_is_told(small: Small, bad: Bad) -> None:
    text = bad.spoil(VIEWS)
    known = small.corpus().vocabulary.entities
    told(bad, text, "x.yaml", lambda: views(yaml_document(text, "x.yaml"), known))


def test_views_are_a_map(small: Small) -> None:
    with pytest.raises(InputError, match=r"x\.yaml:1: holds no views \(write name"):
        views(yaml_document("- any", "x.yaml"), small.corpus().vocabulary.entities)


def test_every_shipped_view_is_of_anybody_or_of_an_actor() -> None:
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    schema, known = corpus.vocabulary.schema, corpus.vocabulary.entities
    principals = [view.principal for view in corpus.views if view.principal]
    assert len(corpus.views) > len(principals) >= 3
    assert all(schema.is_a(known[name].type, "Actor") for name in principals)
