from pathlib import Path

import pytest

from kg import vocab
from kg.entities import Entities, entities, entity_quads, read_entities
from kg.errors import InputError
from kg.resources import folder
from kg.schema import Schema, read_schema
from kg.source import yaml_document
from kg.terms import XSD, iri, literal
from kg.vocab import cas, graph, thing
from tests.bad import Bad, named, told
from tests.conftest import ENTITIES

G = graph("reference")
FULL = """\
source/atlas: {type: Source, label: Atlas, version: "1", licence: CC0-1.0, description: Maps.}
actor/ruritania: {type: State, label: Ruritania, alt: [Strelsau, Zenda], isoCode: RUR}
actor/ministry:
  {type: Agency, label: Ministry, subOrganizationOf: actor/ruritania, source: source/atlas}
person/rupert: {label: Rupert, speaksFor: actor/ministry, note: Count of Hentzau}
actor/spokesman: {type: Group, label: Spokesman, speaksFor: person/rupert}
post/envoy: {label: Envoy, postIn: actor/ministry}
outlet/gazette: {label: Gazette}
document/report: {label: Report, publisher: outlet/gazette}
place/ruritania: {type: Country, label: Ruritania}
place/strelsau:
  type: PopulatedPlace
  label: Strelsau
  within: place/ruritania
  geonames: "42"
  unlocode: RU STR
  point: {lat: "-50.1", lon: "014.40", accuracy: "5000", source: source/atlas, record: r7, note: x}
system/kite: {type: SystemType, label: kite}
system/box-kite: {type: SystemModel, label: box kite, broader: system/kite}
utterance/briefing: {label: Briefing, speaker: person/rupert, said: {edtf: 2023-06, says: in June}}
utterance/aside: {label: Aside, speaker: person/rupert, within: utterance/briefing, venue: hall}
"""


@pytest.fixture(scope="module")
def schema() -> Schema:
    return read_schema(folder("ontology"))


@pytest.fixture(scope="module")
def full(schema: Schema) -> Entities:
    return entities([yaml_document(FULL, "x.yaml")], schema)


def facts(known: Entities, name: str) -> set[tuple[str, str]]:
    """The reference triples about the thing itself."""
    quads = [*entity_quads(known[name], G)]
    assert len(set(quads)) == len(quads)
    assert {quad.graph for quad in quads} == {G}
    return {(quad.predicate, quad.object) for quad in quads if quad.subject == thing(name)}


def english(text: str) -> str:
    return literal(text, language="en")


def test_a_state_has_a_label_other_names_and_its_code(full: Entities) -> None:
    assert facts(full, "actor/ruritania") == {
        (vocab.TYPE, cas("State")),
        (vocab.LABEL, english("Ruritania")),
        (vocab.ALT_LABEL, english("Strelsau")),
        (vocab.ALT_LABEL, english("Zenda")),
        (cas("isoCode"), literal("RUR")),
    }
    assert full["actor/ruritania"].names == ("Ruritania", "Strelsau", "Zenda")
    assert full.label("actor/ruritania") == "Ruritania"


@pytest.mark.parametrize(
    ("name", "predicate", "value"),
    [
        ("actor/ministry", vocab.SUB_ORGANIZATION_OF, thing("actor/ruritania")),
        ("actor/ministry", vocab.SOURCE, thing("source/atlas")),
        ("person/rupert", cas("speaksFor"), thing("actor/ministry")),
        ("person/rupert", vocab.EDITORIAL_NOTE, english("Count of Hentzau")),
        ("post/envoy", vocab.POST_IN, thing("actor/ministry")),
        ("document/report", vocab.PUBLISHER, thing("outlet/gazette")),
        ("place/strelsau", vocab.WITHIN, thing("place/ruritania")),
        ("place/strelsau", vocab.EXACT_MATCH, iri("https://sws.geonames.org/42/")),
        ("place/strelsau", cas("unlocode"), literal("RU STR")),
        ("place/strelsau", vocab.HAS_GEOMETRY, thing("geometry/place/strelsau")),
        ("system/kite", vocab.PREF_LABEL, english("kite")),
        ("system/kite", vocab.IN_SCHEME, thing("scheme/systems")),
        ("system/box-kite", vocab.BROADER, thing("system/kite")),
        ("utterance/briefing", cas("speaker"), thing("person/rupert")),
        ("utterance/aside", cas("within"), thing("utterance/briefing")),
        ("utterance/aside", cas("venue"), literal("hall")),
        ("source/atlas", cas("version"), literal("1")),
        ("source/atlas", vocab.LICENCE, literal("CC0-1.0")),
        ("source/atlas", vocab.DESCRIPTION, english("Maps.")),
    ],
)
def test_a_field_becomes_its_triple(full: Entities, name: str, predicate: str, value: str) -> None:
    assert (predicate, value) in facts(full, name)


