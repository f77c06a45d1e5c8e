"""What is said of a thing, read back: statements, profiles, conflicts, origins, timelines."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.cli import main
from kg.cli.words import shared, when
from kg.conflicts import ALL, CONFLICTING, conflicts, kinds
from kg.errors import UnknownNameError
from kg.named import named
from kg.profile import profile
from kg.snapshot import open_snapshot
from kg.standing import origins, origins_of
from kg.statements import mentioning, statements, statements_of
from kg.store import OxigraphStore, Store
from kg.timeline import timeline
from tests.told import DENIED, FAR, write_told

PLANT = "project/alabuga-uav-plant"
PRODUCTION = "cooperation/uav-production-in-russia"
DRONES = "transfer/uav-ir-ru"
MATERIALS = "transfer/plant-materials-ir-ru"
USE = "use/iranian-uav-ukraine"

Run = Callable[..., str]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("told")
    write_told(place)
    return place


@pytest.fixture(scope="module")
def told(root: Path) -> Iterator[Store]:
    _, store = open_snapshot(root)
    yield store
    store.close()


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a verb over the graph and gives what it prints, held to 100 columns."""

    def ran(*arguments: str) -> str:
        assert main([*arguments, "--data", str(root)]) == 0
        text = capsys.readouterr().out
        if "--json" not in arguments:
            assert max(map(len, text.splitlines())) <= 100
        return text

    return ran


# -- statements


def test_a_statement_tells_who_says_what_when_and_how_sure(told: Store) -> None:
    (said,) = (
        each
        for each in statements(told, PLANT)
        if each.key == "fullyOperational"
        and each.article.startswith("000")
        and each.form != "headline"
    )
    assert said.value_label == said.wording == "early next year"
    assert (said.certainty, said.hedge_cue, said.polarity) == ("possible", "could", "affirmed")
    assert said.chain == "John Kirby > Reuters > European Pravda > Ukrainska Pravda"
    assert (said.said, said.dated_by) == ("2023-06-09", "utterance")
    assert (said.origin, said.origin_label) == ("origin/us", "The United States’ word")
    assert not said.inferred


def test_what_has_no_date_of_its_own_is_dated_by_its_article(told: Store) -> None:
    (far,) = (each for each in statements(told, PLANT) if each.value_label == "about 1,100 km")
    assert (far.dated_by, far.said) == ("publication", "2023-06-09/2023-06~")
    assert far.said_from == "2023-06-09"
    assert far.said_to > "2023-06-30"[:7]


def test_where_no_origin_is_known_the_principal_stands_for_it(told: Store) -> None:
    (post,) = (each for each in statements(told, MATERIALS) if each.value == "status/agreed")
    assert (post.origin, post.origin_label) == (post.principal, "Washington Post")


def test_claims_can_be_read_by_their_value_and_by_their_id(told: Store) -> None:
    named_in = mentioning(told, "place/seshcha")
    assert {each.key for each in named_in} == {"to", "destination"}
    assert {each.wording for each in named_in} == {"Sisha"}
    assert statements_of(told, [named_in[0].claim]) == {named_in[0].claim: named_in[0]}
    assert statements(told, "place/nowhere") == ()


def test_a_value_is_told_in_words(told: Store) -> None:
    found = {
        (each.key, each.value_label)
        for name in (PLANT, DRONES, "leg/amirabad-makhachkala", "place/alabuga-sez")
        for each in statements(told, name)
    }
    assert {
        ("distanceFrom", "about 100 miles"),
        ("quantity", "hundreds"),
        ("order", "1"),
        ("mode", "not stated"),
        ("supplier", "Iran"),
    } <= found


VALUES = """
cas:quantity a cas:ClaimProperty ; cas:valueProperty v:quantity ; cas:key "quantity" .
<article/a> schema:publisher <outlet/o> ; cas:publicationDate <value/date/d> .
<value/date/d> cas:edtf "../2022" ; cas:latest "2022-12-31"^^xsd:date .
<outlet/o> rdfs:label "O" .
<passage/p> cas:quotation "words" ; oa:hasSelector <passage/p/position> .
<passage/p/position> oa:start 0 ; oa:end 5 .
"""


