"""What holds for every term of the ontology, whoever adds the next one."""

import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

ROOT = Path(__file__).resolve().parents[1]
ONTOLOGY = ROOT / "ontology"
THEMES = ("actors", "locations", "statements", "systems", "transfers")
FILES = (*THEMES, "caspian")
ALIGNMENTS = tuple(sorted(path.stem for path in (ONTOLOGY / "alignments").glob("*.ttl")))

HOME = "https://w3id.org/caspian/"
CAS = HOME + "ontology#"
ID = HOME + "id/"
OURS = (CAS, ID)

PROPERTY_TYPES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
LITERAL_KINDS = {"text": XSD.string, "integer": XSD.integer}
VALUE_KINDS = {
    "quantity": "QuantityValue",
    "money": "MoneyValue",
    "distance": "DistanceValue",
    "date": "DateValue",
}
KINDS = {"thing", "concept", *VALUE_KINDS, *LITERAL_KINDS}
# Classes whose instances get no id of ours: a property of the list, and a view, which is a graph.
WITHOUT_PREFIX = {"ClaimProperty", "View"}
# What OWL 2 RL and OWL 2 DL both take as a range; xsd:date is in neither.
RANGES = {XSD.string, XSD.integer, XSD.decimal, XSD.boolean}
BOILERPLATE = {RDF.type, RDFS.isDefinedBy, SKOS.scopeNote}
LONGEST_QUOTE = 60


def cas(name: str) -> URIRef:
    return URIRef(CAS + name)


def name_of(term: Node) -> str:
    return str(term).rpartition("#")[2].removeprefix(ID)


def read(path: Path) -> Graph:
    return Graph().parse(path, format="turtle")


@pytest.fixture(scope="module")
def parts() -> dict[str, Graph]:
    return {name: read(ONTOLOGY / f"{name}.ttl") for name in FILES}


@pytest.fixture(scope="module")
def ontology(parts: dict[str, Graph]) -> Graph:
    merged = Graph()
    for part in parts.values():
        merged += part
    return merged


@pytest.fixture(scope="module")
def terms(ontology: Graph) -> list[Node]:
    found = {s for s in ontology.subjects(RDF.type) if str(s).startswith(OURS)}
    assert len(found) >= 280
    return sorted(found)


@pytest.fixture(scope="module")
def classes(ontology: Graph, terms: list[Node]) -> list[Node]:
    found = [term for term in terms if (term, RDF.type, OWL.Class) in ontology]
    assert len(found) >= 60
    return found


@pytest.fixture(scope="module")
def claimable(ontology: Graph) -> list[Node]:
    found = sorted(ontology.subjects(RDF.type, cas("ClaimProperty")))
    assert len(found) >= 80
    return found


@pytest.fixture(scope="module")
def concepts(ontology: Graph, terms: list[Node]) -> list[Node]:
    found = [term for term in terms if (term, RDF.type, SKOS.Concept) in ontology]
    assert len(found) >= 55
    return found


def mentioned(graph: Graph, spaces: str | tuple[str, ...]) -> set[Node]:
    nodes = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    return {node for node in nodes if node.startswith(spaces)}


def ancestors(ontology: Graph, term: Node) -> set[Node]:
    return set(ontology.transitive_objects(term, RDFS.subClassOf))


def prefixes(ontology: Graph) -> dict[str, set[Node]]:
    found = defaultdict(set)
    for term, prefix in ontology.subject_objects(cas("idPrefix")):
        found[str(prefix)].add(term)
    return found


# -- the files


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_one_header_named_as_the_file(parts: dict[str, Graph], name: str) -> None:
    tail = "" if name == "caspian" else f"/{name}"
    headers = list(parts[name].subjects(RDF.type, OWL.Ontology))
    assert headers == [URIRef(f"{HOME}ontology{tail}")]


@pytest.mark.parametrize("path", [f"{name}.ttl" for name in FILES])
def test_a_file_opens_with_its_warning(path: str) -> None:
    head = (ONTOLOGY / path).read_text("utf-8").partition("@prefix")[0]
    assert "# Warning: " in head


def test_the_header_imports_the_themes_and_the_generated_pairs_and_nothing_foreign(
    ontology: Graph,
) -> None:
    home = URIRef(f"{HOME}ontology")
    expected = {URIRef(f"{HOME}ontology/{name}") for name in (*THEMES, "claims")}
    assert set(ontology.objects(home, OWL.imports)) == expected
    assert not [s for s in ontology.subjects(OWL.imports) if s != home]


