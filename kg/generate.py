"""What follows from the property list: the c:/v: pairs, the shapes of claims, the mapping's schema.

The three files are kept in the repository, so that editors and Protégé see them; `caspian generate`
writes them, and a test holds them against the ontology.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.mapping import Vocabulary
from kg.mapping_reader import LONGEST_QUOTE
from kg.schema import Property, Schema
from kg.value_reader import BEARINGS
from kg.values import METRES

__all__ = ["GENERATED", "article_schema", "claim_pairs", "claim_shapes", "generated"]

GENERATED = {
    "pairs": Path("ontology/claims.ttl"),
    "shapes": Path("shapes/claims.ttl"),
    "schema": Path("seeds/article.schema.json"),
}
"""What is generated, and where it stands in a checkout."""


def generated(vocabulary: Vocabulary) -> dict[Path, str]:
    """Every generated file's path and text."""
    return {
        GENERATED["pairs"]: claim_pairs(vocabulary.schema),
        GENERATED["shapes"]: claim_shapes(vocabulary.schema),
        GENERATED["schema"]: article_schema(vocabulary),
    }


_NODE_CLASS = {
    "quantity": "QuantityValue",
    "money": "MoneyValue",
    "distance": "DistanceValue",
    "date": "DateValue",
}
_DATATYPE = {"text": "xsd:string", "integer": "xsd:integer"}


def _classes(prop: Property) -> tuple[str, ...]:
    """The classes of what a property's claims say; none where they say a text or a number."""
    return (_NODE_CLASS[prop.kind],) if prop.kind in _NODE_CLASS else prop.values


def _said(prop: Property) -> str:
    """What a claim of the property says, in words."""
    return " or ".join(_classes(prop)) or {"text": "text", "integer": "whole number"}[prop.kind]


# -- ontology/claims.ttl

_PAIRS_HEAD = """\
# Generated from the property list of the ontology by `caspian generate`: do not edit.
# A claim is reached in two steps: thing c:supplier claim . claim v:supplier value.
@prefix c: <https://w3id.org/caspian/claim/> .
@prefix cas: <https://w3id.org/caspian/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v: <https://w3id.org/caspian/value/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/caspian/ontology/claims>
  a owl:Ontology ;
  dcterms:title "Caspian: claims"@en .
"""

_PAIR = """
c:{key}
  a owl:ObjectProperty ;
  rdfs:label "claim of {words}"@en ;
  skos:definition "Leads from a thing to a claim about its {words}."@en ;
  dcterms:source "ours" ;
  skos:example "?thing c:{key} ?claim . ?claim v:{key} ?value" ;
  rdfs:range cas:Claim ;
  rdfs:isDefinedBy <https://w3id.org/caspian/ontology/claims> .

v:{key}
  a owl:{kind} ;
  rdfs:label "claimed {words}"@en ;
  skos:definition "Leads from a claim to the {words} it says, which is a {said}."@en ;
  dcterms:source "ours" ;
  skos:example "?claim v:{key} ?value" ;
  rdfs:domain cas:Claim ;{range}
  rdfs:isDefinedBy <https://w3id.org/caspian/ontology/claims> .
"""


def claim_pairs(schema: Schema) -> str:
    """The pair of properties of each claimable property, as Turtle."""
    return _PAIRS_HEAD + "".join(_pair(prop) for prop in schema.properties.values())


def _pair(prop: Property) -> str:
    classes = _classes(prop)
    values = [f"cas:{name}" for name in classes] or [_DATATYPE[prop.kind]]
    # OWL 2 RL has no unions in ranges: several classes are left to the shape
    return _PAIR.format(
        key=prop.key,
        words=_words(prop.key),
        kind="ObjectProperty" if classes else "DatatypeProperty",
        said=_said(prop),
        range=f"\n  rdfs:range {values[0]} ;" if len(values) == 1 else "",
    )


def _words(key: str) -> str:
    return "".join(f" {char.lower()}" if char.isupper() else char for char in key)


# -- shapes/claims.ttl

_SHAPES_HEAD = """\
# Generated from the property list of the ontology by `caspian generate`: do not edit.
# For each claimable property: its claims say one value of its kind, they are made of things it
# applies to, and it is never asserted as if we knew.
@prefix c: <https://w3id.org/caspian/claim/> .
@prefix cas: <https://w3id.org/caspian/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix sh-cas: <https://w3id.org/caspian/shapes#> .
@prefix v: <https://w3id.org/caspian/value/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_SHAPE = """
sh-cas:claim-{key}
  a sh:NodeShape ;
  sh:targetObjectsOf c:{key} ;
  sh:class cas:Claim ;
  sh:message "Only a claim can follow c:{key}." ;
  sh:property sh-cas:claim-{key}-value .