def test_a_point_becomes_a_geometry_with_its_source(full: Entities) -> None:
    node = thing("geometry/place/strelsau")
    quads = entity_quads(full["place/strelsau"], G)
    assert {(quad.predicate, quad.object) for quad in quads if quad.subject == node} == {
        (vocab.TYPE, cas("Geometry")),
        (vocab.AS_WKT, literal("POINT(014.40 -50.1)", vocab.WKT)),
        (cas("accuracyMetres"), literal("5000", XSD + "decimal")),
        (vocab.SOURCE, thing("source/atlas")),
        (cas("sourceRecord"), literal("r7")),
        (vocab.EDITORIAL_NOTE, english("x")),
    }


def test_the_day_of_an_utterance_is_a_date_of_its_own(full: Entities) -> None:
    quads = [*entity_quads(full["utterance/briefing"], G)]
    (date,) = [quad.object for quad in quads if quad.predicate == cas("said")]
    said = {(quad.predicate, quad.object) for quad in quads if quad.subject == date}
    assert (cas("earliest"), literal("2023-06-01", XSD + "date")) in said
    assert (cas("wording"), literal("in June")) in said


def test_a_type_is_left_out_where_the_id_leaves_one_choice(full: Entities) -> None:
    assert full["person/rupert"].type == "Person"
    assert full["outlet/gazette"].type == "NewsOrganisation"


def test_the_principal_is_whom_a_speaker_speaks_for_in_the_end(full: Entities) -> None:
    assert full.principal("actor/spokesman") == "actor/ministry"
    assert full.principal("actor/ruritania") == "actor/ruritania"


def test_the_nearest_ids_are_of_the_same_prefix_if_there_are_any(full: Entities) -> None:
    assert full.near("actor/ruritanja") == ("actor/ruritania",)
    assert full.near("plaice/strelsau")[0] == "place/strelsau"
    assert full.near("qqq") == ()


def test_a_thing_knows_the_file_and_line_that_declare_it(full: Entities) -> None:
    assert (full["place/strelsau"].file, full["place/strelsau"].line) == ("x.yaml", 11)


def test_what_is_known_already_is_not_declared_anew(full: Entities, schema: Schema) -> None:
    other = entities([yaml_document("actor/ruritania: {type: Group, label: Club}", "y")], schema)
    more = entities([yaml_document("actor/zenda: {type: Group, label: Zenda}", "y")], schema)
    known = full.extended([*other.by_id.values(), *more.by_id.values()])
    assert known.label("actor/ruritania") == "Ruritania"
    assert "actor/zenda" in known
    assert "actor/zenda" not in full


def test_things_may_be_named_before_the_file_that_declares_them(
    tmp_path: Path, schema: Schema
) -> None:
    (tmp_path / "a.yaml").write_text("person/x: {label: X, speaksFor: actor/y}")
    (tmp_path / "b.yaml").write_text("actor/y: {type: State, label: Y}")
    (tmp_path / "c.yaml").write_text("# nothing yet\n")
    assert set(read_entities(tmp_path, schema).by_id) == {"person/x", "actor/y"}


def test_the_shipped_entities_are_sound(schema: Schema) -> None:
    known = read_entities(folder("seeds") / "entities", schema)
    assert len(known.by_id) >= 100
    assert all(known.principal(name) in known for name in known.by_id)


