"""The model of the instance data, written for each peer: a LinkML schema, an RML mapping."""

import json
from collections.abc import Iterator

from instances import PREFIXES, UNTYPED, Field, Model

__all__ = ["linkml", "rml"]

CONTAINER = "Container"


def linkml(classes: Model) -> str:
    """A LinkML schema of these classes, as JSON (which is YAML).

    rdflib_dumper writes no language tags: labels are plain strings there.
    """
    ranges = {field.range for fields in classes.values() for field in fields}
    schema = {
        "id": "https://w3id.org/caspian/bench",
        "name": "bench",
        "prefixes": PREFIXES | {"linkml": "https://w3id.org/linkml/"},
        "imports": ["linkml:types"],
        "default_prefix": "cas",
        "types": {
            _type(kind): {"typeof": "string", "uri": kind} for kind in sorted(ranges) if ":" in kind
        },
        "classes": _container(classes)
        | {
            kind.partition(":")[2] or kind: {
                "class_uri": kind if ":" in kind else f"cas:{kind}",
                "attributes": {
                    "id": {"identifier": True, "range": "uriorcurie"},
                    **{field.name: _slot(field, many) for field, many in fields.items()},
                },
            }
            for kind, fields in classes.items()
        },
    }
    return json.dumps(schema, indent=1)


def _container(classes: Model) -> dict[str, object]:
    """The class of one article's objects: what a LinkML document has at its top."""
    names = [kind.partition(":")[2] or kind for kind in classes]
    many = {"multivalued": True, "inlined": True, "inlined_as_list": True}
    slots = {name: {"range": name, **many} for name in names}
    key = {"id": {"identifier": True, "range": "uriorcurie"}}
    return {CONTAINER: {"tree_root": True, "attributes": key | slots}}


def _slot(field: Field, many: bool) -> dict[str, object]:  # noqa: FBT001 -- a row of a table
    slot = {"slot_uri": field.predicate, "multivalued": many}
    if field.range == "iri":
        return slot | {"range": "uriorcurie"}
    return slot | {"range": _type(field.range) if ":" in field.range else "string"}


def _type(curie: str) -> str:
    return curie.replace(":", "_")


def rml(classes: Model, folder: str) -> str:
    """An RML mapping from a folder of JSON files, one a table, in which ids are whole IRIs."""
    prefixes = PREFIXES | {
        "rr": "http://www.w3.org/ns/r2rml#",
        "rml": "http://semweb.mmlab.be/ns/rml#",
        "ql": "http://semweb.mmlab.be/ns/ql#",
    }
    head = [f"@prefix {prefix}: <{base}> ." for prefix, base in prefixes.items()]
    return "\n".join([*head, *_maps(classes, folder)])


def _maps(classes: Model, folder: str) -> Iterator[str]:
    for kind, fields in classes.items():
        name = kind.partition(":")[2] or kind
        typed = f"; rr:class {kind}" if kind != UNTYPED else ""
        single = [field for field, many in fields.items() if not many]
        yield _map(name, folder, typed, [_object(field, field.name) for field in single])
        for field in (field for field, many in fields.items() if many):
            yield _map(f"{name}.{field.name}", folder, "", [_object(field, "value")])


def _map(rows: str, folder: str, typed: str, objects: list[str]) -> str:
    return (
        f'<#{rows}> rml:logicalSource [ rml:source "{folder}/{rows}.json" ;'
        f' rml:referenceFormulation ql:JSONPath ; rml:iterator "$[*]" ] ;\n'
        f' rr:subjectMap [ rml:reference "id" ; rr:termType rr:IRI {typed} ]'
        + "".join(f" ;\n rr:predicateObjectMap [ {one} ]" for one in objects)
        + " ."
    )


def _object(field: Field, reference: str) -> str:
    form = {"iri": "rr:termType rr:IRI", "string": "rr:termType rr:Literal"}.get(field.range)
    if field.range.startswith("@"):
        form = f'rr:language "{field.range[1:]}"'
    of = f'rml:reference "{reference}" ; {form or f"rr:datatype {field.range}"}'
    return f"rr:predicate {field.predicate} ; rr:objectMap [ {of} ]"
