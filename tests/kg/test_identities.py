"""Who or what is the same: judgements as data, and what flipping one does to the graph."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.build import build, check, stream
from kg.cli import main
from kg.compile import DERIVED, quads
from kg.corpus import (
    article_quads,
    mapping_files,
    mappings,
    read_corpus,
    reference_quads,
)
from kg.entities import read_entities
from kg.errors import InputError
from kg.identities import Identities, identities, read_identities
from kg.mapping import ArticleMapping
from kg.network import network
from kg.paths import graph as plain
from kg.profile import profile
from kg.resolve import resolve
from kg.resources import folder
from kg.schema import read_schema
from kg.snapshot import open_snapshot
from kg.source import yaml_document
from kg.store import Store
from kg.terms import Quad
from kg.values import Distance, Ref
from kg.vocab import ALT_LABEL, CAS, cas, thing
from tests.bad import Bad, named, told
from tests.conftest import Small

LEG = "leg/makhachkala-seshcha"
Rebuilt = Callable[..., Store]


# -- on the real articles


@pytest.fixture
def rebuilt(tmp_path: Path) -> Iterator[Rebuilt]:
    """The five articles, built again with another verdict on Sisha."""
    seeds = tmp_path / "seeds"
    shutil.copytree(folder("seeds"), seeds)
    file = seeds / "identities.yaml"
    text = file.read_text("utf-8")
    opened = []

    def built(verdict: str, *, validated: bool = False) -> Store:
        file.write_text(text.replace("verdict: positive", f"verdict: {verdict}"), "utf-8")
        corpus = read_corpus(seeds, folder("ontology"))
        if validated:
            checked = check(corpus, mapping_files(seeds), shapes=folder("shapes"))
            build(checked, tmp_path / "data")
        else:
            stream(corpus, mapping_files(seeds), tmp_path / "data", shapes=None)
        opened.append(open_snapshot(tmp_path / "data")[1])
        return opened[-1]

    yield built
    for store in opened:
        store.close()


def targets(store: Store) -> set[str]:
    return {target for _, target, name in plain(network(store)).edges(keys=True) if name == LEG}


def dumped(store: Store) -> bytes:
    import io

    from kg.formats import named as format_named

    out = io.BytesIO()
    store.dump(format_named("nquads"), out)
    return out.getvalue()


def test_a_verdict_that_is_flipped_splits_the_thing_and_flipped_back_joins_it(
    rebuilt: Rebuilt,
) -> None:
    joined = rebuilt("positive")
    assert targets(joined) == {"place/seshcha"}
    assert resolve(joined, "Sisha") == "place/seshcha"
    before = dumped(joined)

    split = rebuilt("negative", validated=True)
    assert targets(split) == {"place/sisha"}
    assert resolve(split, "Sisha", "Place") == "place/sisha"
    assert resolve(split, "Seshcha") == "place/seshcha"
    assert profile(split, "place/sisha").thing.kind == "air base"
    assert {each.key for each in profile(split, "place/sisha").mentions} == {"to", "destination"}
    assert profile(split, "place/seshcha").mentions == ()
    assert [each.key for each in profile(split, "place/sisha").said] == ["placeKind"]
    assert profile(split, "place/seshcha").claims == 0
    (judged,) = profile(split, "place/seshcha").identities
    assert (judged.written, judged.verdict) == ("Sisha", "negative")

    again = rebuilt("positive")
    assert targets(again) == {"place/seshcha"}
    assert dumped(again) == before


def test_an_unsure_verdict_keeps_apart(rebuilt: Rebuilt) -> None:
    unsure = rebuilt("unsure")
    assert targets(unsure) == {"place/sisha"}
    (judged,) = profile(unsure, "place/seshcha").identities
    assert judged.verdict == "unsure"


def test_show_prints_a_negative_verdict(rebuilt: Rebuilt, tmp_path: Path, capsys: object) -> None:
    rebuilt("negative")
    assert main(["show", "Seshcha", "--data", str(tmp_path / "data")]) == 0
    assert isinstance(capsys, pytest.CaptureFixture)
    assert "“Sisha” does not mean this (probable):" in capsys.readouterr().out


# -- on the small corpus

FREEDON = """\
freedon:
  written: Freedon
  is: place/freedon
  verdict: positive
  certainty: probable
  because: it is the only base
  by: actor/caspian
  otherwise: {place/old-freedon: {type: AirBase, label: Old Freedon}}