def bare(value: str) -> Store:
    """One claim of an article that says little, with this value."""
    head = "".join(
        f"PREFIX {name}: <{space}>\n"
        for name, space in {
            "cas": "https://w3id.org/caspian/ontology#",
            "v": "https://w3id.org/caspian/value/",
            "oa": "http://www.w3.org/ns/oa#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "schema": "https://schema.org/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        }.items()
    )
    claim = """
    <claim/a/1> cas:about <transfer/x> ; v:quantity <value/1> ; cas:evidence <passage/p> ;
      cas:inArticle <article/a> ; cas:speaker <outlet/o> ; cas:principal <outlet/o> ;
      cas:form <form/narrator> ; cas:certainty <certainty/asserted> ;
      cas:polarity <polarity/affirmed> ; cas:utterance <utterance/u> .
    """
    return OxigraphStore.memory(lines_of(f"{head}{VALUES}{claim}{value}"))


def lines_of(turtle: str) -> list[bytes]:
    """The triples of this Turtle, relative to the ids of things, as lines of N-Quads."""
    import pyoxigraph as ox

    text = f"BASE <https://w3id.org/caspian/id/>\n{turtle}".encode()
    return [f"{quad.triple} <urn:g> .\n".encode() for quad in ox.parse(text, ox.RdfFormat.TURTLE)]


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("<value/1> cas:minimum 130 ; cas:maximum 130 .", "130"),
        ("<value/1> cas:minimum 2 ; cas:maximum 9 .", "2 to 9"),
        ("<value/1> cas:maximum 400 .", "… to 400"),
        ("<value/1> cas:minimum 5 .", "5 to …"),
        ('<value/1> cas:number 100 ; cas:unit "miles" ; cas:bearing "E" .', "100 miles E"),
        ('<value/1> cas:bearing "E" .', "E"),
        ('<value/1> cas:edtf "2023" .', "2023"),
        ("", "value/1"),
    ],
)
def test_a_value_without_words_is_told_by_its_numbers(value: str, label: str) -> None:
    (said,) = statements(bare(value), "transfer/x")
    assert said.value_label == label
    assert said.thing_label == "transfer/x"
    assert (said.said_from, said.said_to, said.chain) == ("", "2022-12-31", "")


# -- profiles


def test_a_profile_counts_claims_articles_and_origins(told: Store) -> None:
    found = profile(told, DRONES)
    assert found.thing.label == "Iranian drones to Russia"
    assert found.claims == len(statements(told, DRONES)) > 40
    assert len(found.articles) == 5
    assert found.origins == ("Iran’s word", "The United States’ word")
    (supplier,) = (
        each for each in found.said if (each.key, each.value) == ("supplier", "actor/iran")
    )
    assert supplier.origins == ("Iran’s word", "The United States’ word")
    assert all(each.quotation for each in supplier.statements)


def test_a_profile_shows_the_conflicts_that_touch_the_thing(told: Store) -> None:
    assert [each.explanation for each in profile(told, PLANT).conflicts] == [FAR]
    assert profile(told, "deal/su-35").conflicts == ()


def test_a_profile_by_a_view_holds_only_what_the_view_came_from(told: Store) -> None:
    whole, two = profile(told, DRONES), profile(told, DRONES, "two-origins")
    assert 0 < two.claims < whole.claims
    assert all(len(each.origins) == 2 for each in two.said)
    assert profile(told, USE, "russia").said == ()


def test_a_profile_tells_which_names_mean_the_thing(told: Store) -> None:
    (judged,) = profile(told, "place/seshcha").identities
    assert (judged.written, judged.verdict, judged.certainty) == ("Sisha", "positive", "probable")
    assert judged.by
    assert "Seshcha is nearest" in judged.because


