"""A thing as a graph of its own: whole, in claims, in one order, bounded, and told to be so."""

import re
from collections.abc import Callable, Iterable

import pytest

from kg import facts as own_facts
from kg.described import CLAIMS, OWN, POINTING, Description, description
from kg.errors import UnknownNameError
from kg.facts import FACTS, facts, is_known, links_to
from kg.formats import GRAPH_FORMATS, Format, named
from kg.statements import (
    COUNTED,
    FIRST,
    SEEN,
    claims_about,
    claims_naming,
    claims_of,
    leading,
    linked,
    query,
    statements_of,
)
from kg.store import Iri, Literal, OxigraphStore, Store
from kg.vocab import BASE, CAS, ID
from tests.hub import LABEL, article, claimed, hub, line, ontology
from tests.hub import named as thing_named

PLANT = f"{ID}project/alabuga-uav-plant"
ALABUGA = f"{ID}place/alabuga-sez"

Over = Callable[[Iterable[str]], Store]


@pytest.fixture
def over() -> Over:
    """Makes a store over lines of N-Quads."""

    def make(lines: Iterable[str]) -> Store:
        return OxigraphStore.memory(f"{text}\n".encode() for text in lines)

    return make


@pytest.fixture(scope="module")
def busy() -> Store:
    """A store in which one claim more is made of a thing than is counted."""
    return OxigraphStore.memory(f"{text}\n".encode() for text in hub(COUNTED + 1))


def term_of(name: str) -> str:
    return f"<{ID}{name}>"


def turtle(found: Description) -> str:
    return found.answer().serialize(named("turtle"), prefixes=found.prefixes()).decode()


# -- descriptions


def test_who_says_what_how_sure_in_which_words_can_be_read(graph: Store) -> None:
    text = turtle(description(graph, ALABUGA))
    assert text.index("place:alabuga-sez a cas:EconomicZone") < text.index("a cas:Claim")
    assert "cas:speaker outlet:associated-press" in text
    assert "cas:certainty certainty:asserted" in text
    assert 'cas:quotation "about 100 miles … Moscow"' in text
    assert 'outlet:associated-press rdfs:label "Associated Press"@en' in text
    assert "geo:asWKT" in text
    assert 'cas:wording "about 100 miles"' in text
    assert "c:distanceFrom claim:001_a88cb8e569f39015" in text


def test_what_views_conclude_is_left_out(graph: Store) -> None:
    plain = {Iri(CAS + "supplier"), Iri(CAS + "recipient"), Iri(CAS + "status")}
    drones = f"{ID}transfer/uav-ir-ru"
    assert graph.ask("ASK { ?s <https://w3id.org/caspian/ontology#supplier> ?o }", s=Iri(drones))
    for iri in (drones, f"{ID}actor/iran"):
        assert not plain & {predicate for _, predicate, _ in description(graph, iri).triples}


def test_each_triple_comes_once_and_in_one_order(graph: Store) -> None:
    found = description(graph, PLANT)
    assert len(set(found.triples)) == len(found.triples)
    assert found == description(graph, PLANT)
    subjects = list(dict.fromkeys(subject for subject, _, _ in found.triples))
    assert subjects[0] == Iri(PLANT)
    assert subjects[1:] == sorted(subjects[1:])


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_every_format_can_hold_it(graph: Store, form: Format) -> None:
    found = description(graph, ALABUGA)
    assert len(found.answer().serialize(form, prefixes=found.prefixes())) > 1000


def test_a_relation_describes_the_claims_it_compares(graph: Store) -> None:
    rows = graph.select(
        "SELECT ?r { ?r <https://w3id.org/caspian/ontology#firstClaim> ?c } ORDER BY ?r LIMIT 1"
    ).rows
    text = turtle(description(graph, str(rows[0][0])))
    assert text.count("a cas:Claim ;") == 2
    assert text.count("cas:quotation") >= 1


def test_a_claim_describes_its_passage_and_its_value(graph: Store) -> None:
    claim = f"{ID}claim/001_a88cb8e569f39015/031b4bbe8e"
    text = turtle(description(graph, claim))
    assert text.index("031b4bbe8e a cas:Claim") < text.index("a cas:Passage")
    assert "a cas:DistanceValue" in text
    assert "oa:start 1184" in text


def test_a_property_describes_itself(graph: Store) -> None:
    text = turtle(description(graph, f"{BASE}claim/supplier"))
    assert "c:supplier a owl:ObjectProperty" in text
    assert "cas:supplier rdfs:label" in text


