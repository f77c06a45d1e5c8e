"""What validation reports, and where it says a fault came from."""

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import shacl
from kg.errors import InputError, Problem
from kg.rdf import Triple
from kg.shacl import read_shapes
from kg.validation import Data, Report, Result, folder_triples, problems
from kg.vocab import ID, PREFIXES, SH, XSD

NONE: list[Triple] = []
SHAPE = "https://w3id.org/caspian/shapes#"
LEG = Result(
    focus=f"<{ID}leg/makhachkala-seshcha>",
    messages=('"A leg joins two places: state both its `from:` and its `to:`"',),
    shape=f"<{SHAPE}RouteLegShape>",
    component=f"<{SH}OrConstraintComponent>",
)


def validate(data: list[Triple], *, shapes: list[Triple], ontology: list[Triple]) -> Report:
    return shacl.validate(Data([*data, *ontology]), read_shapes(shapes))


def graph(text: str) -> list[Triple]:
    prefixes = {**PREFIXES, "sh-cas": SHAPE, "place": f"{ID}place/", "actor": f"{ID}actor/"}
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    parsed = ox.parse(head + text, ox.RdfFormat.TURTLE)
    return [Triple(str(each.subject), str(each.predicate), str(each.object)) for each in parsed]


LABELLED = graph("""
    sh-cas:PlaceShape a sh:NodeShape ; sh:targetClass cas:Place ;
      sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:message "A place needs a name" ] .
""")
NAMELESS = graph("place:amirabad a cas:Place . place:seshcha a cas:Place .")


def only(report: Report) -> Result:
    (result,) = report.results
    return result


def test_a_graph_that_keeps_the_shapes_conforms() -> None:
    named = graph('place:amirabad a cas:Place ; rdfs:label "Amirabad" .')

    assert validate(named, shapes=LABELLED, ontology=NONE) == Report()


def test_a_result_names_the_thing_the_path_and_the_shape_that_owns_the_constraint() -> None:
    report = validate(graph("place:seshcha a cas:Place ."), shapes=LABELLED, ontology=NONE)

    assert not report.conforms
    found = only(report)
    assert found == Result(
        focus=f"<{ID}place/seshcha>",
        path=f"<{PREFIXES['rdfs']}label>",
        messages=('"A place needs a name"',),
        shape=found.shape,
        severity=f"<{SH}Violation>",
        component=f"<{SH}MinCountConstraintComponent>",
    )
    assert found.shape.startswith("_:")
    assert found.owner == f"<{SHAPE}PlaceShape>"


def test_results_are_sorted_so_that_two_runs_agree() -> None:
    first, second = (
        validate(NAMELESS, shapes=LABELLED, ontology=NONE),
        validate(NAMELESS[::-1], shapes=LABELLED[::-1], ontology=NONE),
    )

    assert first == second
    assert [result.focus for result in first.results] == [
        f"<{ID}place/amirabad>",
        f"<{ID}place/seshcha>",
    ]


def test_a_class_below_the_one_asked_for_counts_where_the_ontology_says_so() -> None:
    shapes = graph("""
        sh-cas:ActorShape a sh:NodeShape ; sh:targetClass cas:Actor ;
          sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:message "An actor has a name" ] .
    """)
    ontology = graph("cas:State rdfs:subClassOf cas:Actor .")
    state = graph("actor:iran a cas:State .")

    assert validate(state, shapes=shapes, ontology=NONE).conforms
    assert not validate(state, shapes=shapes, ontology=ontology).conforms


def test_concepts_of_the_ontology_are_values_like_any_other() -> None:
    shapes = graph("""
        sh-cas:ClaimShape a sh:NodeShape ; sh:targetClass cas:Claim ;
          sh:property [ sh:path cas:form ; sh:class cas:Form ; sh:message "A form is a form" ] .
    """)
    direct = graph("<https://w3id.org/caspian/id/form/direct> a cas:Form .")
    claim = graph("<x:claim> a cas:Claim ; cas:form <https://w3id.org/caspian/id/form/direct> .")

    assert validate(claim, shapes=shapes, ontology=direct).conforms
    assert only(validate(claim, shapes=shapes, ontology=NONE)).value == f"<{ID}form/direct>"


