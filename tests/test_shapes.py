"""The shapes against tests/shapes/<Shape>: valid graphs pass, invalid ones fail as they say.

An invalid file begins with `# fails:` and the shape, then `# says:` and each message it must get.
The shapes of claims' values (claims.ttl) are generated, and not under test here.
"""

from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.entrypoints import meta_validate
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from kg.resources import folder
from kg.validation import shapes_graph, validate
from kg.vocab import CAS, ID

CASES = Path(__file__).parent / "shapes"
SHAPES = "https://w3id.org/caspian/shapes#"
THEMES = ("actors", "systems", "transfers", "locations", "statements")
ABSTRACT = {"Thing", "Situation", "Actor", "Place", "System", "Value"}
FAILS, SAYS = "# fails: sh-cas:", "# says: "


class Case(NamedTuple):
    """An example: its file, the shape it is an example of, and what an invalid one must be told."""

    path: Path
    shape: str
    messages: frozenset[str]

    @property
    def graph(self) -> Graph:
        return Graph().parse(self.path)


def cases(kind: str) -> list[Case]:
    return [case(path) for path in sorted(CASES.glob(f"*/{kind}-*.ttl"))]


def case(path: Path) -> Case:
    head = path.read_text("utf-8").splitlines()
    messages = frozenset(line.removeprefix(SAYS) for line in head if line.startswith(SAYS))
    return Case(path, f"{SHAPES}{path.parent.name}Shape", messages)


VALID, INVALID = cases("valid"), cases("invalid")


def name(value: Case) -> str:
    return f"{value.path.parent.name}/{value.path.stem}"


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    by_hand = tmp_path_factory.mktemp("shapes")
    for theme in THEMES:
        (by_hand / f"{theme}.ttl").symlink_to(folder("shapes") / f"{theme}.ttl")
    return shapes_graph(by_hand)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return shapes_graph(folder("ontology"))


@pytest.fixture(scope="module")
def classes(ontology: Graph) -> Graph:
    """Which class is below which: all an example needs of the ontology."""
    tree = Graph()
    for triple in ontology.triples((None, RDFS.subClassOf, None)):
        tree.add(triple)
    return tree


def node_shapes(shapes: Graph) -> set[str]:
    return {str(s) for s in shapes.subjects(RDF.type, SH.NodeShape) if isinstance(s, URIRef)}


def looked_at(shape: URIRef, shapes: Graph, data: Graph) -> set[Node]:
    """The nodes of the data that a shape targets."""
    below = {
        part
        for whole in shapes.objects(shape, SH.targetClass)
        for part in data.transitive_subjects(RDFS.subClassOf, whole)
    }
    subjects = shapes.objects(shape, SH.targetSubjectsOf)
    return {
        *shapes.objects(shape, SH.targetNode),
        *chain.from_iterable(data.subjects(RDF.type, part) for part in below),
        *chain.from_iterable(data.subjects(predicate) for predicate in subjects),
    }


def test_there_are_examples_enough() -> None:
    assert len(VALID) >= 90
    assert len(INVALID) >= 230


@pytest.mark.parametrize("valid", VALID, ids=name)
def test_a_valid_example_is_looked_at_and_passes(
    valid: Case, shapes: Graph, classes: Graph
) -> None:
    report = validate(valid.graph, shapes=shapes, ontology=classes)

    assert looked_at(URIRef(valid.shape), shapes, valid.graph + classes)
    assert report.results == ()
    assert report.conforms


@pytest.mark.parametrize("invalid", INVALID, ids=name)
def test_an_invalid_example_breaks_its_shape_and_no_other(
    invalid: Case, shapes: Graph, classes: Graph
) -> None:
    report = validate(invalid.graph, shapes=shapes, ontology=classes)

    assert not report.conforms
    assert {result.shape for result in report.results} == {invalid.shape}
    assert {result.message for result in report.results} == invalid.messages


@pytest.mark.parametrize("invalid", INVALID, ids=name)
def test_an_invalid_example_says_first_which_shape_it_breaks(invalid: Case) -> None:
    first = invalid.path.read_text("utf-8").splitlines()[0]

    assert first == FAILS + invalid.shape.removeprefix(SHAPES)


@pytest.mark.parametrize("examples", [VALID, INVALID], ids=["valid", "invalid"])
def test_every_shape_has_examples(examples: list[Case], shapes: Graph) -> None:
    assert {example.shape for example in examples} == node_shapes(shapes)


def test_every_class_with_instances_has_a_shape_that_knows_its_ids(
    shapes: Graph, ontology: Graph
) -> None:
    wanted = {
        (str(cls).removeprefix(CAS), f"^{ID}{prefix}/.".replace("w3id.", "w3id[.]"))
        for cls, prefix in ontology.subject_objects(URIRef(f"{CAS}idPrefix"))
    }
    known = {
        (str(cls).removeprefix(CAS), str(shapes.value(shape, SH.pattern)))
        for shape, cls in shapes.subject_objects(SH.targetClass)
    }

    assert len(wanted) > 50
    assert {cls for cls, _ in wanted} <= {cls for cls, _ in known}
    # a passage's id says more than its prefix
    assert {cls for cls, _ in wanted - known} == {"Passage"}


def test_every_class_has_a_shape_or_is_abstract(shapes: Graph, ontology: Graph) -> None:
    classes = {
        str(cls).removeprefix(CAS)
        for cls in ontology.subjects(RDF.type, OWL.Class)
        if str(cls).startswith(CAS)
    }
    shaped = {str(cls).removeprefix(CAS) for cls in shapes.objects(None, SH.targetClass)}

    assert classes - shaped <= ABSTRACT


def test_every_constraint_says_what_to_do_and_how_grave_it_is(shapes: Graph) -> None:
    silent = {SH.property, SH.sparql}  # their results come from elsewhere, with messages of there
    speaking = [
        shape
        for root in node_shapes(shapes)
        for shape in shapes.transitive_objects(URIRef(root), SH.property)
        if (set(shapes.predicates(shape)) - silent).intersection(ALL_CONSTRAINT_PARAMETERS)
    ]

    assert len(speaking) > 200
    for shape in speaking:
        assert ": " in str(shapes.value(shape, SH.message)), shape
        assert shapes.value(shape, SH.severity) == SH.Violation


def test_a_constraint_in_sparql_says_what_to_do(shapes: Graph) -> None:
    queries = list(shapes.objects(None, SH.sparql))

    assert len(queries) == 3
    assert all(shapes.value(query, SH.message) for query in queries)


def test_the_ontology_keeps_the_shapes(shapes: Graph, ontology: Graph) -> None:
    assert validate(Graph(), shapes=shapes, ontology=ontology).results == ()


def test_the_shapes_are_shacl_by_the_shapes_of_the_w3c(shapes: Graph) -> None:
    # paths within sh:or lie deeper than the 15 levels pySHACL goes by default
    conforms, _, text = meta_validate(shapes, inference="none", max_validation_depth=60)

    assert conforms, text