sh-cas:claim-{key}-value
  a sh:PropertyShape ;
  sh:path v:{key} ;
  sh:minCount 1 ;
  sh:maxCount 1 ;
  {value} ;
  sh:message "A claim of {key} says one {said}: mend the value of `{key}`." .

sh-cas:value-{key}
  a sh:NodeShape ;
  sh:targetSubjectsOf v:{key} ;
  sh:property sh-cas:value-{key}-of .

sh-cas:value-{key}-of
  a sh:PropertyShape ;
  sh:path [ sh:inversePath c:{key} ] ;
  sh:minCount 1 ;
  sh:message "A value of {key} belongs to a claim of {key}: only c:{key} leads to v:{key}." .

sh-cas:about-{key}
  a sh:NodeShape ;
  sh:targetSubjectsOf c:{key} ;
  {subject} ;
  sh:message "`{key}` is claimed of a {applies} only." .

sh-cas:plain-{key}
  a sh:NodeShape ;
  sh:targetSubjectsOf cas:{key} ;
  sh:property sh-cas:plain-{key}-none .

sh-cas:plain-{key}-none
  a sh:PropertyShape ;
  sh:path cas:{key} ;
  sh:maxCount 0 ;
  sh:message "cas:{key} stands in views only: claim it with c:{key} and v:{key}, with a speaker." .