def test_a_path_of_several_steps_reads_as_in_sparql() -> None:
    shapes = graph("""
        sh-cas:PlaceShape a sh:NodeShape ; sh:targetClass cas:Place ; sh:property [
          sh:path ( [ sh:inversePath cas:about ] [ sh:alternativePath ( cas:form cas:note ) ] ) ;
          sh:minCount 1 ; sh:message "A place is spoken of" ] .
    """)
    found = only(validate(graph("place:seshcha a cas:Place ."), shapes=shapes, ontology=NONE))

    cas = PREFIXES["cas"]
    assert found.path == f"^<{cas}about>/(<{cas}form>|<{cas}note>)"


def test_a_constraint_on_the_thing_itself_has_no_path_and_the_thing_as_value() -> None:
    shapes = graph("""
        sh-cas:PlaceShape a sh:NodeShape ; sh:targetClass cas:Place ;
          sh:pattern "/id/place/" ; sh:message "The id of a place starts with place/" .
    """)
    found = only(validate(graph("actor:seshcha a cas:Place ."), shapes=shapes, ontology=NONE))

    assert (found.path, found.value) == ("", f"<{ID}actor/seshcha>")


def test_a_nested_property_shape_belongs_to_the_outermost_node_shape() -> None:
    shapes = graph("""
        sh-cas:PlaceShape a sh:NodeShape ; sh:targetClass cas:Place ; sh:property [
          sh:path cas:near ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ] .
    """)
    data = graph("place:seshcha a cas:Place ; cas:near place:bryansk .")
    found = only(validate(data, shapes=shapes, ontology=NONE))

    assert (found.focus, found.owner) == (f"<{ID}place/bryansk>", f"<{SHAPE}PlaceShape>")


def test_a_property_shape_of_two_node_shapes_belongs_to_the_first_by_name() -> None:
    shapes = graph("""
        sh-cas:label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 .
        sh-cas:PlaceShape a sh:NodeShape ; sh:targetClass cas:Place ; sh:property sh-cas:label .
        sh-cas:ActorShape a sh:NodeShape ; sh:targetClass cas:Actor ; sh:property sh-cas:label .
    """)
    found = validate(NAMELESS, shapes=shapes, ontology=NONE)

    assert {result.owner for result in found.results} == {f"<{SHAPE}ActorShape>"}


@pytest.mark.parametrize("shape", ["sh-cas:label", "[]"])
def test_a_property_shape_of_no_node_shape_stands_for_itself(shape: str) -> None:
    shapes = graph(f"""
        {shape} a sh:PropertyShape ; sh:targetClass cas:Place ; sh:path rdfs:label ; sh:minCount 1 .
    """)
    found = only(validate(graph("place:seshcha a cas:Place ."), shapes=shapes, ontology=NONE))

    assert found.owner == found.shape
    assert found.shape == f"<{SHAPE}label>" or found.shape.startswith("_:")


def test_a_thing_without_an_iri_is_told_by_its_name_in_the_data() -> None:
    found = only(validate(graph("_:x a cas:Place ."), shapes=LABELLED, ontology=NONE))

    assert found.focus == "_:x"


def test_a_query_tells_the_value_and_fills_in_the_message() -> None:
    shapes = graph("""
        <x:prefixes> sh:declare [ sh:prefix "cas" ;
          sh:namespace "https://w3id.org/caspian/ontology#"^^xsd:anyURI ] .
        sh-cas:PlacesShape a sh:NodeShape ; sh:targetNode cas:Place ; sh:sparql [
          sh:prefixes <x:prefixes> ; sh:message "Nobody is {?value}" ;
          sh:select "SELECT $this ?value WHERE { ?value a cas:Place }" ] .
    """)
    found = only(validate(graph("place:seshcha a cas:Place ."), shapes=shapes, ontology=NONE))

    assert found.focus == f"<{PREFIXES['cas']}Place>"
    assert found.value == f"<{ID}place/seshcha>"
    assert found.said == f"Nobody is {ID}place/seshcha"


