"""Lint: each check finds its fault, at its line, and nothing in an ontology that is sound."""

import json
from pathlib import Path

import pytest

from kg.checking.findings import LEVELS, Finding
from kg.checking.lint import lint, lint_checks, rdf_in
from kg.cli import main
from kg.errors import InputError
from kg.resources import folder

Printed = pytest.CaptureFixture[str]
CHECKS = lint_checks(folder("queries") / "lint")
HEAD = """\
@prefix e: <http://example.org/o#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix s: <http://example.org/shapes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
THING = """\
e:Thing a owl:Class ; rdfs:label "thing"@en ; skos:definition "What there is."@en ;
  skos:example "A stone."@en ; rdfs:isDefinedBy <http://example.org/o> .
"""
STONE = """\
e:Stone a owl:Class ; rdfs:subClassOf e:Thing ; rdfs:label "stone"@en ;
  skos:definition "A piece of rock."@en ; skos:example "Flint."@en ;
  rdfs:isDefinedBy <http://example.org/o> .
e:lies a owl:ObjectProperty ; rdfs:label "lies"@en ; skos:definition "Where it is."@en ;
  skos:example "On a hill."@en ; rdfs:isDefinedBy <http://example.org/o> .
e:weight a owl:DatatypeProperty ; rdfs:label "weight"@en ; skos:definition "How heavy it is."@en ;
  skos:example "3 kg."@en ; rdfs:isDefinedBy <http://example.org/o> .