ENVOY = "type: Person, label: Rupert"
POINT = 'point: {lat: "50.1", lon: "14.4", accuracy: "5000", source: source/atlas, record: "7"}'
SAID = 'said: {edtf: "2023-06-09"}'
AT = "place/strelsau.point"
BAD = (
    Bad("prefix", "person/rupert:", "peson/rupert:", "peson", "peson/rupert", "peson/", "person"),
    Bad("no-slash", "person/rupert:", "person:", "person:", "person", "'person' is no id", "name,"),
    Bad("space", "leg/one:", "leg/number one:", "leg/n", "leg/number one", "is no id", "digits"),
    Bad(
        "type",
        "type: State, label: Ru",
        "type: Stat, label: Ru",
        "Stat,",
        "actor/ruritania.type",
        "Stat is no type for actor/",
        "known: Agency, Group, State",
    ),
    Bad("no-type", "type: SeaArea, ", "", "old-sea", "place/old-sea.type", "lacks type", "Region"),
    Bad("no-label", ENVOY, "type: Person", "person/rupert:", "person/rupert", "lacks label"),
    Bad(
        "no-map",
        "{type: RouteLeg, label: Strelsau to Port Sylvania}",
        "first",
        "leg/one",
        "leg/one",
        "lacks label",
        "label: …",
    ),
    Bad(
        "field",
        ENVOY,
        f"{ENVOY}, speakFor: x",
        "person/rupert:",
        "person/rupert.speakFor",
        "no field",
        "known: speaksFor",
    ),
    Bad(
        "list",
        "label: Rupert",
        "label: [Rupert]",
        "person/rupert:",
        "person/rupert.label",
        "no text",
    ),
    Bad(
        "alt",
        "alt: [Envoy Rupert]",
        "alt: Envoy",
        "person/rupert:",
        "person/rupert.alt",
        "list of names",
    ),
    Bad(
        "geonames",
        "label: Old Sea",
        'label: Old Sea, geonames: "1 2"',
        "old-sea",
        "place/old-sea.geonames",
        "is no number of GeoNames",
    ),
    Bad(
        "link",
        "speaksFor: actor/ruritania",
        "speaksFor: actor/ruritanja",
        "ruritanja",
        "person/rupert.speaksFor",
        "no thing actor/ruritanja",
        "did you mean actor/ruritania",
    ),
    Bad(
        "link-far",
        "speaksFor: actor/ruritania",
        "speaksFor: q q",
        "q q",
        "person/rupert.speaksFor",
        "no thing q q",
    ),
    Bad(
        "link-class",
        "speaksFor: actor/ruritania",
        "speaksFor: place/freedon",
        "person/rupert:",
        "person/rupert.speaksFor",
        "place/freedon is a AirBase, not a Actor",
    ),
    Bad(
        "link-on-a-line",
        "label: Strelsau\n",
        "label: Strelsau\n  within: actor/freedonia\n",
        "within",
        "place/strelsau.within",
        "actor/freedonia is a State, not a Place",
    ),
    Bad(
        "circle",
        "label: Ruritania, ",
        "label: R, speaksFor: actor/ruritania, ",
        "label: R,",
        "actor/ruritania.speaksFor",
        "leads back to itself",
    ),
    Bad(
        "point",
        POINT,
        "point: {lat: '50.1', lon: '14.4'}",
        "point",
        AT,
        "lacks accuracy, source, record",
    ),
    Bad("point-text", POINT, 'point: "50.1 14.4"', "point", AT, "lacks lat, lon"),
    Bad("point-field", 'record: "7"', 'record: "7", high: "9"', "point", f"{AT}.high", "no field"),
    Bad("latitude", 'lat: "50.1"', 'lat: "90.5"', "point", f"{AT}.lat", "degrees from -90 to 90"),
    Bad("longitude", 'lon: "14.4"', 'lon: "14°4"', "point", f"{AT}.lon", "from -180 to 180"),
    Bad("not-a-number", 'lat: "50.1"', 'lat: "NaN"', "point", f"{AT}.lat", "not in degrees"),
    Bad("accuracy", '"5000"', '"5 km"', "point", f"{AT}.accuracy", "is no number of metres"),
    Bad(
        "point-source",
        "source: source/atlas",
        "source: the atlas",
        "point",
        f"{AT}.source",
        "no id",
    ),
    Bad("said", SAID, "said: {edtf: June}", "June", "utterance/briefing.said", "not an EDTF date"),
    Bad(
        "said-text",
        SAID,
        "said: 2023-06-09",
        "said:",
        "utterance/briefing.said",
        "lacks edtf",
        "edtf: …",
    ),
)


@named(*BAD)
def test_a_thing_that_cannot_be_read_is_told(bad: Bad, schema: Schema) -> None:
    text = bad.spoil(ENTITIES)
    told(bad, text, "x.yaml", lambda: entities([yaml_document(text, "x.yaml")], schema))


def test_there_are_enough_bad_things() -> None:
    assert len(BAD) >= 25


def problems(schema: Schema, *texts: str) -> list[str]:
    documents = [yaml_document(text, f"{n}.yaml") for n, text in enumerate(texts)]
    with pytest.raises(InputError) as caught:
        entities(documents, schema)
    return [*map(str, caught.value.problems)]


def test_a_thing_declared_twice_is_told_with_the_first(schema: Schema) -> None:
    text = "# one\nactor/x: {type: Group, label: X}\n"
    assert problems(schema, text, text) == [
        "1.yaml:2: actor/x: declared twice (the first is 0.yaml:2)"
    ]


def test_a_file_that_is_no_map_is_told(schema: Schema) -> None:
    assert problems(schema, "- actor/x\n") == [
        "0.yaml:1: is no map of ids to things (write id: {type: …, label: …})"
    ]


def test_a_circle_of_speakers_is_told_of_each_who_stands_in_it(schema: Schema) -> None:
    text = "".join(
        f"actor/{name}: {{type: Group, label: X, speaksFor: actor/{other}}}\n"
        for name, other in ("ab", "bc", "cb")
    )
    found = problems(schema, text)
    assert found == [
        "0.yaml:2: actor/b.speaksFor: leads back to itself",
        "0.yaml:3: actor/c.speaksFor: leads back to itself",
    ]


def test_all_problems_are_told_at_once(schema: Schema) -> None:
    assert len(problems(schema, "actor/x: {}\nq/y: {label: Y}\n", "place/z: {label: Z}\n")) == 3
