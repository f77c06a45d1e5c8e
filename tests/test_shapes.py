"""The shapes against tests/shapes/<Shape>: valid graphs pass, invalid ones fail as they say.

An invalid file begins with `# fails:` and the shape, then `# says:` and each message it must get.
The shapes of claims' values (claims.ttl) are generated, and not under test here.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.entrypoints import meta_validate
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.namespace import SH

from kg.rdf import Triple, read_turtle
from kg.resources import folder
from kg.shacl.engine import focus_nodes
from kg.validation import Data, Shapes, by_reference, folder_triples, shapes_in, validate
from kg.vocab import CAS, ID, TYPE
from kg.vocab import RDFS as RDFS_IRI

CASES = Path(__file__).parent / "shapes"
SHAPES = "https://w3id.org/caspian/shapes#"
THEMES = ("actors", "systems", "transfers", "locations", "statements")
CONCEPTS = {"Form", "Certainty", "Polarity", "Basis", "Status"}
"""Classes whose instances the shapes name."""
ABSTRACT = {"Thing", "Situation", "Actor", "Place", "System", "Value"}
FAILS, SAYS = "# fails: sh-cas:", "# says: "


class Case(NamedTuple):
    """An example: its file, the shape it is an example of, and what an invalid one must be told."""

    path: Path
    shape: str
    messages: frozenset[str]

    def data(self, classes: Iterable[Triple]) -> Data:
        return Data([*read_turtle(self.path), *classes])


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
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("shapes")
    for theme in THEMES:
        (place / f"{theme}.ttl").symlink_to(folder("shapes") / f"{theme}.ttl")
    return place


@pytest.fixture(scope="module")
def shapes(by_hand: Path) -> Graph:
    return graph_of(folder_triples(by_hand))


@pytest.fixture(scope="module")
def rules(by_hand: Path) -> Shapes:
    return shapes_in(by_hand)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return graph_of(folder_triples(folder("ontology")))


@pytest.fixture(scope="module")
def classes() -> list[Triple]:
    """Which class is below which: all an example needs of the ontology."""
    below = f"<{RDFS_IRI}subClassOf>"
    return [each for each in folder_triples(folder("ontology")) if each.predicate == below]


def graph_of(triples: Iterable[Triple]) -> Graph:
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    return Graph().parse(data=lines, format="nt")


def node_shapes(shapes: Graph) -> set[str]:
    return {str(s) for s in shapes.subjects(RDF.type, SH.NodeShape) if isinstance(s, URIRef)}


def test_there_are_examples_enough() -> None:
    assert len(VALID) >= 90
    assert len(INVALID) >= 230


@pytest.mark.parametrize("valid", VALID, ids=name)
def test_a_valid_example_is_looked_at_and_passes(
    valid: Case, rules: Shapes, classes: list[Triple]
) -> None:
    data = valid.data(classes)
    report = validate(data, rules)

    assert focus_nodes(data, rules.by_node[f"<{valid.shape}>"].targets)
    assert report.results == ()
    assert report.conforms


@pytest.mark.parametrize("invalid", INVALID, ids=name)
def test_an_invalid_example_breaks_its_shape_and_no_other(
    invalid: Case, rules: Shapes, classes: list[Triple]
) -> None:
    report = validate(invalid.data(classes), rules)

    assert not report.conforms
    assert {result.owner for result in report.results} == {f"<{invalid.shape}>"}
    assert {result.said for result in report.results} == invalid.messages


def test_no_shape_of_ours_needs_the_reference_engine() -> None:
    assert shapes_in(folder("shapes")).referrals == ()


def test_the_reference_engine_reports_the_same_of_all_examples(classes: list[Triple]) -> None:
    every = shapes_in(folder("shapes"))
    data = Data([*classes, *chain.from_iterable(map(apart, [*VALID, *INVALID]))])

    report, reference = validate(data, every), by_reference(data, every)

    assert len(report.results) > 300
    assert report == reference


def apart(case: Case) -> Iterator[Triple]:
    """The example with names of its own, so that examples stand side by side in one graph."""
    suffix = f"-{case.path.parent.name}-{case.path.stem}>"
    triples = [*read_turtle(case.path)]
    named = {
        each.subject
        for each in triples
        if each.predicate == TYPE and each.object.removeprefix(f"<{CAS}")[:-1] not in CONCEPTS
    }
    own = {term: f"{term[:-1]}{suffix}" for term in named if term.startswith(f"<{ID}")}
    for triple in triples:
        yield Triple(*(own.get(term, term) for term in triple))


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


def test_the_ontology_keeps_the_shapes(rules: Shapes) -> None:
    assert validate(Data(folder_triples(folder("ontology"))), rules).results == ()


def test_the_shapes_are_shacl_by_the_shapes_of_the_w3c(shapes: Graph) -> None:
    # paths within sh:or lie deeper than the 15 levels pySHACL goes by default
    conforms, _, text = meta_validate(shapes, inference="none", max_validation_depth=60)

    assert conforms, text