def test_a_thing_has_a_name_a_class_and_other_names(told: Store) -> None:
    found = named(told, "person/john-kirby")
    assert (found.label, found.kind) == ("John Kirby", "person")
    assert "Kirby" in found.also
    with pytest.raises(UnknownNameError, match="person/nobody"):
        named(told, "person/nobody")


# -- conflicts


def test_the_conflicts_are_told_where_no_kind_is_named(told: Store) -> None:
    found = conflicts(told)
    assert found.kinds == CONFLICTING
    assert {each.explanation for each in found.conflicts} == {FAR, DENIED}
    assert found.total == 2


def test_a_conflict_has_its_two_claims_whole(told: Store) -> None:
    (found,) = conflicts(told, PLANT).conflicts
    assert (found.kind, found.rule) == ("contradicts", "by-hand-far")
    assert found.compared == "161 km and 1,100 km"
    assert [found.first.value_label, found.second.value_label] == [
        "about 100 miles",
        "about 1,100 km",
    ]
    assert found.first.article.startswith("001")


def test_other_relations_are_told_by_their_kind(told: Store) -> None:
    (found,) = conflicts(told, USE, "Corroborates").conflicts
    assert found.kind == "corroborates"
    assert len(conflicts(told, USE, ALL).conflicts) == 2
    assert conflicts(told, PLANT, "internal conflict").conflicts == ()


def test_conflicts_come_in_parts(told: Store) -> None:
    every = conflicts(told, kind=ALL).conflicts
    assert len(every) == 3
    assert conflicts(told, kind=ALL, skip=1, most=1).conflicts == every[1:2]
    assert conflicts(told, kind=ALL, skip=1, most=1).total == 3
    assert conflicts(told, kind=ALL, skip=9).conflicts == ()


def test_an_unknown_kind_is_told_the_nearest_or_all(told: Store) -> None:
    with pytest.raises(UnknownNameError) as caught:
        conflicts(told, kind="contradict")
    assert caught.value.near == ("contradicts",)
    with pytest.raises(UnknownNameError) as caught:
        conflicts(told, kind="zzz")
    assert caught.value.near == kinds(told)
    assert set(CONFLICTING) <= set(kinds(told))


# -- origins


def test_all_origins_are_told_with_what_goes_back_to_them(told: Store) -> None:
    found = origins(told)
    assert (found.thing, found.attested) == ("", ())
    assert [each.id for each in found.origins] == ["origin/us", "origin/iran"]
    us, iran = found.origins
    assert us.claims > iran.claims > 0
    assert us.articles == 5
    assert all(len(each.roots) == 1 for each in found.origins)


def test_drones_to_russia_stand_on_two_origins_though_five_articles_tell_of_them(
    told: Store,
) -> None:
    found = origins_of(told, DRONES)
    assert [each.id for each in found.origins] == ["origin/us", "origin/iran"]
    us, iran = found.origins
    assert (us.articles, iran.articles) == (5, 1)
    assert "White House > Reuters > European Pravda > Ukrainska Pravda" in us.chains
    assert "Release of the White House, 9 June 2023" in us.roots
    assert (us.interests, iran.interests) == ((), ("admission-against-interest",))
    widest = found.attested[0]
    assert len(widest.origins) == 2
    assert len(found.attested[-1].origins) == 1


def test_an_utterance_without_a_name_of_its_own_is_told_once(graph: Store) -> None:
    examiner = next(each for each in origins(graph).origins if each.label == "Washington Examiner")
    assert len(examiner.roots) == len(set(examiner.roots))
    assert "Editors of Caspian" not in {each.label for each in origins(graph).origins}


def test_the_route_has_one_origin(told: Store) -> None:
    (only,) = origins_of(told, "route/uav-ir-ru").origins
    assert only.articles >= 3