def test_several_messages_are_one() -> None:
    shapes = graph("""
        sh-cas:PlaceShape a sh:NodeShape ; sh:targetClass cas:Place ;
          sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:message "name it", "add a name" ] .
    """)
    found = validate(NAMELESS, shapes=shapes, ontology=NONE)

    assert {result.said for result in found.results} == {"add a name; name it"}


# pySHACL returns the first of these errors in place of a report, and raises the second
@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ('sh:sparql [ sh:select "SELECT $this { MINUS { $this a cas:A } }" ]', "MINUS"),
        ("sh:property cas:nothing", "not a well-formed SHACL PropertyShape"),
    ],
)
def test_shapes_that_are_no_shacl_are_refused(constraint: str, message: str) -> None:
    shapes = graph(f"sh-cas:PlaceShape a sh:NodeShape ; sh:targetClass cas:Place ; {constraint} .")

    with pytest.raises(InputError, match=message) as refused:
        validate(NAMELESS, shapes=shapes, ontology=NONE)

    (problem,) = refused.value.problems
    assert problem.file == "shapes"
    assert "w3.org/TR/shacl" in problem.hint


def test_the_shapes_of_a_folder_are_one_graph(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<x:a> <x:p> [ <x:q> 1 ] .")
    (tmp_path / "b.ttl").write_text("<x:b> <x:p> [ <x:q> 1 ] .")
    (tmp_path / "notes.md").write_text("no shapes")

    assert [*folder_triples(tmp_path)] == [
        Triple("_:a-1", "<x:q>", f'"1"^^<{XSD}integer>'),
        Triple("<x:a>", "<x:p>", "_:a-1"),
        Triple("_:b-1", "<x:q>", f'"1"^^<{XSD}integer>'),
        Triple("<x:b>", "<x:p>", "_:b-1"),
    ]


def test_a_folder_of_shapes_that_is_not_turtle_is_refused_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<x:a> <x:p> 1 .\n<x:a> <x:p> .\n")

    with pytest.raises(InputError) as refused:
        [*folder_triples(tmp_path)]

    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == (str(tmp_path / "a.ttl"), 2)


def located(*results: Result, **places: int) -> tuple[Problem, ...]:
    """The problems of results whose things stand on these lines of 002.yaml."""
    lines = {f"{ID}leg/{slug.replace('_', '-')}": line for slug, line in places.items()}

    def locate(iri: str) -> tuple[str, int] | None:
        return ("002.yaml", lines[iri]) if iri in lines else None

    return problems(Report(results), locate)


def test_a_problem_stands_where_the_thing_came_from_and_says_what_to_do() -> None:
    (problem,) = located(LEG, makhachkala_seshcha=41)

    assert str(problem) == (
        "002.yaml:41: leg/makhachkala-seshcha: A leg joins two places"
        " (state both its `from:` and its `to:`)"
    )


def test_a_problem_of_a_thing_from_nowhere_stands_where_its_value_came_from() -> None:
    of_all = replace(LEG, focus=f"<{PREFIXES['cas']}Claim>", value=LEG.focus)

    (problem,) = located(of_all, makhachkala_seshcha=41)

    assert (problem.line, problem.key) == (41, "leg/makhachkala-seshcha")


def test_a_problem_of_things_from_nowhere_names_the_thing_in_place_of_a_file() -> None:
    (problem,) = located(LEG)

    assert (problem.file, problem.line, problem.key) == (LEG.focus[1:-1], 0, "")


def test_a_message_names_things_by_their_ids() -> None:
    (problem,) = located(
        replace(LEG, messages=(f'"Leg 2 hangs in the air: see {LEG.focus[1:-1]}"',))
    )

    assert problem.hint == "see leg/makhachkala-seshcha"


def test_problems_are_in_the_order_of_the_file_and_each_comes_once() -> None:
    other = replace(LEG, focus=f"<{ID}leg/amirabad-makhachkala>")
    again = replace(LEG, component=f"<{SH}MinCountConstraintComponent>")

    found = located(LEG, other, again, makhachkala_seshcha=9, amirabad_makhachkala=41)

    assert [problem.line for problem in found] == [9, 41]