def test_the_version_iri_ends_with_the_version(ontology: Graph) -> None:
    home = URIRef(f"{HOME}ontology")
    version = ontology.value(home, OWL.versionInfo)
    assert str(ontology.value(home, OWL.versionIRI)) == f"{HOME}ontology/{version}"
    changes = [str(note) for note in ontology.objects(home, SKOS.changeNote)]
    assert any(note.startswith(f"{version} ") for note in changes)


def test_there_is_no_blank_node(ontology: Graph) -> None:
    assert not [node for node in ontology.all_nodes() if isinstance(node, BNode)]


# -- every term


def test_a_term_has_one_label_one_definition_one_example_in_english(
    ontology: Graph, terms: list[Node]
) -> None:
    for term in terms:
        for needed in (RDFS.label, SKOS.definition, SKOS.example):
            values = list(ontology.objects(term, needed))
            assert [value.language for value in values] == ["en"], (term, needed)


def test_a_definition_is_one_sentence(ontology: Graph, terms: list[Node]) -> None:
    for term in terms:
        definition = str(ontology.value(term, SKOS.definition))
        assert re.fullmatch(r"[A-Z][^.?!]*(?:\d\.\d[^.?!]*)?\.", definition), (term, definition)


def test_a_definition_stands_once(ontology: Graph, terms: list[Node]) -> None:
    definitions = [str(ontology.value(term, SKOS.definition)) for term in terms]
    assert len(definitions) == len(set(definitions))


def test_a_definition_follows_a_standard_or_is_ours(ontology: Graph, terms: list[Node]) -> None:
    for term in terms:
        (source,) = ontology.objects(term, DCTERMS.source)
        assert isinstance(source, URIRef) or source == Literal("ours"), (term, source)


def test_an_example_quotes_no_long_text(ontology: Graph, terms: list[Node]) -> None:
    quotes = [
        quote
        for term in terms
        for quote in re.findall("“([^”]*)”", str(ontology.value(term, SKOS.example)))
    ]
    assert len(quotes) >= 100
    assert not [quote for quote in quotes if len(quote) > LONGEST_QUOTE]


def test_an_example_with_a_quotation_says_in_which_article_it_stands(
    ontology: Graph, terms: list[Node]
) -> None:
    for term in terms:
        example = str(ontology.value(term, SKOS.example))
        assert "“" not in example or re.search(r"\b00[0-4]\b", example), (term, example)


def test_a_term_is_defined_by_the_file_it_stands_in(
    parts: dict[str, Graph], terms: list[Node]
) -> None:
    for term in terms:
        homes = [name for name, part in parts.items() if (term, RDF.type, None) in part]
        assert len(homes) == 1, term
        defined = parts[homes[0]].value(term, RDFS.isDefinedBy)
        assert defined == URIRef(f"{HOME}ontology/{homes[0]}"), term


def test_no_two_classes_or_properties_share_a_label(ontology: Graph, terms: list[Node]) -> None:
    seen: dict[str, Node] = {}
    for term in (term for term in terms if str(term).startswith(CAS)):
        label = str(ontology.value(term, RDFS.label)).lower()
        assert seen.setdefault(label, term) == term, label


def test_a_term_that_is_mentioned_is_declared(ontology: Graph, terms: list[Node]) -> None:
    assert mentioned(ontology, OURS) <= set(terms)


# -- the property list


def test_a_claimable_property_names_its_key_and_its_generated_pair(
    ontology: Graph, claimable: list[Node]
) -> None:
    for term in claimable:
        key = name_of(term)
        assert list(ontology.objects(term, cas("key"))) == [Literal(key)]
        assert list(ontology.objects(term, cas("claimProperty"))) == [URIRef(f"{HOME}claim/{key}")]
        assert list(ontology.objects(term, cas("valueProperty"))) == [URIRef(f"{HOME}value/{key}")]


def test_a_claimable_property_is_typed_by_its_kind(ontology: Graph, claimable: list[Node]) -> None:
    for term in claimable:
        (kind,) = map(str, ontology.objects(term, cas("valueKind")))
        assert kind in KINDS, term
        expected = OWL.DatatypeProperty if kind in LITERAL_KINDS else OWL.ObjectProperty
        assert PROPERTY_TYPES & set(ontology.objects(term, RDF.type)) == {expected}, term


def test_the_value_class_fits_the_kind(
    ontology: Graph, claimable: list[Node], classes: list[Node]
) -> None:
    for term in claimable:
        kind = str(ontology.value(term, cas("valueKind")))
        values = set(ontology.objects(term, cas("valueClass")))
        assert values <= set(classes), term
        if kind in LITERAL_KINDS:
            assert not values, term
        elif kind in VALUE_KINDS:
            assert values == {cas(VALUE_KINDS[kind])}, term
        else:
            root = SKOS.Concept if kind == "concept" else cas("Thing")
            assert values, term
            assert all(root in ancestors(ontology, value) for value in values), term