"""


def claim_shapes(schema: Schema) -> str:
    """The shapes that hold for claims of each property, as Turtle."""
    return _SHAPES_HEAD + "".join(_shape(prop) for prop in schema.properties.values())


def _shape(prop: Property) -> str:
    classes = _classes(prop)
    return _SHAPE.format(
        key=prop.key,
        value=_any_class(classes) if classes else f"sh:datatype {_DATATYPE[prop.kind]}",
        said=_said(prop),
        subject=_any_class(prop.applies_to),
        applies=" or ".join(prop.applies_to),
    )


def _any_class(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"sh:class cas:{names[0]}"
    return "sh:or ( " + " ".join(f"[ sh:class cas:{name} ]" for name in names) + " )"


# -- seeds/article.schema.json

Json = dict[str, Any]


def article_schema(vocabulary: Vocabulary) -> str:
    """The JSON Schema of a mapping: what an editor completes and checks as one types."""
    schema, entities = vocabulary.schema, vocabulary.entities
    ids = {name: sorted(_ids_of(vocabulary, name)) for name in _referenced(schema)}
    frames = {
        name: {"description": entities[name].label, **_ref(f"frame-{entities[name].type}")}
        for name in sorted(entities.by_id)
    }
    patterns = {
        f"^{prefix}/": {"anyOf": [_ref(f"frame-{kind}") for kind in kinds]}
        for prefix, kinds in schema.prefixes.items()
        if any(schema.allowed[kind] for kind in kinds)
    }
    document: Json = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/caspian/seeds/article.schema.json",
        "title": "The mapping of an article",
        "description": "Generated by `caspian generate` from the ontology and the seeds.",
        **_document(schema, frames, patterns),
        "$defs": {
            **{
                f"ids-{name}": {"type": "string", "anyOf": _known(known)}
                for name, known in ids.items()
            },
            **{f"frame-{name}": _frame(vocabulary, name) for name in sorted(schema.parents)},
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _referenced(schema: Schema) -> list[str]:
    things = (p.values for p in schema.properties.values() if p.kind == "thing")
    return sorted(
        {name for values in things for name in values} | {"Utterance", "NewsOrganisation"}
    )


def _ids_of(vocabulary: Vocabulary, name: str) -> Iterator[str]:
    for entity in vocabulary.entities.by_id.values():
        if vocabulary.schema.is_a(entity.type, name):
            yield entity.id


def _known(ids: list[str]) -> list[Json]:
    """The ids to complete with, and any other that looks like one (a document may declare some)."""
    return [*([{"enum": ids}] if ids else []), {"pattern": "^[a-z-]+/.+"}]


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _document(schema: Schema, frames: Json, patterns: Json) -> Json:
    span = {"type": "string", "pattern": r"^\d+-\d+$"}
    text, whole = {"type": "string", "minLength": 1}, {"type": ["string", "integer"]}
    quote = _quote_fields()
    because = {"because": text}
    voice = _object(
        {
            "speaker": _ref("ids-Actor"),
            "in": _ref("ids-Utterance"),
            "form": _slugs(schema, "Form"),
            "role": text,
            "relay": {"type": "array", "items": _ref("ids-NewsOrganisation"), "uniqueItems": True},
            **quote,
        },
        "speaker",
        "form",
    )
    inferred = _object({**quote, **because, **frames}, "quote", "because")
    inferred["patternProperties"] = patterns
    return _object(
        {
            "article": text,
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "length": whole,
            "body": span,
            "outlet": _ref("ids-NewsOrganisation"),
            "headline": text,
            "published": _object({**_DATE, **quote, **because}, "because"),
            "voices": {"type": "object", "additionalProperties": voice, "minProperties": 1},
            "claims": {"type": "array", "items": _entry(schema, frames, patterns)},
            "inferences": {"type": "array", "items": inferred},
            "unmapped": {
                "type": "array",
                "items": _object({**quote, **because}, "quote", "because"),
            },
            "things": {"type": "object"},
        },
        *("article", "sha256", "length", "body", "outlet", "published", "voices", "claims"),
    )


def _entry(schema: Schema, frames: Json, patterns: Json) -> Json:
    text = {"type": "string", "minLength": 1}
    entry = _object(
        {
            **_quote_fields(),
            "voice": text,
            "form": _slugs(schema, "Form"),
            "certainty": _slugs(schema, "Certainty"),
            "cue": text,
            "polarity": _slugs(schema, "Polarity"),
            "basis": _slugs(schema, "Basis"),
            "asOf": _object(_DATE),
            "utterance": _ref("ids-Utterance"),
            "note": text,
            **frames,
        },
        "quote",
        "voice",
    )
    entry["patternProperties"] = patterns
    return entry


def _quote_fields() -> Json:
    return {
        "quote": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUOTE},
        "nth": {"type": ["string", "integer"]},
        "at": {"type": "string", "pattern": r"^\d+-\d+$"},
        "sum": {"type": ["string", "integer", "number"]},
    }


def _slugs(schema: Schema, name: str) -> Json:
    return {"enum": sorted(concept.partition("/")[2] for concept in schema.concepts[name])}


def _object(properties: Mapping[str, Any], *required: str) -> Json:
    found: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": [*required]} if required else found


def _frame(vocabulary: Vocabulary, name: str) -> Json:
    schema = vocabulary.schema
    keys = sorted(schema.allowed[name])
    values = {
        key: {
            "description": schema.meanings[key],
            **_one_or_more(_value(vocabulary, schema.properties[key])),
        }
        for key in keys
    }
    return {**_object(values), "minProperties": 1}


def _one_or_more(value: Json) -> Json:
    return {"anyOf": [value, {"type": "array", "items": value, "minItems": 1}]}


_WORD = {"type": ["string", "number", "boolean"]}
_DATE = {"edtf": {"type": "string"}, "says": {"type": "string"}, "anchor": {"type": "string"}}


def _value(vocabulary: Vocabulary, prop: Property) -> Json:
    if prop.kind == "thing":
        ids = {"anyOf": [_ref(f"ids-{name}") for name in prop.values]}
        words = {key: {"type": "string"} for key in ("written", "match", "because")}
        return {"anyOf": [ids, _object({"ref": ids, **words}, "ref")]}
    if prop.kind == "concept":
        return _slugs(vocabulary.schema, prop.values[0])
    if prop.kind == "distance":
        fields: Json = {
            "place": _ref("ids-Place"),
            "says": {"type": "string"},
            "approximate": _WORD,
            "bearing": {"enum": [*BEARINGS]},
            **dict.fromkeys(METRES, _WORD),
        }
        return _object(fields, "place")
    simple: Json = {
        "text": {"type": "string", "minLength": 1},
        "integer": {"type": ["string", "integer"], "pattern": r"^\d+$"},
        "date": _object(_DATE),
        "quantity": _object({**_says(vocabulary, "quantity"), "count": _WORD}),
        "money": _object(
            {**_says(vocabulary, "money"), "currency": {"type": "string"}}, "currency"
        ),
    }
    return dict(simple[prop.kind])


def _says(vocabulary: Vocabulary, kind: str) -> Json:
    known = sorted(vocabulary.lexicon.wordings(kind))
    says = {"anyOf": [{"enum": known}, {"type": "string"}]}
    return {"says": says, "min": _WORD, "max": _WORD}