"""
HARBOUR = """\
harbour:
  thing: place/port-sylvania
  is: place/strelsau
  verdict: positive
  certainty: possible
  because: the port is a part of the town
"""


def settled(small: Small, text: str) -> tuple[Identities, ArticleMapping, set[Quad]]:
    """The judgements, the mapping as they settle it, and every quad but the ontology's."""
    (small.seeds / "identities.yaml").write_text(text, "utf-8")
    corpus = small.anchored().corpus()
    (mapping,) = mappings(corpus, mapping_files(small.seeds))
    made = {*reference_quads(corpus), *article_quads(corpus, [mapping])}
    return corpus.identities, mapping, made


def values(mapping: ArticleMapping, name: str, key: str) -> list[object]:
    return [
        value
        for said in (*mapping.said, *mapping.inferred)
        for frame in said.frames
        if frame.thing == name
        for found, value, _ in frame.values
        if found == key
    ]


def objects(quads: set[Quad], subject: str, predicate: str) -> set[str]:
    return {q.object for q in quads if (q.subject, q.predicate) == (subject, predicate)}


def test_without_a_file_nothing_is_judged(small: Small) -> None:
    corpus = small.anchored().corpus()
    assert corpus.identities.judgements == ()
    (mapping,) = mappings(corpus, mapping_files(small.seeds))
    assert mapping.entities is corpus.vocabulary.entities


def test_a_mappings_own_judgement_keeps_working(small: Small) -> None:
    mapping = small.anchored().read()
    judged = {q.subject for q in quads(mapping) if q.object == cas("IdentityJudgement")}
    assert len(judged) == 1


def test_a_judgement_of_the_file_wins_over_the_mappings_own(small: Small) -> None:
    _, mapping, made = settled(small, FREEDON)
    assert values(mapping, "leg/two", "to") == [Ref("place/freedon", "Freedon")]
    judged = {q.subject for q in made if q.object == cas("IdentityJudgement")}
    assert judged == {thing("identity/freedon")}
    assert objects(made, thing("identity/freedon"), cas("because")) == {'"it is the only base"'}
    (claim,) = objects(made, thing("identity/freedon"), cas("inClaim"))
    assert (thing("leg/two"), thing("place/freedon")) in {
        (q.subject, next(iter(objects(made, claim, f"<{CAS[:-9]}value/to>"))))
        for q in made
        if q.object == claim and "claim/to" in q.predicate
    }
    assert not objects(made, thing("place/old-freedon"), cas("type"))
    assert not {q for q in made if q.subject == thing("place/old-freedon")}


@pytest.mark.parametrize("verdict", ["negative", "unsure"])
def test_a_name_that_is_kept_apart_is_a_thing_of_its_own(small: Small, verdict: str) -> None:
    _, mapping, made = settled(small, FREEDON.replace("positive", verdict))
    assert values(mapping, "leg/two", "to") == [Ref("place/old-freedon", "Freedon")]
    assert (
        Quad(thing("identity/freedon"), cas("verdict"), thing(f"verdict/{verdict}"), DERIVED)
        in made
    )
    assert objects(made, thing("identity/freedon"), cas("inClaim"))
    assert {q for q in made if q.subject == thing("place/old-freedon")}


def test_a_mapping_may_name_the_thing_that_is_declared_for_the_name(small: Small) -> None:
    small.change(
        "{ref: place/freedon, written: Freedon, match: probable, because: the only one}",
        "place/old-freedon",
    )
    _, mapping, _ = settled(small, FREEDON)
    assert values(mapping, "leg/two", "to") == [Ref("place/freedon")]