def test_a_claimable_property_applies_to_things(ontology: Graph, claimable: list[Node]) -> None:
    for term in claimable:
        carriers = list(ontology.objects(term, cas("appliesTo")))
        assert carriers, term
        assert all(cas("Thing") in ancestors(ontology, carrier) for carrier in carriers), term


def test_domain_and_range_stand_exactly_where_there_is_one_class(
    ontology: Graph, claimable: list[Node]
) -> None:
    for term in claimable:
        carriers = set(ontology.objects(term, cas("appliesTo")))
        kind = str(ontology.value(term, cas("valueKind")))
        literal = {LITERAL_KINDS[kind]} if kind in LITERAL_KINDS else set()
        values = set(ontology.objects(term, cas("valueClass"))) or literal
        domain, ranges = (set(ontology.objects(term, p)) for p in (RDFS.domain, RDFS.range))
        assert domain == (carriers if len(carriers) == 1 else set()), term
        assert ranges == (values if len(values) == 1 else set()), term


def test_nothing_follows_from_two_claims(ontology: Graph, claimable: list[Node]) -> None:
    for term in claimable:
        types = set(ontology.objects(term, RDF.type))
        assert types <= PROPERTY_TYPES | {cas("ClaimProperty")}, term
        axioms = {OWL.inverseOf, OWL.propertyChainAxiom, RDFS.subPropertyOf}
        assert not axioms & set(ontology.predicates(term)), term


# -- identifiers


def test_a_class_without_subclasses_has_one_prefix_and_any_other_has_none(
    ontology: Graph, classes: list[Node]
) -> None:
    for term in classes:
        concrete = not list(ontology.subjects(RDFS.subClassOf, term))
        expected = 1 if concrete and name_of(term) not in WITHOUT_PREFIX else 0
        assert len(list(ontology.objects(term, cas("idPrefix")))) == expected, term


def test_classes_that_share_a_prefix_are_siblings(ontology: Graph) -> None:
    for prefix, sharing in prefixes(ontology).items():
        parents = [set(ontology.objects(term, RDFS.subClassOf)) for term in sharing]
        assert len(sharing) == 1 or set.intersection(*parents), prefix


def test_no_prefix_hides_another(ontology: Graph) -> None:
    found = prefixes(ontology)
    assert len(found) >= 40
    assert all(re.fullmatch(r"[a-z]+(?:[-/][a-z]+)?", prefix) for prefix in found)
    assert not [(a, b) for a in found for b in found if b.startswith(a + "/")]


# -- concepts


def test_a_concept_stands_in_the_scheme_of_its_class(ontology: Graph, concepts: list[Node]) -> None:
    for concept in concepts:
        slug = name_of(concept).partition("/")[0]
        (scheme,) = ontology.objects(concept, SKOS.inScheme)
        assert str(scheme) == f"{ID}scheme/{slug}"
        assert (scheme, RDF.type, SKOS.ConceptScheme) in ontology
        (kind,) = prefixes(ontology)[slug] & set(ontology.objects(concept, RDF.type))
        assert (kind, RDFS.subClassOf, SKOS.Concept) in ontology


def test_a_class_of_concepts_has_concepts(
    ontology: Graph, classes: list[Node], concepts: list[Node]
) -> None:
    filled = {kind for concept in concepts for kind in ontology.objects(concept, RDF.type)}
    empty = {c for c in classes if (c, RDFS.subClassOf, SKOS.Concept) in ontology} - filled
    assert {name_of(term) for term in empty} == {"System"}  # its concepts are reference data


def test_a_concept_is_labelled_alike_for_skos_and_for_rdfs(
    ontology: Graph, concepts: list[Node]
) -> None:
    for concept in concepts:
        labels = set(ontology.objects(concept, RDFS.label))
        assert set(ontology.objects(concept, SKOS.prefLabel)) == labels, concept


def test_statuses_rise_from_expected_to_used_and_two_are_outside_the_order(
    ontology: Graph,
) -> None:
    found = {
        name_of(status): getattr(ontology.value(status, cas("rank")), "value", None)
        for status in ontology.subjects(RDF.type, cas("Status"))
    }
    order = ("expected", "considered", "sought", "intended", "agreed", "in-progress")
    ranks = [found[f"status/{name}"] for name in (*order, "delivered", "used")]
    assert ranks == sorted(set(ranks))
    assert found["status/offered"] == found["status/sought"]
    unranked = {name for name, rank in found.items() if rank is None}
    assert unranked == {"status/not-materialised", "status/cancelled"}
    assert set(ontology.subjects(cas("rank"))) <= set(ontology.subjects(RDF.type, cas("Status")))


# -- axioms