def test_what_the_editors_infer_has_no_origin(told: Store) -> None:
    inferred = [each for each in statements(told, PLANT) if each.inferred]
    assert {each.key for each in inferred} == {"partOf"}
    assert "partOf" not in {each.key for each in origins_of(told, PLANT).attested}
    (part,) = (each for each in profile(told, PLANT).said if each.key == "partOf")
    assert part.origins == ()


# -- timelines


def test_a_plan_becomes_a_project(told: Store) -> None:
    found = timeline(told, PRODUCTION)
    assert [(part.id, part.link) for part in found.parts] == [
        (PLANT, "part of"),
        (MATERIALS, "serves"),
    ]
    first, *others = found.entries
    assert first.said_to == "2022-12-31"
    assert (first.thing, first.status) == (PRODUCTION, ("intended",))
    assert "joint production line" in {each.value_label for each in first.statements}
    later = [each for each in others if each.said_from >= "2023"]
    assert any(each.key == "site" for entry in later for each in entry.statements)
    flowing = [entry for entry in later if entry.thing == MATERIALS]
    assert {"in progress", "agreed"} <= {name for entry in flowing for name in entry.status}


def test_a_timeline_goes_forward(told: Store) -> None:
    for name in (PRODUCTION, DRONES, "deal/su-35", "transfer/ballistic-missiles-ir-ru"):
        days = [entry.said_from or entry.said_to for entry in timeline(told, name).entries]
        assert days == sorted(days)
        assert len(days) > 1


def test_a_timeline_has_every_claim_but_the_editors_own(told: Store) -> None:
    entries = timeline(told, PLANT).entries
    claims = [each.claim for entry in entries for each in entry.statements]
    expected = [
        each.claim
        for name in (PLANT, MATERIALS)
        for each in statements(told, name)
        if not each.inferred
    ]
    assert sorted(claims) == sorted(expected)


def test_what_is_part_of_itself_is_told_once(told: Store) -> None:
    assert timeline(told, "place/amirabad").parts == ()
    triples = """
        <deal/a> <../claim/partOf> <claim/a/1> ; a <urn:kind> ; <LABEL> "A" .
        <claim/a/1> <../value/partOf> <deal/a> .
        <urn:kind> a <http://www.w3.org/2002/07/owl#Class> ; <LABEL> "deal" .
    """.replace("LABEL", "http://www.w3.org/2000/01/rdf-schema#label")
    store = OxigraphStore.memory(lines_of(triples))
    assert timeline(store, "deal/a").parts == ()


# -- the verbs


def test_show_prints_a_profile(run: Run) -> None:
    text = run("show", "Iranian drones to Russia")
    assert text.startswith("Iranian drones to Russia\ntransfer/uav-ir-ru · transfer\n")
    assert "claims in 5 articles, 2 origins (Iran’s word, The United States’ word)" in text
    assert "\nsupplier\n  Iran · 2 origins: Iran’s word, The United States’ word\n" in text
    assert "admission against interest" in text


def test_show_prints_judgements_mentions_conflicts_and_inferences(run: Run) -> None:
    text = run("show", "Sisha")
    assert "“Sisha” means this (probable):" in text
    assert "named in what is said of 2 other things" in text
    plant = run("show", PLANT)
    assert "where the sources differ\n  contradicts: One article says" in plant
    assert "the editors infer it from these words" in plant
    assert "hedged “could”" in plant
    assert "· inferred" in plant


def test_show_prints_a_denial_as_one(run: Run) -> None:
    text = run("show", USE)
    assert "\n  not used · 1 origin: Russia\n" in text
    assert ", denied" in text


def test_show_prints_what_nobody_speaks_of(run: Run) -> None:
    assert "0 claims in 0 articles, 0 origins\n" in run("show", "actor/caspian")


def test_words_that_say_a_thing_twice_are_printed_once(told: Store) -> None:
    (each, *_) = statements(told, PLANT)
    assert [*shared([each, each], 2)] == [*shared([each], 2)]


