import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kg.corpus import Corpus, documents, mapping_files, read_corpus
from kg.generate import GENERATED, article_schema, claim_pairs, claim_shapes, generated
from kg.rdf import read_turtle
from kg.resources import folder
from kg.schema import Property, Schema
from kg.source import Tree, read_yaml
from kg.vocab import TYPE, cas, claim_property, value_property
from tests.conftest import Small

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(folder("seeds"), folder("ontology"))


@pytest.fixture(scope="module")
def schema(corpus: Corpus) -> Schema:
    return corpus.vocabulary.schema


@pytest.mark.parametrize("name", GENERATED)
def test_what_is_generated_is_what_the_repository_holds(name: str, corpus: Corpus) -> None:
    path = GENERATED[name]
    text = generated(corpus.vocabulary)[path]
    assert (CHECKOUT / path).read_text("utf-8") == text, "run `caspian generate`"


def triples(text: str, tmp_path: Path) -> set[tuple[str, str, str]]:
    path = tmp_path / "x.ttl"
    path.write_text(text, "utf-8")
    return {tuple(triple) for triple in read_turtle(path)}


def test_every_property_has_its_pair(schema: Schema, tmp_path: Path) -> None:
    found = triples(claim_pairs(schema), tmp_path)
    owl, rdfs = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
    for key, prop in schema.properties.items():
        literal = prop.kind in {"text", "integer"}
        kind = "DatatypeProperty" if literal else "ObjectProperty"
        assert (claim_property(key), TYPE, f"<{owl}ObjectProperty>") in found
        assert (value_property(key), TYPE, f"<{owl}{kind}>") in found
        ranges = {o for s, p, o in found if (s, p) == (value_property(key), f"<{rdfs}range>")}
        # OWL 2 RL has no unions: several classes give no range
        assert len(ranges) == (len(prop.values) <= 1)


@pytest.mark.parametrize(
    ("prop", "pair", "shape"),
    [
        (
            Property("inExchangeFor", "thing", ("Situation",), ("Deal", "Transfer")),
            ["claim of in exchange for", "rdfs:range cas:Situation ;", "which is a Situation."],
            [
                "sh:class cas:Situation ;",
                "sh:or ( [ sh:class cas:Deal ] [ sh:class cas:Transfer ] )",
            ],
        ),
        (
            Property("target", "thing", ("Actor", "Place"), ("WeaponUse",)),
            ["a owl:ObjectProperty", "which is a Actor or Place."],
            ["sh:or ( [ sh:class cas:Actor ] [ sh:class cas:Place ] )", "sh:class cas:WeaponUse ;"],
        ),
        (
            Property("reason", "text", (), ("Situation",)),
            ["a owl:DatatypeProperty", "rdfs:range xsd:string ;", "which is a text."],
            ["sh:datatype xsd:string ;", "A claim of reason says one text"],
        ),
        (
            Property("order", "integer", (), ("RouteLeg",)),
            ["a owl:DatatypeProperty", "rdfs:range xsd:integer ;", "which is a whole number."],
            ["sh:datatype xsd:integer ;", "`order` is claimed of a RouteLeg only."],
        ),
        (
            Property("period", "date", (), ("Situation",)),
            ["a owl:ObjectProperty", "rdfs:range cas:DateValue ;"],
            ["sh:class cas:DateValue ;"],
        ),
    ],
)
def test_a_pair_and_a_shape_say_what_the_property_says(
    prop: Property, pair: list[str], shape: list[str]
) -> None:
    alone = Schema({}, {}, {}, {prop.key: prop})
    assert all(words in claim_pairs(alone) for words in pair)
    assert all(words in claim_shapes(alone) for words in shape)
    assert "rdfs:range cas:Actor" not in claim_pairs(alone)


def test_every_property_has_its_shapes(schema: Schema, tmp_path: Path) -> None:
    found = triples(claim_shapes(schema), tmp_path)
    sh = "http://www.w3.org/ns/shacl#"
    for key in schema.properties:
        shape = f"<https://w3id.org/caspian/shapes#claim-{key}>"
        assert (shape, f"<{sh}targetObjectsOf>", claim_property(key)) in found
        plain = f"<https://w3id.org/caspian/shapes#plain-{key}>"
        assert (plain, f"<{sh}targetSubjectsOf>", cas(key)) in found


# -- the JSON Schema

Errors = Callable[[Tree], list[str]]


@pytest.fixture
def errors(small: Small) -> Errors:
    """Where a mapping breaks the small corpus's schema: the paths of the errors."""
    validator = Draft202012Validator(json.loads(article_schema(small.corpus().vocabulary)))
    return lambda tree: [error.json_path for error in validator.iter_errors(tree)]


def test_the_schema_is_a_json_schema(corpus: Corpus) -> None:
    Draft202012Validator.check_schema(json.loads(article_schema(corpus.vocabulary)))


def test_the_schema_takes_the_small_mapping_before_and_after_anchoring(
    small: Small, errors: Errors
) -> None:
    assert errors(read_yaml(small.mapping).tree) == []
    assert errors(read_yaml(small.anchored().mapping).tree) == []


def test_the_schema_takes_every_mapping_of_the_seeds(corpus: Corpus) -> None:
    validator = Draft202012Validator(json.loads(article_schema(corpus.vocabulary)))
    found = [*documents(mapping_files(corpus.seeds))]
    assert len(found) >= 5
    for document in found:
        assert [error.message for error in validator.iter_errors(document.tree)] == []