def test_a_thing_that_is_another_gives_way_to_it_everywhere(small: Small) -> None:
    small.change("use/kites: {status: used}", "place/port-sylvania: {near: place/freedon}")
    small.change("from: place/port-sylvania", "from: [place/port-sylvania, place/strelsau]")
    all_of_it = small.seeds / "entities" / "all.yaml"
    with all_of_it.open("a", encoding="utf-8") as file:
        file.write("place/quay: {type: Site, label: Quay, within: place/port-sylvania}\n")
    _, mapping, made = settled(small, HARBOUR)
    assert values(mapping, "leg/one", "to") == [Ref("place/strelsau")]
    assert values(mapping, "leg/two", "from") == [Ref("place/strelsau")]  # said once
    assert values(mapping, "place/strelsau", "near") == [Ref("place/freedon")]
    assert '"Port Sylvania"@en' in objects(made, thing("place/strelsau"), ALT_LABEL)
    assert not {q for q in made if thing("place/port-sylvania") in q}
    assert thing("place/strelsau") in {q.object for q in made if q.subject == thing("place/quay")}
    assert objects(made, thing("identity/harbour"), cas("written")) == {'"Port Sylvania"'}
    assert objects(made, thing("identity/harbour"), cas("madeBy")) == {thing("actor/caspian")}


def test_a_thing_that_is_not_another_stays(small: Small) -> None:
    _, mapping, made = settled(small, HARBOUR.replace("positive", "negative"))
    assert values(mapping, "leg/one", "to") == [Ref("place/port-sylvania")]
    assert {q for q in made if q.subject == thing("place/port-sylvania")}
    assert objects(made, thing("identity/harbour"), cas("verdict")) == {thing("verdict/negative")}


def test_distances_speakers_and_outlets_follow(small: Small) -> None:
    small.change(
        "use/kites: {status: used}",
        "place/freedon: {distanceFrom: {place: place/port-sylvania, bearing: E}}",
    )
    outlets = (
        "papers: {thing: outlet/gazette, is: outlet/herald, verdict: positive, "
        "certainty: possible, because: one house}\n"
        "envoys: {thing: person/rupert, is: person/rudolf, verdict: positive, "
        "certainty: possible, because: one man}\n"
    )
    all_of_it = small.seeds / "entities" / "all.yaml"
    with all_of_it.open("a", encoding="utf-8") as file:
        file.write("person/rudolf: {type: Person, label: Rudolf, speaksFor: actor/ruritania}\n")
    _, mapping, made = settled(small, HARBOUR + outlets)
    (distance,) = values(mapping, "place/freedon", "distanceFrom")
    assert isinstance(distance, Distance)
    assert distance.place == "place/strelsau"
    assert mapping.voices["envoy"].relay == ()  # the Gazette is the Herald, which publishes it
    assert mapping.voices["envoy"].speaker == "person/rudolf"
    briefing = objects(made, thing("utterance/briefing"), cas("speaker"))
    assert briefing == {thing("person/rudolf")}


def test_things_of_a_document_link_to_what_there_is(small: Small) -> None:
    text = small.mapping.read_text("utf-8")
    own = "things: {place/pier: {type: Site, label: Pier, within: place/port-sylvania}}\n"
    small.mapping.write_text(text + own, "utf-8")
    small.change("use/kites: {status: used}", "place/pier: {near: place/freedon}")
    _, mapping, made = settled(small, HARBOUR)
    assert mapping.entities["place/pier"].links == {"within": "place/strelsau"}
    assert "place/port-sylvania" not in mapping.entities
    assert thing("place/strelsau") in {q.object for q in made if q.subject == thing("place/pier")}


def test_what_is_another_may_itself_be_another(small: Small) -> None:
    town = (
        "town: {thing: place/strelsau, is: place/capital, verdict: positive, "
        "certainty: possible, because: they say so}\n"
    )
    all_of_it = small.seeds / "entities" / "all.yaml"
    with all_of_it.open("a", encoding="utf-8") as file:
        file.write("place/capital: {type: PopulatedPlace, label: Capital}\n")
    judged, mapping, made = settled(small, HARBOUR + town)
    assert judged.joined == {
        "place/port-sylvania": "place/capital",
        "place/strelsau": "place/capital",
    }
    assert values(mapping, "leg/one", "from") == [Ref("place/capital")]
    assert objects(made, thing("identity/harbour"), cas("identifiedWith")) == {
        thing("place/capital")
    }


