"""Where pySHACL departs from the recommendation and we do not: the table in docs/validation.md."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.rdf import Triple
from kg.shacl import Data, by_reference, read_shapes, validate

DOCS = Path(__file__).parents[3] / "docs" / "validation.md"
HEAD = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix : <urn:x:> .
"""

REFUSED = -1
# what stands in the table, the property shape, the values; how many results: ours, pySHACL's
DEPARTURES = [
    ("a bound of another kind", "sh:maxInclusive 1", "true, 3", 2, 1),
    ("an ill-typed number", "sh:minInclusive 2.5", '"x"^^xsd:integer', 1, 0),
    ("`sh:lessThan` where a value is an IRI", "sh:lessThan :q", ":a", 1, 0),
    ("an IRI or a blank node", "sh:lessThan :q", "_:b", 1, REFUSED),
    ('`sh:uniqueLang "1"', 'sh:uniqueLang "1"^^xsd:boolean', '"a"@en, "b"@en', 0, 1),
    ('`sh:languageIn ("en-GB")`', 'sh:languageIn ("en-GB")', '"a"@en-gb-oed', 0, 1),
]


def read(text: str) -> list[Triple]:
    return [
        Triple(str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in ox.parse(HEAD + text, ox.RdfFormat.TURTLE)
    ]


@pytest.mark.parametrize(
    ("row", "constraint", "values", "ours", "theirs"), DEPARTURES, ids=[d[0] for d in DEPARTURES]
)
def test_the_engines_differ_as_the_table_says(
    row: str, constraint: str, values: str, ours: int, theirs: int
) -> None:
    shapes = read_shapes(read(f":S sh:targetNode :n ; sh:property [ sh:path :p ; {constraint} ] ."))
    data = Data(read(f":n :p {values} ; :q :z ."))

    assert row in DOCS.read_text("utf-8")
    assert shapes.referrals == ()
    assert len(validate(data, shapes).results) == ours
    if theirs == REFUSED:
        with pytest.raises((InputError, TypeError)):
            by_reference(data, shapes)
    else:
        assert len(by_reference(data, shapes).results) == theirs