def test_claims_that_lead_to_a_thing_say_what_they_are_about(over: Over) -> None:
    nameless = claimed(7, "transfer/nameless", "actor/ruritania", "actor/x")
    text = turtle(description(over([*hub(1), *nameless]), f"{ID}actor/ruritania"))
    assert "cas:about transfer:kites" in text
    assert 'transfer:kites rdfs:label "Kites"' in text
    assert "cas:about transfer:nameless" in text
    assert "transfer:nameless rdfs:label" not in text


def test_prefixes_are_those_that_are_used(graph: Store) -> None:
    prefixes = description(graph, f"{ID}certainty/possible").prefixes()
    assert prefixes["certainty"] == f"{ID}certainty/"
    assert {"id", "sh", "org"}.isdisjoint(prefixes)


def test_an_id_of_no_kind_keeps_the_common_prefix(over: Over) -> None:
    found = description(over([line("Odd_kind/x", LABEL, '"odd"')]), f"{ID}Odd_kind/x")
    assert found.prefixes() == {"id": ID, "rdfs": LABEL.strip("<>").removesuffix("label")}


def test_what_stands_only_as_a_predicate_is_described_by_nothing(over: Over) -> None:
    store = over([line("a/x", term_of("odd/p"), "a/y")])
    assert description(store, f"{ID}odd/p").triples == ()
    assert facts(store, f"{ID}odd/p").own == ()


def test_too_many_claims_are_told_to_be_left_out(busy: Store) -> None:
    found = description(busy, f"{ID}transfer/kites")
    told = [triple for triple in found.triples if triple[1] == Iri(CAS + "about")]
    assert len(told) == CLAIMS
    assert f"tells only {CLAIMS} of more than 1,000 claims made of it" in found.left_out
    *_, about, comment = found.triples
    assert about[0] == comment[0] == Iri(f"{ID}transfer/kites#description")
    assert about[2] == Iri(f"{ID}transfer/kites")
    assert comment[2] == Literal(
        found.left_out, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "en"
    )


def test_too_many_of_its_own_and_of_what_leads_to_it_are_left_out(over: Over) -> None:
    hub_iri = f"{ID}place/hub"
    own = [line("place/hub", LABEL, f'"name {number:04}"') for number in range(OWN + 1)]
    ways = [line(f"place/p{n:04}", term_of("way"), "place/hub") for n in range(POINTING + 1)]
    found = description(over([*own, *ways]), hub_iri)
    assert f"its first {OWN:,} statements" in found.left_out
    assert f"{POINTING} of the statements that lead to it" in found.left_out
    assert sum(triple[0] == Iri(hub_iri) for triple in found.triples) == OWN
    assert sum(triple[2] == Iri(hub_iri) for triple in found.triples) == POINTING + 1


def test_few_claims_of_many_are_counted_exactly(over: Over) -> None:
    found = description(over(hub(CLAIMS + 1)), f"{ID}transfer/kites")
    assert found.left_out == (
        "This tells only 200 of 201 claims made of it; a query to /sparql tells all."
    )


@pytest.mark.parametrize(
    "iri", [f"{ID}place/nowhere", f"{ID}a b", f"{ID}%zz", f"{ID}<x>", "no iri", ""]
)
def test_what_stands_nowhere_is_unknown(graph: Store, iri: str) -> None:
    assert not is_known(graph, iri)


def test_the_unknown_cannot_be_described(graph: Store) -> None:
    for ask in (description, facts):
        with pytest.raises(UnknownNameError, match="place/nowhere"):
            ask(graph, f"{ID}place/nowhere")


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("claims_with", (SEEN, FIRST + 1)),
        ("facts", (FACTS + 1,)),
        ("pointing", (SEEN, own_facts.POINTING + 1)),
        ("described", (OWN + 1,)),
        ("described_claims", (SEEN, CLAIMS)),
        ("described_values", (SEEN, CLAIMS)),
        ("described_pointing", (SEEN, POINTING + 1)),
        ("claims_about", (COUNTED + 1,)),
        ("claims_naming", (COUNTED + 1,)),
        ("leading", (SEEN + 1,)),
    ],
)
def test_the_queries_have_the_limits_that_are_told(name: str, limits: tuple[int, ...]) -> None:
    assert tuple(map(int, re.findall(r"LIMIT (\d+)", query(name)))) == limits


# -- facts


def test_facts_say_what_a_thing_is_called_and_is(graph: Store) -> None:
    found = facts(graph, ALABUGA)
    assert (found.name, found.kind, found.more) == (
        "Alabuga Special Economic Zone",
        "economic zone",
        False,
    )
    within = next(fact for fact in found.own if fact.label == "within")
    assert (within.name, str(within.other)) == ("Russia", f"{ID}place/russia")
    assert not {"distance from", "located in"} & {fact.label for fact in found.own}


