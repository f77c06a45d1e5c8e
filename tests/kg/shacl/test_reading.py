"""What the reader of shapes leaves to the reference engine, and says so."""

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.rdf import Triple
from kg.shacl import Data, as_turtle, read_shapes, validate
from kg.shacl.described import Described, sh
from kg.shacl.literals import comparable
from kg.shacl.paths import read_path
from kg.terms import XSD

HEAD = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix : <urn:x:> .
"""


def read(text: str) -> list[Triple]:
    return [
        Triple(str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in ox.parse(HEAD + text, ox.RdfFormat.TURTLE)
    ]


LEFT = {
    "sh:js :f": "has sh:js",
    'sh:name "x" ; sh:unheardOf 1': "has sh:unheardOf",
    "sh:severity :a, :b": "has more than one sh:severity",
    "sh:deactivated 1": "neither true nor false",
    "sh:message :m": "an sh:message that is no literal",
    "sh:path :p ; a sh:NodeShape": "is a node shape with sh:path",
    "a sh:PropertyShape": "is a property shape without sh:path",
    "sh:path _:nowhere": "is no path",
    "sh:path [ sh:inversePath :p ; sh:zeroOrMorePath :p ]": "is of several kinds",
    "sh:path ( :p )": "a list of fewer than two",
    "sh:path [ sh:upwardPath :p ]": "its sh:path has",
    "sh:class 1": "sh:class that is no IRI",
    "sh:nodeKind :Kind": "that is no node kind",
    "sh:minCount 1": "sh:minCount and no sh:path",
    "sh:path :p ; sh:minCount true": "that is no whole number",
    "sh:path :p ; sh:maxCount 1, 2": "has more than one sh:maxCount",
    'sh:minInclusive "P1D"^^xsd:duration': "cannot be compared with anything here",
    "sh:pattern 1": "that is no string",
    'sh:pattern "("': "that is no pattern",
    'sh:pattern "a" ; sh:flags "x"': "with the flag x",
    "sh:uniqueLang true": "sh:uniqueLang and no sh:path",
    "sh:lessThan :p": "sh:lessThan and no sh:path",
    "sh:closed 1": "neither true nor false",
    "sh:in ( _:b )": "with a blank node",
    "sh:in :list": "is no well-formed RDF list",
    "sh:hasValue _:b": "that is a blank node",
    'sh:not "x"': "is a literal where a shape is wanted",
    "sh:node [ sh:path :p ]": "sh:node that has an sh:path",
    "sh:property [ sh:class :C ]": "sh:property that has no sh:path",
    "sh:path :p ; sh:qualifiedValueShape [ sh:class :C ]": "without one least or greatest number",
    "sh:not :S": "refers to itself",
    "sh:sparql [ ]": "has not one sh:select",
    'sh:sparql [ sh:select "SELECT $this { }" ; sh:prefixes [ sh:declare [ ] ] ]': "sh:declare",
}


@pytest.mark.parametrize(("said", "why"), LEFT.items(), ids=str)
def test_what_is_not_read_is_left_to_the_reference_engine(said: str, why: str) -> None:
    (referral,) = read_shapes(read(f":S sh:targetNode :n ; {said} .")).referrals

    assert referral.shape == "<urn:x:S>"
    assert why in referral.why


def test_a_shape_without_fault_is_not_left_with_the_others() -> None:
    shapes = read_shapes(
        read("""
            :S sh:targetNode :n ; sh:class :C .
            :T sh:targetNode :n ; sh:node :U . :U sh:node :T ; sh:class :D .
            :V a sh:NodeShape, rdfs:Class ; sh:property [ sh:path :p ; sh:minCount 1 ] .
            :W a sh:NodeShape, rdfs:Class ; sh:node :T ; sh:class :E .
        """)
    )
    report = validate(Data(read(":v a :V . :w a :W .")), shapes)

    assert [each.shape for each in report.referrals] == ["<urn:x:T>", "<urn:x:W>"]
    found = {(each.focus, each.shape, each.engine) for each in report.results if each.owner}
    assert ("<urn:x:n>", "<urn:x:S>", "native") in found
    assert ("<urn:x:n>", "<urn:x:T>", "pySHACL") in found
    assert ("<urn:x:w>", "<urn:x:W>", "pySHACL") in found
    assert {engine for focus, _, engine in found if focus == "<urn:x:v>"} == {"native"}


def test_a_target_of_shacl_af_is_heard_by_the_reference_engine() -> None:
    shapes = read_shapes(
        read("""
            :S a sh:NodeShape ; sh:class :C ; sh:target [ a sh:SPARQLTarget ;
                sh:select "SELECT ?this { ?this <urn:x:p> ?o }" ] .
        """)
    )
    report = validate(Data(read(":n :p 1 .")), shapes)

    assert [each.why for each in report.referrals] == ["has sh:target"]
    assert [each.focus for each in report.results] == ["<urn:x:n>"]


def test_what_is_switched_off_or_says_nothing_is_read() -> None:
    for said in (
        "sh:deactivated true ; sh:class :C",
        "sh:closed false",
        'sh:path :p ; sh:uniqueLang "1"^^xsd:boolean',
    ):
        shapes = read_shapes(read(f":S sh:targetNode :n ; sh:deactivated false ; {said} ."))
        if "deactivated true" in said:
            shapes = read_shapes(read(f":S sh:targetNode :n ; {said} ."))
        assert shapes.referrals == ()
        assert validate(Data(), shapes).conforms


PATHS = {
    ":p": "<urn:x:p>",
    "[ sh:inversePath :p ]": "^<urn:x:p>",
    "( :p [ sh:alternativePath ( :q :r ) ] )": "<urn:x:p>/(<urn:x:q>|<urn:x:r>)",
    "[ sh:zeroOrMorePath [ sh:inversePath :p ] ]": "(^<urn:x:p>)*",
    "[ sh:oneOrMorePath ( :p :q ) ]": "(<urn:x:p>/<urn:x:q>)+",
    "[ sh:zeroOrOnePath :p ]": "<urn:x:p>?",
    "[ sh:inversePath ( :p [ sh:zeroOrMorePath :q ] ) ]": "(^<urn:x:q>)*/^<urn:x:p>",
}


@pytest.mark.parametrize(("path", "text"), PATHS.items(), ids=PATHS.values())
def test_a_report_s_graph_says_what_the_report_says(path: str, text: str) -> None:
    shapes = read_shapes(
        read(f':S sh:targetNode :n ; sh:path {path} ; sh:minCount 9 ; sh:message "mend it"@en .')
    )
    report = validate(Data(read(":n :p :m .")), shapes)
    (result,) = report.results
    told = Described(report.graph())
    (node,) = told.of_type(sh("ValidationResult"))
    (stated,) = told.values(node, "resultPath")

    assert result.path == text == str(read_path(told.nodes, stated))
    assert told.values(node, "focusNode") == ["<urn:x:n>"]
    assert told.values(node, "resultMessage") == ['"mend it"@en']
    assert told.values(node, "sourceShape") == ["<urn:x:S>"]
    assert [*told.nodes["_:report"][sh("conforms")]] == [f'"false"^^<{XSD}boolean>']
    assert {*read(as_turtle(report))}  # it can be read again


def test_where_a_shape_is_silent_the_result_says_what_is_broken() -> None:
    shapes = read_shapes(read(":S sh:targetNode :n, _:b ; sh:class :C ."))
    said = {each.said for each in validate(Data(), shapes).results}

    assert said == {"sh:class is not kept by urn:x:n", "sh:class is not kept by []"}


def test_shapes_that_no_engine_takes_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        validate(Data(), read_shapes(read(":S sh:targetNode :n ; sh:property :nothing .")))

    assert refused.value.problems[0].file == "shapes"


VALUES = {
    f'"1"^^<{XSD}boolean>': ("boolean", True),
    f'"maybe"^^<{XSD}boolean>': None,
    f'"256"^^<{XSD}unsignedByte>': None,
    f'"-1"^^<{XSD}nonNegativeInteger>': None,
    f'"1.5"^^<{XSD}integer>': None,
    f'"INF"^^<{XSD}double>': ("number", float("inf")),
    f'"-0044"^^<{XSD}gYear>': ("year", -44),
    f'"2023-13"^^<{XSD}gYearMonth>': None,
    f'"2023-05"^^<{XSD}gYearMonth>': ("month", (2023, 5)),
    f'"2023-02-30"^^<{XSD}date>': None,
    f'"2023-02-30T10:00:00"^^<{XSD}dateTime>': None,
    f'"yesterday"^^<{XSD}dateTime>': None,
    f'"yesterday"^^<{XSD}date>': None,
    f'"25:00:00"^^<{XSD}time>': None,
    f'"noon"^^<{XSD}time>': None,
    '"x"@en': None,
    "<urn:a>": None,
}


@pytest.mark.parametrize(("term", "value"), VALUES.items(), ids=str)
def test_a_literal_has_the_value_of_its_datatype(term: str, value: object) -> None:
    found = comparable(term)

    assert (found and tuple(found)) == value


def test_moments_in_zones_are_compared_by_when_they_are() -> None:
    def at(text: str, datatype: str) -> object:
        found = comparable(f'"{text}"^^<{XSD}{datatype}>')
        assert found is not None
        return found

    assert at("2023-05-04T10:00:00Z", "dateTime") == at("2023-05-04T12:00:00+02:00", "dateTime")
    assert at("2023-05-04T10:00:00Z", "dateTime") != at("2023-05-04T10:00:00", "dateTime")
    assert at("2023-05-04Z", "date") == at("2023-05-04+00:00", "date")
    assert at("10:00:00Z", "time") == at("11:00:00+01:00", "time")
    assert at("10:00:00", "time") != at("10:00:00Z", "time")