def test_no_class_is_below_two_disjoint_ones(ontology: Graph, classes: list[Node]) -> None:
    disjoint = {frozenset(pair) for pair in ontology.subject_objects(OWL.disjointWith)}
    assert len(disjoint) >= 200
    for term in classes:
        pairs = map(frozenset, combinations(ancestors(ontology, term), 2))
        assert not disjoint.intersection(pairs), term


def test_a_situation_is_of_one_kind(ontology: Graph) -> None:
    kinds = sorted(ontology.subjects(RDFS.subClassOf, cas("Situation")))
    assert len(kinds) >= 11
    for one, other in combinations(kinds, 2):
        both = {(one, OWL.disjointWith, other), (other, OWL.disjointWith, one)}
        assert any(triple in ontology for triple in both), (one, other)


def test_a_literal_range_is_one_both_profiles_know(ontology: Graph) -> None:
    ranges = {r for r in ontology.objects(None, RDFS.range) if str(r).startswith(str(XSD))}
    assert ranges == RANGES


def test_a_foreign_term_in_use_is_declared_and_only_declared(ontology: Graph) -> None:
    built_in = (str(OWL), str(RDF), str(RDFS), str(XSD))
    structure = (RDF.type, RDFS.subClassOf, RDFS.domain, RDFS.range)
    used = set(ontology.predicates()) | {o for p in structure for o in ontology.objects(None, p)}
    foreign = {term for term in used if not str(term).startswith((*OURS, *built_in))}
    assert len(foreign) >= 20
    for term in foreign:
        assert list(ontology.objects(term, RDF.type)), term
    declared = set(ontology.subjects(SKOS.scopeNote))
    assert foreign <= declared
    for term in declared:
        assert set(ontology.predicates(term)) == BOILERPLATE, term


# -- what the rest of the project says in our words


def words(folder: str, suffix: str, pattern: str) -> set[str]:
    texts = (path.read_text("utf-8") for path in sorted((ROOT / folder).rglob(f"*{suffix}")))
    return {word for text in texts for word in re.findall(pattern, text)}


def test_a_term_the_code_names_is_declared(terms: list[Node]) -> None:
    named = words("kg", ".py", r"\bcas\(\"(\w+)\"\)")
    assert len(named) >= 20
    assert {cas(name) for name in named} <= set(terms)


def test_a_term_a_shape_names_is_declared(terms: list[Node]) -> None:
    shapes = [read(path) for path in sorted((ROOT / "shapes").glob("*.ttl"))]
    named = {term for graph in shapes for term in mentioned(graph, CAS)}
    assert len(named) >= 100
    assert named <= set(terms)


def test_a_term_a_query_names_is_declared(terms: list[Node], claimable: list[Node]) -> None:
    named = words("queries", ".rq", r"(?<![\w:/-])cas:(\w+)")
    assert {cas(name) for name in named} <= set(terms)
    keys = words("queries", ".rq", r"(?<![\w:/-])[cv]:(\w+)")
    assert keys <= {name_of(term) for term in claimable}


# -- alignments


def test_every_alignment_of_the_design_is_there() -> None:
    assert ALIGNMENTS == ("aif", "cco", "followthemoney", "prov-o", "sem", "sipri", "wikidata")


@pytest.mark.parametrize("name", ALIGNMENTS)
def test_an_alignment_speaks_of_our_terms_and_changes_none(name: str, terms: list[Node]) -> None:
    graph = read(ONTOLOGY / "alignments" / f"{name}.ttl")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [
        URIRef(f"{HOME}ontology/alignments/{name}")
    ]
    ours = {s for s in graph.subjects() if str(s).startswith(OURS)}
    assert len(ours) >= 7
    assert ours <= set(terms)
    assert not [o for s, o in graph.subject_objects() if s in ours and str(o).startswith(OURS)]


@pytest.mark.parametrize("name", ALIGNMENTS)
def test_an_alignment_declares_what_its_axioms_lead_to(name: str) -> None:
    graph = read(ONTOLOGY / "alignments" / f"{name}.ttl")
    axioms = (RDFS.subClassOf, RDFS.subPropertyOf)
    targets = {target for axiom in axioms for target in graph.objects(None, axiom)}
    matches = {p for p in graph.predicates() if str(p).startswith(str(SKOS))}
    assert {t for t in targets | matches if (t, RDF.type, None) not in graph} == set()


@pytest.mark.parametrize("name", ALIGNMENTS)
def test_an_alignment_opens_with_its_warning_and_says_what_it_leaves_out(name: str) -> None:
    text = (ONTOLOGY / "alignments" / f"{name}.ttl").read_text("utf-8")
    head = text.partition("@prefix")[0].replace("\n# ", " ")
    assert "Warning: " in head
    assert "Left out" in head