def test_the_schema_takes_every_kind_of_value(small: Small, errors: Errors) -> None:
    tree = read_yaml(small.mapping).tree
    tree["claims"][0] |= {
        "nth": 1,
        "place/strelsau": {
            "distanceFrom": {
                "place": "place/freedon",
                "km": 5,
                "approximate": True,
                "bearing": "N",
            },
            "near": ["place/freedon", {"ref": "place/freedon", "written": "F"}],
        },
        "transfer/kites": {
            "monetaryValue": {"says": "billions of crowns", "currency": "CZK"},
            "quantity": {"count": 5},
            "reason": "words",
        },
        "transfer/of-the-document": {"status": "agreed"},
    }
    assert errors(tree) == []


def put(path: str, value: Tree) -> Callable[[Tree], None]:
    def change(tree: Tree) -> None:
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in parents:
            tree = tree[part]
        tree[last] = value

    return change


def drop(path: str) -> Callable[[Tree], None]:
    def change(tree: Tree) -> None:
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in parents:
            tree = tree[part]
        del tree[last]

    return change


KITES = "claims.1.transfer/kites"
BAD: dict[str, tuple[Callable[[Tree], None], str]] = {
    "top-key": (put("claim", []), "$"),
    "no-hash": (drop("sha256"), "$"),
    "hash": (put("sha256", "abc"), "$.sha256"),
    "body": (put("body", "0 to 7"), "$.body"),
    "outlet": (put("outlet", "herald"), "$.outlet"),
    "no-reason-for-the-date": (drop("published.because"), "$.published"),
    "field-of-the-date": (put("published.basis", "x"), "$.published"),
    "no-voices": (put("voices", {}), "$.voices"),
    "voice-without-a-form": (drop("voices.page.form"), "$.voices.page"),
    "voice-of-another-form": (put("voices.page.form", "spoken"), "$.voices.page.form"),
    "voice-with-a-field": (put("voices.page.rôle", "x"), "$.voices.page"),
    "relay-twice": (
        put("voices.envoy.relay", ["outlet/gazette", "outlet/gazette"]),
        "$.voices.envoy.relay",
    ),
    "claims-map": (put("claims", {}), "$.claims"),
    "no-quote": (drop("claims.1.quote"), "$.claims[1]"),
    "no-voice": (drop("claims.1.voice"), "$.claims[1]"),
    "oversize": (put("claims.1.quote", "x" * 201), "$.claims[1].quote"),
    "offsets": (put("claims.1.at", "12"), "$.claims[1].at"),
    "field": (put("claims.1.certanty", "possible"), "$.claims[1]"),
    "certainty": (put("claims.1.certainty", "sure"), "$.claims[1].certainty"),
    "prefix": (put("claims.1.trnsfer/kites", {"status": "agreed"}), "$.claims[1]"),
    "no-property": (put(KITES, {}), "$.claims[1]['transfer/kites']"),
    "property": (put(f"{KITES}.suplier", "actor/ruritania"), "$.claims[1]['transfer/kites']"),
    "property-of-others": (put(f"{KITES}.order", "1"), "$.claims[1]['transfer/kites']"),
    "property-of-no-class": (
        put("claims.1.transfer/of-its-own", {"order": "1"}),
        "$.claims[1]['transfer/of-its-own']",
    ),
    "concept": (put(f"{KITES}.status", "sent"), "$.claims[1]['transfer/kites'].status"),
    "empty-list": (put(f"{KITES}.status", []), "$.claims[1]['transfer/kites'].status"),
    "no-id": (put(f"{KITES}.item", "kite"), "$.claims[1]['transfer/kites'].item"),
    "ref-with-a-field": (
        put(f"{KITES}.item", {"ref": "system/kite", "writen": "x"}),
        "$.claims[1]['transfer/kites'].item",
    ),
    "no-currency": (
        put(f"{KITES}.monetaryValue", {"min": "3"}),
        "$.claims[1]['transfer/kites'].monetaryValue",
    ),
    "no-place": (
        put("claims.1.place/strelsau", {"distanceFrom": {"km": "3"}}),
        "$.claims[1]['place/strelsau'].distanceFrom",
    ),
    "bearing": (
        put("claims.1.place/strelsau", {"distanceFrom": {"place": "place/x", "bearing": "EN"}}),
        "$.claims[1]['place/strelsau'].distanceFrom",
    ),
    "date-in-words": (put(f"{KITES}.period", "2023"), "$.claims[1]['transfer/kites'].period"),
    "inference-without-reason": (drop("inferences.0.because"), "$.inferences[0]"),
    "inference-with-a-voice": (put("inferences.0.voice", "page"), "$.inferences[0]"),
    "gap-without-reason": (drop("unmapped.0.because"), "$.unmapped[0]"),
}


@pytest.mark.parametrize("case", BAD)
def test_the_schema_refuses_what_the_reader_would(small: Small, errors: Errors, case: str) -> None:
    tree = read_yaml(small.mapping).tree
    change, path = BAD[case]
    change(tree)
    found = errors(tree)
    assert path in found
    assert all(path.startswith(other) for other in found), "the entry is told as well, nothing else"


def test_there_are_enough_mappings_the_schema_refuses() -> None:
    assert len(BAD) >= 35


def test_an_editor_completes_the_words_of_the_lexicon_and_the_ids(small: Small) -> None:
    definitions = json.loads(article_schema(small.corpus().vocabulary))["$defs"]
    quantity = definitions["frame-Transfer"]["properties"]["quantity"]["anyOf"][0]
    assert quantity["properties"]["says"]["anyOf"][0] == {"enum": ["hundreds"]}
    assert definitions["ids-NewsOrganisation"]["anyOf"][0] == {
        "enum": ["outlet/gazette", "outlet/herald"]
    }
    assert definitions["ids-Norm"]["anyOf"] == [{"pattern": "^[a-z-]+/.+"}]