# -- what cannot be read


@pytest.fixture
def read(small: Small) -> Callable[[str], Identities]:
    schema = read_schema(folder("ontology"))
    known = read_entities(small.seeds / "entities", schema)
    return lambda text: identities(yaml_document(text, "x.yaml"), known, schema)


OTHERWISE = "otherwise: {place/old-freedon: {type: AirBase, label: Old Freedon}}"
BAD = (
    Bad("name", "freedon:", "free don:", "free don:", "free don", "is not letters"),
    Bad("verdict", "positive", "postive", "postive", "freedon.verdict", "no verdict", "positive"),
    Bad(
        "certainty", ": probable", ": sure", ": sure", "freedon.certainty", "no certainty", "known:"
    ),
    Bad("field", "because:", "cause:", "cause:", "freedon.cause", "is no field", "because"),
    Bad("list", "by: actor/caspian", "by: [a]", "by: [a]", "freedon.by", "is no text"),
    Bad("nobody", "actor/caspian", "actor/caspia", "caspia", "freedon.by", "no thing", "did you"),
    Bad("other", "is: place/freedon", "is: place/f", "is: place/f", "freedon.is", "no thing"),
    Bad(
        "declared",
        "written: Freedon",
        "thing: place/strelsau",
        "otherwise",
        "freedon.otherwise",
        "a thing is declared already",
    ),
    Bad(
        "undeclared",
        OTHERWISE,
        "otherwise: place/old-freedon",
        "otherwise",
        "freedon.otherwise",
        "declares no thing",
        "write otherwise",
    ),
    Bad(
        "class",
        "type: AirBase",
        "type: Airport",
        "Airport",
        "freedon.otherwise.place/old-freedon.type",
        "is no type",
    ),
    Bad(
        "twice",
        "place/old-freedon",
        "place/strelsau",
        "place/strelsau",
        "freedon.otherwise.place/strelsau",
        "declared twice",
    ),
    Bad(
        "kinds",
        "type: AirBase",
        "type: SeaArea",
        "is: place/freedon",
        "freedon.is",
        "place/freedon is a AirBase, and place/old-freedon a SeaArea",
        "of one kind",
    ),
)


@named(*BAD)
def test_a_judgement_that_cannot_be_read_is_told(
    bad: Bad, read: Callable[[str], Identities]
) -> None:
    text = bad.spoil(FREEDON)
    told(bad, text, "x.yaml", lambda: read(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "holds no judgements"),
        ("a: b\n", "is no judgement"),
        (FREEDON.replace("because: it is the only base", 'because: ""'), "freedon: lacks because"),
        (FREEDON.replace("  written: Freedon\n", ""), "freedon: needs one of written and thing"),
        (HARBOUR.replace("is: place/strelsau", "is: place/port-sylvania"), "is the thing itself"),
        (HARBOUR + HARBOUR.replace("harbour:", "again:"), "judged twice (harbour says"),
        (
            HARBOUR + "back: {thing: place/strelsau, is: place/port-sylvania, verdict: positive, "
            "certainty: possible, because: x}\n",
            "leads in a circle",
        ),
    ],
)
def test_judgements_that_make_no_sense_are_told(
    text: str, message: str, read: Callable[[str], Identities]
) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert message in str(caught.value)


def test_every_problem_is_told_at_once(read: Callable[[str], Identities]) -> None:
    with pytest.raises(InputError) as caught:
        read(FREEDON.replace("positive", "yes") + HARBOUR.replace("positive", "no"))
    assert len(caught.value.problems) == 2


def test_the_shipped_judgements_say_who_why_and_how_sure() -> None:
    schema = read_schema(folder("ontology"))
    known = read_entities(folder("seeds") / "entities", schema)
    shipped = read_identities(folder("seeds") / "identities.yaml", known, schema)
    assert len(shipped.judgements) >= 1
    assert all(each.because and each.by and each.certainty for each in shipped.judgements)
