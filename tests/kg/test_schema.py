from pathlib import Path

import pytest

from kg.errors import InputError
from kg.rdf import Triple, read_turtle
from kg.resources import folder
from kg.schema import Property, Schema, ontology_files, read_schema, schema

ONTOLOGY = """\
@prefix cas: <https://w3id.org/caspian/ontology#> .
@prefix mood: <https://w3id.org/caspian/id/mood/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
cas:Thing a owl:Class .
cas:Actor a owl:Class ; rdfs:subClassOf cas:Thing, prov:Agent .
cas:State a owl:Class ; rdfs:subClassOf cas:Actor ; cas:idPrefix "actor/" .
cas:Group a owl:Class ; rdfs:subClassOf cas:Actor ; cas:idPrefix "actor/" .
cas:Mood a owl:Class .
prov:Agent a owl:Class .
mood:glad a cas:Mood .
mood:sad a cas:Mood, owl:NamedIndividual .
cas:likes a owl:ObjectProperty, cas:ClaimProperty ; cas:key "likes" ; cas:valueKind "thing" ;
  cas:appliesTo cas:State, cas:Group ; cas:valueClass cas:Thing .
cas:motto a cas:ClaimProperty ; cas:key "motto" ; cas:valueKind "text" ; cas:appliesTo cas:Actor .
cas:speaker a owl:ObjectProperty .
"""


@pytest.fixture
def small_schema(tmp_path: Path) -> Schema:
    path = tmp_path / "x.ttl"
    path.write_text(ONTOLOGY, "utf-8")
    return schema(read_turtle(path))


def test_a_class_is_all_the_classes_above_it(small_schema: Schema) -> None:
    assert small_schema.ancestors["State"] == {"State", "Actor", "Thing"}
    assert small_schema.is_a("State", "Thing")
    assert not small_schema.is_a("Actor", "State")


def test_classes_of_others_are_left_out(small_schema: Schema) -> None:
    assert set(small_schema.parents) == {"Thing", "Actor", "State", "Group", "Mood"}
    assert small_schema.parents["Actor"] == ("Thing",)


def test_a_prefix_leads_to_all_classes_that_carry_it(small_schema: Schema) -> None:
    assert small_schema.prefixes == {"actor": ("Group", "State")}


def test_concepts_are_the_declared_instances_of_their_class(small_schema: Schema) -> None:
    assert small_schema.concepts == {"Mood": {"mood/glad", "mood/sad"}}


def test_only_claim_properties_can_be_claimed(small_schema: Schema) -> None:
    assert small_schema.properties == {
        "likes": Property("likes", "thing", ("Thing",), ("Group", "State")),
        "motto": Property("motto", "text", (), ("Actor",)),
    }


def test_what_can_be_claimed_of_a_class_can_be_claimed_of_those_below(small_schema: Schema) -> None:
    assert small_schema.allowed["State"] == {"likes", "motto"}
    assert small_schema.allowed["Actor"] == {"motto"}
    assert small_schema.allowed["Mood"] == frozenset()


@pytest.mark.parametrize("kind", ["", 'cas:valueKind "number" ;', 'cas:valueKind "Text" ;'])
def test_a_property_of_no_known_kind_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(ONTOLOGY.replace('cas:valueKind "text" ;', kind))
    with pytest.raises(InputError, match="motto: cas:valueKind: no such kind"):
        schema(read_turtle(path))


def test_a_folder_without_an_ontology_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no \.ttl file"):
        read_schema(tmp_path)


def test_the_generated_pairs_are_never_read_for_the_schema(tmp_path: Path) -> None:
    (tmp_path / "claims.ttl").write_text("this is not Turtle")
    with pytest.raises(InputError, match=r"holds no \.ttl file"):
        read_schema(tmp_path)
    (tmp_path / "x.ttl").write_text(ONTOLOGY)
    assert set(read_schema(tmp_path).properties) == {"likes", "motto"}
    assert [path.name for path in ontology_files(tmp_path)] == ["claims.ttl", "x.ttl"]


def test_alignments_are_not_part_of_the_ontology() -> None:
    files = ontology_files(folder("ontology"))
    assert {path.stem for path in files} >= {"actors", "statements", "transfers", "claims"}
    assert all(path.parent == folder("ontology") for path in files)


def test_the_shipped_ontology_declares_what_mappings_rest_on() -> None:
    found = read_schema(folder("ontology"))
    assert len(found.properties) >= 80
    assert {p.kind for p in found.properties.values()} == {
        *("thing", "concept", "text", "integer", "quantity", "money", "distance", "date")
    }
    assert found.prefixes["outlet"] == ("NewsOrganisation",)
    assert "status/delivered" in found.concepts["Status"]
    assert all(
        found.concepts[p.values[0]] for p in found.properties.values() if p.kind == "concept"
    )
    assert all(p.applies_to for p in found.properties.values())
    assert {c for p in found.properties.values() for c in p.applies_to} <= set(found.parents)


def test_the_order_of_triples_does_not_matter() -> None:
    triples = [t for path in ontology_files(folder("ontology")) for t in read_turtle(path)]
    assert schema(reversed(triples)) == schema(triples)
    assert schema([Triple("<http://e/a>", "<http://e/b>", '"c"')]) == Schema({}, {}, {}, {})
