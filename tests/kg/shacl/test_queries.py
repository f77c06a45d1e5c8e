"""SPARQL constraints, matched in memory or asked of the engine, get pySHACL's report."""

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.rdf import Triple
from kg.shacl import Data, Shapes, by_reference, read_shapes, validate

HEAD = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix : <urn:x:> .
"""
DATA = """
    :a a :C ; :p :b, 1, 2 ; :q "xyz", "xy"@en ; :r :c .
    :b a :C ; :p :c, 3 ; :q "abc" ; :r _:blank .
    :c a :C ; :p :a ; :q true ; :s :c .
    _:blank a :C ; :p 5 ; :q "x" .
"""
ONTOLOGY = """
    :prefixes sh:declare [ sh:prefix "m" ; sh:namespace "urn:x:"^^xsd:anyURI ] .
"""

MATCHED = [
    "SELECT $this { FILTER ($this = m:a) }",
    "SELECT $this { $this m:p ?o FILTER (?o > 1) }",
    "SELECT DISTINCT $this ?value { $this m:p ?value FILTER (?value >= 1 && ?value < 3) }",
    "SELECT $this ?value { $this m:p ?value FILTER (isIRI(?value) || ?value = 1) }",
    "SELECT $this ?value { $this m:p ?value FILTER (!isLITERAL(?value)) }",
    "SELECT $this ?value { $this m:r ?value FILTER (isBLANK(?value) || isURI(?value)) }",
    "SELECT $this ?value { $this m:p ?x ; m:p ?value FILTER (?value = ?x + 1) }",
    "SELECT $this ?value { $this m:p ?x ; m:p ?value FILTER (?value <= ?x - 1) }",
    "SELECT $this ?value { $this m:q ?value FILTER STRSTARTS(STR(?value), 'x') }",
    "SELECT $this ?value { $this m:q ?value FILTER STRENDS(STR(?value), 'c') }",
    "SELECT $this ?value { $this m:q ?value FILTER CONTAINS(STR(?value), 'y') }",
    "SELECT $this ?value { $this m:q ?value FILTER (STRLEN(?value) > 2) }",
    "SELECT $this ?value { $this m:q ?value FILTER (LANG(?value) = 'en') }",
    "SELECT $this ?value { $this m:p ?value FILTER (DATATYPE(?value) = xsd:integer) }",
    "SELECT $this ?value { $this m:p ?value FILTER sameTerm(?value, m:a) }",
    "SELECT $this ?value { $this m:p ?value FILTER (BOUND(?value) && ?value != 1) }",
    "SELECT $this ?value { $this ?value ?o . ?o a m:C }",
    "SELECT $this ?value { ?o ?value $this }",
    "SELECT $this ?value { ?value ?p ?o FILTER (?o = $this) }",
    "SELECT $this { $this m:p ?o FILTER EXISTS { ?o m:p ?x FILTER (?x = 3) } }",
    "SELECT $this ?value { $this m:p ?value FILTER NOT EXISTS { ?value m:p $this } }",
    "SELECT $this { $this a m:C . $this ?p [ m:p ?x ] }",
    "SELECT $this ?path ?value { $this ?path ?value . ?value m:r ?o }",
    "SELECT $this ?value { $this m:q ?value FILTER (?value = true) }",
]
ASKED = [
    "SELECT $this { $this m:p ?o } GROUP BY $this HAVING (COUNT(?o) > 1)",
    "SELECT $this (COUNT(?o) AS ?n) { $this m:p ?o } GROUP BY $this HAVING (COUNT(?o) > 2)",
    "SELECT $this ?value { $this m:p ?value FILTER REGEX(STR(?value), '^urn') }",
    "SELECT $this ?value { { $this m:p ?value } UNION { $this m:r ?value } FILTER isIRI(?value) }",
    "SELECT $this ?value { $this m:p/m:p ?value }",
    "SELECT $this ?value { $this m:s ?value . ?value m:s ?value }",
    "SELECT $this ?value { $this m:p ?value FILTER (?value IN (1, m:b)) }",
    "SELECT $this ?value { $this m:p ?x BIND (?x AS ?value) FILTER (?x = 1) }",
    "SELECT $this { $this m:p ?o FILTER EXISTS { ?o m:p ?x FILTER EXISTS { ?x m:p ?y } } }",
    "SELECT $this { $this m:r ?o FILTER (true) }",
]


def read(text: str) -> list[Triple]:
    return [
        Triple(str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in ox.parse(HEAD + text, ox.RdfFormat.TURTLE)
    ]


def shapes_with(query: str, more: str = "", target: str = "sh:targetClass :C") -> Shapes:
    asked = f'sh:prefixes :prefixes ; sh:select """{query}""" ; {more}'
    return read_shapes(read(f"{ONTOLOGY} :S {target} ; sh:sparql [ {asked} ] ."))


def is_matched(shapes: Shapes) -> bool:
    (query,) = [each.query for shape in shapes.targeted for each in shape.constraints]
    return query is not None and query.select is not None


@pytest.mark.parametrize("query", MATCHED)
def test_a_query_of_triples_and_filters_is_matched_in_memory(query: str) -> None:
    shapes, data = shapes_with(query), Data(read(DATA))
    report = validate(data, shapes)

    assert is_matched(shapes)
    assert report.results
    assert report == by_reference(data, shapes)


@pytest.mark.parametrize("query", ASKED)
def test_any_other_query_is_asked_of_the_engine(query: str) -> None:
    shapes, data = shapes_with(query), Data(read(DATA))
    report = validate(data, shapes)

    assert not is_matched(shapes)
    assert shapes.referrals == ()
    assert report.results
    assert report == by_reference(data, shapes)


def test_a_limit_holds_for_each_focus_node() -> None:
    shapes = shapes_with("SELECT $this ?value { $this m:p ?value } ORDER BY STR(?value) LIMIT 1")
    report = validate(Data(read(DATA)), shapes)

    assert len(report.results) == len({each.focus for each in report.results}) == 4


def test_what_cannot_be_compared_lets_nothing_pass() -> None:
    for test in (
        "?value < m:a",
        "?value + 1 = 2",
        "STRLEN(m:a) = 1",
        "!?value",
        "LANG(m:a) = 'en'",
    ):
        shapes = shapes_with(f"SELECT $this ?value {{ $this m:r ?value FILTER ({test}) }}")
        assert is_matched(shapes)
        assert validate(Data(read(DATA)), shapes).conforms


def test_one_that_decides_does_so_beside_one_that_fails() -> None:
    for test, count in (("?value < m:a || isIRI(?value)", 1), ("?value < m:a && isIRI(?value)", 0)):
        shapes = shapes_with(f"SELECT $this ?value {{ $this m:r ?value FILTER ({test}) }}")
        assert len(validate(Data(read(DATA)), shapes).results) == count


def test_a_message_is_filled_in_and_the_query_s_own_comes_first() -> None:
    query = "SELECT $this ?value ?n { $this m:p ?value ; m:r ?n FILTER isIRI(?value) }"
    shapes = shapes_with(query, 'sh:message "{$this} has {?value}, {?n}, {?other}"@en')
    (one, *_) = validate(Data(read(DATA)), shapes).results

    assert one.messages == ('"urn:x:a has urn:x:b, urn:x:c, {?other}"@en',)


def test_a_query_of_a_property_shape_has_its_path() -> None:
    query = "SELECT $this ?value { $this $PATH ?value FILTER isLITERAL(?value) }"
    text = (
        f':S sh:targetClass :C ; sh:property [ sh:path :p ; sh:sparql [ sh:select "{query}" ] ] .'
    )
    shapes, data = read_shapes(read(text)), Data(read(DATA))
    report = validate(data, shapes)

    assert {each.path for each in report.results} == {"<urn:x:p>"}
    assert report == by_reference(data, shapes)


def test_a_query_within_another_shape_says_who_does_not_conform() -> None:
    text = """:S sh:targetClass :C ; sh:not [ sh:sparql [ sh:select
        "SELECT $this { $this <urn:x:r> ?o }" ] ] ."""
    shapes, data = read_shapes(read(text)), Data(read(DATA))

    assert len(validate(data, shapes).results) == 2
    assert validate(data, shapes) == by_reference(data, shapes)


def test_prefixes_are_those_of_ontologies_that_are_imported_too() -> None:
    text = """
        :more sh:declare [ sh:prefix "m" ; sh:namespace "urn:x:"^^xsd:anyURI ] .
        :first owl:imports :more, :first .
        :S sh:targetClass :C ; sh:sparql [ sh:prefixes :first ;
            sh:select "SELECT $this { $this m:r ?o }" ] .
    """

    assert len(validate(Data(read(DATA)), read_shapes(read(text))).results) == 2


def test_a_query_that_is_switched_off_asks_nothing() -> None:
    shapes = shapes_with("SELECT $this { $this m:p ?o }", "sh:deactivated true")

    assert validate(Data(read(DATA)), shapes).conforms


def test_literals_may_be_focus_nodes_of_the_engine_too() -> None:
    shapes = shapes_with(
        "SELECT $this { { FILTER isLITERAL($this) } UNION { FILTER isIRI($this) } }",
        target="sh:targetObjectsOf :q, :p",
    )
    data = Data(read(DATA))

    assert not is_matched(shapes)
    assert len(validate(data, shapes).results) == 12
    assert validate(data, shapes) == by_reference(data, shapes)


@pytest.mark.parametrize(
    "query", ["SELECT $this { $this m:p }", "SELECT $this { $this m:p ?o FILTER(UNKNOWN(?o)) }"]
)
def test_what_is_no_sparql_is_refused(query: str) -> None:
    with pytest.raises(InputError):
        validate(Data(read(DATA)), shapes_with(query))
