"""What editors read: the schema that mappings name, and the catalogue beside the ontology."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from kg.corpus import read_corpus
from kg.resources import folder

MODELINE = "# yaml-language-server: $schema="
OWL = "http://www.w3.org/2002/07/owl#"
MAPPINGS = sorted(folder("seeds").glob("00*.yaml"))


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_each_mapping_names_the_schema_first(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith(MODELINE)
    assert (path.parent / first.removeprefix(MODELINE)).is_file()


def test_there_are_mappings() -> None:
    assert len(MAPPINGS) >= 5


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder("seeds") / "article.schema.json").read_text("utf-8"))
    return found


def test_a_name_of_each_actor_is_offered_and_each_thing_with_its_name(
    schema: dict[str, Any],
) -> None:
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    known, declared = corpus.vocabulary.entities.by_id, corpus.vocabulary.schema
    actors = {each.id for each in known.values() if declared.is_a(each.type, "Actor")}
    assert {*schema["$defs"]["ids-Actor"]["anyOf"][0]["enum"]} == actors
    assert len(actors) > 40
    offered = schema["properties"]["claims"]["items"]["properties"]
    assert {name: offered[name]["description"] for name in known} == {
        name: each.label for name, each in known.items()
    }


def test_what_can_be_claimed_is_offered_with_what_it_means(schema: dict[str, Any]) -> None:
    supplier = schema["$defs"]["frame-Transfer"]["properties"]["supplier"]
    assert supplier["description"] == "The actor from whom the transfer is said to come."


def test_the_catalogue_finds_each_import_in_the_file_of_that_name() -> None:
    catalogue = ET.parse(folder("ontology") / "catalog-v001.xml").getroot()  # noqa: S314 -- ours
    found = {each.attrib["name"]: folder("ontology") / each.attrib["uri"] for each in catalogue}
    head = [*ox.parse(path=str(folder("ontology") / "caspian.ttl"))]
    imports = {t.object.value for t in head if t.predicate.value == f"{OWL}imports"}
    version = {t.object.value for t in head if t.predicate.value == f"{OWL}versionIRI"}
    assert len(imports) >= 6
    assert {*found} == imports | version | {"https://w3id.org/caspian/ontology"}
    for name, path in found.items():
        said = ox.parse(path=str(path))
        named = {t.subject.value for t in said if t.object == ox.NamedNode(f"{OWL}Ontology")}
        assert named == {name} - version or name in version