"""
TITLE = '<http://example.org/o> a owl:Ontology ; dcterms:title "O"@en ; dcterms:license <urn:l> .\n'
ONTOLOGY = TITLE + THING + STONE
SHAPES = """\
s:Thing a sh:NodeShape ; sh:targetClass e:Thing ; sh:property s:lies .
s:lies a sh:PropertyShape ; sh:path e:lies ; sh:minCount 1 ; sh:message "It lies: say where" .
"""
# check → what is replaced in the ontology, then in the shapes (nothing: it is added), and the term
CASES: dict[str, tuple[str, str, str, str]] = {
    "unknown-term": ("sh:path e:lies", "sh:path e:leis", "shapes", "e:leis"),
    "shape-targets-nothing": (
        "sh:targetClass e:Thing",
        "sh:targetClass <urn:T>",
        "shapes",
        "s:Thing",
    ),
    "shape-without-target": ("sh:targetClass e:Thing ;", "", "shapes", "s:Thing"),
    "shape-without-message": ('; sh:message "It lies: say where"', "", "shapes", "s:lies"),
    "shape-deactivated": ("sh:minCount 1", "sh:deactivated true", "shapes", "s:lies"),
    "shape-of-a-deprecated-term": ("e:lies a", "e:lies owl:deprecated true ; a", "o", "s:lies"),
    "class-without-shape": ("", "e:New a owl:Class .", "o", "e:New"),
    "no-label": ('rdfs:label "stone"@en ;', "", "o", "e:Stone"),
    "no-definition": ('skos:definition "A piece of rock."@en ;', "", "o", "e:Stone"),
    "no-example": ('skos:example "Flint."@en ;', "", "o", "e:Stone"),
    "no-source": ('3 kg."@en ; rdfs:isDefinedBy <http://example.org/o>', '3 kg."', "o", "e:weight"),
    "several-labels": ('"stone"@en', '"stone"@en, "rock"@en', "o", "e:Stone"),
    "same-label": ('"lies"@en', '"weight"@en', "o", "e:lies"),
    "several-definitions": ('"Where it is."@en', '"Where."@en, "Its place."@en', "o", "e:lies"),
    "same-definition": ('"Where it is."@en', '"How heavy it is."@en', "o", "e:lies"),
    "stray-space": ('"lies"@en', '"lies "@en', "o", "e:lies"),
    "definition-of-itself": ('"Where it is."@en', '"Lies."@en', "o", "e:lies"),
    "no-language": ('"lies"@en', '"lies"', "o", "e:lies"),
    "deprecated-in-use": ("e:Thing a", "e:Thing owl:deprecated true ; a", "o", "e:Thing"),
    "below-itself": ("e:Thing a", "e:Thing rdfs:subClassOf e:Thing ; a", "o", "e:Thing"),
    "class-above-nothing": ("", "e:New a owl:Class .", "o", "e:New"),
    "ontology-without-title": ('; dcterms:title "O"@en', "", "o", "http://example.org/o"),
    "ontology-without-licence": ("; dcterms:license <urn:l>", "", "o", "http://example.org/o"),
    "dl-property-of-two-kinds": ("e:lies a", "e:lies a owl:DatatypeProperty ; a", "o", "e:lies"),
    "dl-class-and-datatype": ("e:Stone a", "e:Stone a rdfs:Datatype ; a", "o", "e:Stone"),
    "dl-undeclared": ("e:lies a", "e:lies rdfs:range <urn:Hill> ; a", "o", "urn:Hill"),
    "dl-literal-property-reversed": (
        *("e:weight a", "e:weight a owl:SymmetricProperty ; a", "o", "e:weight"),
    ),
    "dl-not-simple": (
        *("e:lies a", "e:lies a owl:TransitiveProperty, owl:FunctionalProperty ; a", "o", "e:lies"),
    ),
    "rl-reflexive": ("e:lies a", "e:lies a owl:ReflexiveProperty ; a", "o", "e:lies"),
    "rl-superclass": (
        "rdfs:subClassOf e:Thing",
        "rdfs:subClassOf e:Thing, [ owl:onProperty e:lies ; owl:someValuesFrom e:Thing ]",
        *("o", "e:Stone"),
    ),
    "rl-subclass": (
        "",
        "[] owl:onProperty e:lies ; owl:allValuesFrom e:Stone ; rdfs:subClassOf e:Stone .",
        *("o", "e:Stone"),
    ),
    "rl-disjoint-union": ("e:Thing a", "e:Thing owl:disjointUnionOf () ; a", "o", "e:Thing"),
    "rl-datatype": ("e:weight a", "e:weight rdfs:range owl:real ; a", "o", "e:weight"),
}


def found(place: Path, ontology: str, shapes: str) -> tuple[Finding, ...]:
    (place / "o.ttl").write_text(HEAD + ontology, "utf-8")
    (place / "shapes.ttl").write_text(HEAD + shapes, "utf-8")
    return lint([place / "o.ttl"], [place / "shapes.ttl"], CHECKS).all


def test_a_sound_ontology_has_no_finding(tmp_path: Path) -> None:
    assert found(tmp_path, ONTOLOGY, SHAPES) == ()


def test_every_check_has_a_fault_to_find() -> None:
    assert [check.name for check in CHECKS] == sorted(CASES)
    assert len(CHECKS) >= 30
    assert all(check.level in LEVELS and check.message and check.hint for check in CHECKS)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_check_finds_its_fault_at_its_line(name: str, tmp_path: Path) -> None:
    before, after, where, term = CASES[name]
    good = {"o": ONTOLOGY, "shapes": SHAPES}
    assert before in good[where]
    bad = good[where].replace(before, after, 1) if before else f"{good[where]}{after}\n"
    findings = found(
        tmp_path,
        **{"ontology": ONTOLOGY, "shapes": SHAPES}
        | {"ontology" if where == "o" else "shapes": bad},
    )
    told = [each for each in findings if each.rule == name]
    short = term.replace("e:", "http://example.org/o#").replace("s:", "http://example.org/shapes#")
    wanted = term if "//" in term or term.startswith("urn") else short
    assert [each.key for each in told] == [wanted], findings
    line = Path(told[0].file).read_text("utf-8").split("\n")[told[0].line - 1]
    assert term in line or f"<{term}>" in line


def test_our_ontology_and_shapes_have_no_error_and_no_warning(capsys: Printed) -> None:
    assert main(["lint", "--fail-on", "warning", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {each["level"] for each in told["findings"]} <= {"info"}
    assert {"transfers.ttl", "claims.ttl"} <= {Path(name).name for name in told["files"]}


def test_a_misspelt_term_is_told_with_the_nearest(tmp_path: Path, capsys: Printed) -> None:
    found(tmp_path, ONTOLOGY, SHAPES.replace("sh:path e:lies", "sh:path e:leis"))
    paths = ["--ontology", str(tmp_path / "o.ttl"), "--shapes", str(tmp_path / "shapes.ttl")]
    assert main(["lint", *paths]) == 2
    out = capsys.readouterr().out
    assert "http://example.org/o#leis: is declared nowhere  [unknown-term]" in out
    assert "did you mean http://example.org/o#lies?" in out


def test_a_check_without_its_three_lines_is_refused(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "bad.rq").write_text("# grave\nSELECT ?term { ?term ?p ?o }")
    assert main(["lint", "--checks", str(tmp_path)]) == 2
    assert f"{tmp_path}/bad.rq:1: is no check" in capsys.readouterr().err


def test_a_folder_without_rdf_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no file of RDF"):
        rdf_in(tmp_path)


def test_a_term_written_in_a_way_of_its_own_is_told_without_a_line(tmp_path: Path) -> None:
    (tmp_path / "o.ttl").write_text(HEAD + ONTOLOGY, "utf-8")
    shapes = tmp_path / "shapes.jsonld"
    context = {"a": "http://example.org/sha", "sh": "http://www.w3.org/ns/shacl#"}
    shape = {"@id": "a:pes", "@type": "sh:NodeShape"}
    shapes.write_text(json.dumps({"@context": context, **shape}), "utf-8")
    found = lint([tmp_path / "o.ttl"], [shapes], CHECKS).all
    places = {(each.file, each.line) for each in found if each.rule == "shape-without-target"}
    assert places == {(str(shapes), 0)}