@pytest.mark.parametrize(
    ("name", "called", "kind"),
    [
        ("passage/001_a88cb8e569f39015/1802-1819", "looking to refill", "passage"),
        ("passage/001_a88cb8e569f39015/1802-1819/position", "", "text position selector"),
        ("certainty/possible", "possible", "degree of certainty"),
        ("identity/sisha", "Sisha", "identity judgement"),
        ("claim/001_a88cb8e569f39015/e01647c566", "", "claim"),
    ],
)
def test_what_has_no_label_goes_by_its_words(
    graph: Store, name: str, called: str, kind: str
) -> None:
    found = facts(graph, ID + name)
    assert (found.name, found.kind) == (called, kind)


def test_what_leads_to_a_thing_is_told_but_no_claim(graph: Store) -> None:
    found = facts(graph, f"{ID}actor/iran")
    leads = {(fact.label, fact.name) for fact in found.pointing}
    assert ("speaks for", "Iranian officials") in leads
    assert not any(str(fact.other).startswith(f"{ID}claim/") for fact in found.pointing)


def test_there_is_more_than_is_read(over: Over) -> None:
    own = [line("place/hub", LABEL, f'"name {number:04}"') for number in range(FACTS + 1)]
    assert facts(over(own), f"{ID}place/hub").more
    few = [line(f"place/p{n:04}", term_of("way"), "place/hub") for n in range(201)]
    assert facts(over(few), f"{ID}place/hub").more
    claims = [line(f"claim/c{n:04}", "cas:speaker", "actor/x") for n in range(SEEN + 1)]
    kinds = [text for n in range(SEEN + 1) for text in thing_named(f"claim/c{n:04}", "Claim", "c")]
    store = over([*claims, *kinds])
    assert leading(store, f"{ID}actor/x") == SEEN + 1
    assert facts(store, f"{ID}actor/x").more


def test_a_property_no_ontology_tells_of_is_put_in_words(over: Over) -> None:
    strange = line("a/x", "<urn:strange>", '"y"')
    slash = line("a/x", "<http://example.org/>", '"z"')
    labels = [fact.label for fact in facts(over([strange, slash]), f"{ID}a/x").own]
    assert labels == ["http://example.org/", "urn:strange"]


def test_links_are_those_by_which_claims_lead_there(graph: Store) -> None:
    assert links_to(graph, f"{ID}person/john-kirby")[-1] == f"{CAS}speaker"
    assert links_to(graph, f"{ID}passage/001_a88cb8e569f39015/1802-1819") == (f"{CAS}evidence",)
    assert links_to(graph, f"{ID}source/geonames") == ()


# -- statements by what they lead to


def test_claims_that_lead_to_a_passage_are_those_that_rest_on_it(graph: Store) -> None:
    found, more = linked(graph, f"{CAS}evidence", f"{ID}passage/001_a88cb8e569f39015/1802-1819")
    assert {each.quotation for each in found} == {"looking to refill"}
    assert {each.key for each in found} == {"initiator", "item", "recipient", "status"}
    assert not more


def test_the_first_claims_are_read_and_that_there_are_more(busy: Store) -> None:
    found, more = linked(busy, f"{CAS}speaker", f"{ID}actor/ruritania")
    assert {each.claim for each in found} == {f"claim/a/{number:05}" for number in range(FIRST)}
    assert len(found) == FIRST
    assert more


def test_claims_are_counted_so_far(busy: Store, over: Over) -> None:
    kites = f"{ID}transfer/kites"
    assert claims_about(busy, kites) == claims_naming(busy, kites) == COUNTED + 1
    few = over(hub(3))
    assert claims_about(few, kites) == 3
    assert claims_about(few, f"{ID}actor/ruritania") == 0
    assert claims_naming(few, f"{ID}actor/ruritania") == 3


def test_a_claim_is_its_own_and_a_relation_is_of_two(graph: Store) -> None:
    claim = "claim/001_a88cb8e569f39015/031b4bbe8e"
    assert claims_of(graph, ID + claim) == tuple(statements_of(graph, [claim]).values())
    rows = graph.select(
        "SELECT ?r { ?r <https://w3id.org/caspian/ontology#firstClaim> ?c } ORDER BY ?r LIMIT 1"
    ).rows
    assert len(claims_of(graph, str(rows[0][0]))) == 2
    assert claims_of(graph, ALABUGA) == ()


def test_a_profile_without_claims_asks_for_no_conflicts(over: Over) -> None:
    from kg.profile import profile

    store = over([*ontology(), *article(), *thing_named("actor/x", "State", "X")])
    found = profile(store, "actor/x")
    assert (found.said, found.mentions, found.conflicts) == ((), (), ())
    store = over([*hub(1), *claimed(7, "transfer/kites", "actor/x", "actor/ruritania")])
    assert len(profile(store, "actor/ruritania").mentions) == 1