def test_a_date_open_on_both_sides_is_told_so() -> None:
    assert when("", "") == "at a time not known"
    assert when("2022-08-01", "") == "from 2022-08-01"


def test_show_prints_the_account_of_a_view(run: Run) -> None:
    whole, two = run("show", DRONES), run("show", DRONES, "--view", "two-origins")
    assert len(two) < len(whole)
    assert "1 origin:" not in two


def test_conflicts_prints_a_sentence_the_claims_and_the_rule(run: Run) -> None:
    text = run("conflicts", PLANT)
    assert text.startswith("1 relation between claims on project/alabuga-uav-plant: contradicts 1")
    assert "rule by-hand-far" in text
    assert f"\n  {FAR}\n" in text
    assert "  compared: 161 km and 1,100 km\n" in text
    assert "    distance from: about 100 miles\n" in text
    everything = run("conflicts", "--kind", "all")
    assert "3 relations between claims: contradicts 2, corroborates 1" in everything


def test_conflicts_says_where_there_are_none(run: Run) -> None:
    text = run("conflicts", "deal/su-35", "--kind", "drifts")
    assert text == "No two claims on deal/su-35 are related in this way: drifts.\n"


def test_claims_on_two_things_are_told_with_both(run: Run) -> None:
    assert "denied" in run("conflicts", USE)


def test_origins_prints_who_stands_behind_and_by_which_way(run: Run) -> None:
    text = run("origins", DRONES)
    assert text.startswith("Iranian drones to Russia: 2 independent origins\n")
    assert "5 articles, 5 outlets" in text
    assert "· admission against interest" in text
    assert "\n  by   White House > Reuters > European Pravda > Ukrainska Pravda\n" in text
    assert (
        "\n  supplier: Iran · 2 origins (Iran’s word, The United States’ word), 4 articles" in text
    )
    assert "not used" not in text
    assert "status: not used · 1 origin (Russia), 1 article" in run("origins", USE)


def test_origins_prints_all_there_are(run: Run) -> None:
    text = run("origins")
    assert text.startswith("2 independent origins\n\nThe United States’ word · ")
    assert "what they say" not in text


def test_timeline_prints_a_plan_and_what_came_of_it(run: Run) -> None:
    text = run("timeline", PRODUCTION)
    assert "with Drone plant in the Alabuga Special Economic Zone, which is part of it" in text
    assert "which serves Drone plant in\n    the Alabuga" in text
    plan, site = (
        text.index("[intended] activity: joint production line"),
        text.index("site: Alabuga"),
    )
    assert plan < site
    assert "\n2022-07-19 to 2022-12-31\n" in text
    assert "(published)" in text


def test_timeline_says_where_nothing_is_said(run: Run) -> None:
    assert run("timeline", "actor/caspian").endswith("Nothing is said of it.\n")


@pytest.mark.parametrize(
    ("verb", "name", "field"),
    [
        ("show", DRONES, "said"),
        ("conflicts", PLANT, "conflicts"),
        ("origins", DRONES, "origins"),
        ("timeline", PRODUCTION, "entries"),
    ],
)
def test_each_answer_can_be_had_as_json(run: Run, verb: str, name: str, field: str) -> None:
    assert json.loads(run(verb, name, "--json"))[field]


@pytest.mark.parametrize("verb", ["show", "conflicts", "origins", "timeline"])
def test_an_unknown_name_ends_with_4(
    verb: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, "Iranian drone to Russia", "--data", str(root)]) == 4
    assert "did you mean transfer/uav-ir-ru" in capsys.readouterr().err


def test_an_unknown_view_or_kind_ends_with_4(root: Path) -> None:
    assert main(["show", DRONES, "--view", "usa", "--data", str(root)]) == 4
    assert main(["conflicts", "--kind", "quarrels", "--data", str(root)]) == 4


def test_without_a_graph_each_ends_with_5(tmp_path: Path) -> None:
    assert main(["conflicts", "--data", str(tmp_path)]) == 5
