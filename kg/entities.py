"""Reference data: the things claims are about, declared once with labels, ids and coordinates."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kg import vocab
from kg.dates import bounds
from kg.errors import InputError, Problem, closest, meant, near
from kg.lexicon import number
from kg.schema import Schema
from kg.source import Document, Key, Tree, read_yaml
from kg.terms import XSD, Quad, iri, literal
from kg.values import NAME, Date, describe, term
from kg.vocab import cas, thing

__all__ = ["Entities", "Entity", "entity_quads", "read_entities"]


class Entity(NamedTuple):
    """A thing with a name; `facts` are its reference triples but for links, ready to write."""

    id: str
    type: str
    label: str
    names: tuple[str, ...]
    """Every name it goes by, its label first."""
    links: Mapping[str, str]
    """Fields that name another entity, such as speaksFor."""
    facts: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str, str], ...]
    """Triples about nodes of its own: its geometry, the date an utterance was made."""
    line: int
    file: str


@dataclass(frozen=True)
class Entities:
    """All declared things by id."""

    by_id: Mapping[str, Entity]

    def __contains__(self, name: str) -> bool:
        return name in self.by_id

    def __getitem__(self, name: str) -> Entity:
        return self.by_id[name]

    def label(self, name: str) -> str:
        """The label of the thing.

        >>> from kg.resources import folder
        >>> from kg.schema import read_schema
        >>> seeds, schema = folder("seeds"), read_schema(folder("ontology"))
        >>> read_entities(seeds / "entities", schema).label("person/john-kirby")
        'John Kirby'
        """
        return self.by_id[name].label

    def principal(self, name: str) -> str:
        """On whose behalf the actor speaks, in the end: itself where nobody is named."""
        while above := self.by_id[name].links.get("speaksFor"):
            name = above
        return name

    def near(self, name: str) -> tuple[str, ...]:
        """The ids closest to one that is not declared."""
        prefix, slash, rest = name.partition("/")
        start = prefix + slash
        alike = [known.removeprefix(start) for known in self._ids if known.startswith(start)]
        return tuple(start + close for close in near(rest, alike)) or near(name, self._ids)

    def extended(self, more: Iterable[Entity]) -> "Entities":
        """These things and some more, as for a document that declares its own."""
        return Entities({**{entity.id: entity for entity in more}, **self.by_id})

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.by_id))


Writer = Callable[[str], tuple[str, str]]

# field → how its text becomes predicate and object
_TEXTS: Mapping[str, Writer] = {
    "note": lambda text: (vocab.EDITORIAL_NOTE, literal(text, language="en")),
    "description": lambda text: (vocab.DESCRIPTION, literal(text, language="en")),
    "venue": lambda text: (cas("venue"), literal(text)),
    "version": lambda text: (cas("version"), literal(text)),
    "licence": lambda text: (vocab.LICENCE, literal(text)),
    "isoCode": lambda text: (cas("isoCode"), literal(text)),
    "icaoCode": lambda text: (cas("icaoCode"), literal(text)),
    "unlocode": lambda text: (cas("unlocode"), literal(text)),
    "geonames": lambda text: (vocab.EXACT_MATCH, iri(f"https://sws.geonames.org/{text}/")),
}
# field → predicate to another entity, and the classes that entity may belong to
_LINKS: Mapping[str, tuple[str, str]] = {
    "speaksFor": (cas("speaksFor"), "Actor"),
    "subOrganizationOf": (vocab.SUB_ORGANIZATION_OF, "Actor"),
    "postIn": (vocab.POST_IN, "Actor"),
    "within": (vocab.WITHIN, "Place"),
    "broader": (vocab.BROADER, "System"),
    "source": (vocab.SOURCE, "Source"),
    "speaker": (cas("speaker"), "Actor"),
    "publisher": (vocab.PUBLISHER, "NewsOrganisation"),
}
# what a field means on this class where it means something else than above
_LINKS_OF_CLASS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("Utterance", "within"): (cas("within"), "Utterance"),
}
_FIELDS = frozenset({"type", "label", "alt", "point", "said", *_TEXTS, *_LINKS})
_NESTED = frozenset({"alt", "point", "said"})
_POINT = ("lat", "lon", "accuracy", "source", "record")


def read_entities(folder: Path, schema: Schema) -> Entities:
    """All things declared in the YAML files of the folder.

    Raises InputError with every problem found: unknown fields and types; then, where there are
    none, links that lead nowhere and things declared twice.
    """
    return entities((read_yaml(path) for path in sorted(folder.glob("*.yaml"))), schema)


def entities(documents: Iterable[Document], schema: Schema) -> Entities:
    """All things the documents declare."""
    problems: list[Problem] = []
    found: dict[str, Entity] = {}
    parts: list[tuple[Document, tuple[Entity, ...]]] = []
    for document in documents:
        things = tuple(declared(document, (), document.tree, schema, problems))
        parts.append((document, things))
        for entity in things:
            found.setdefault(entity.id, entity)
    known = Entities(found)
    if not problems:  # else links to what could not be read would be told as well
        for document, things in parts:
            problems.extend(misfits(document, (), things, known, schema))
    if problems:
        raise InputError(*problems)
    return known


def declared(
    document: Document, at: Key, tree: Tree, schema: Schema, problems: list[Problem]
) -> Iterator[Entity]:
    """The things declared in this part of a document; problems are added to the list."""
    if not isinstance(tree, dict):
        hint = "write id: {type: …, label: …}"
        problems.append(document.problem(at, "is no map of ids to things", hint))
        return
    for name, fields in tree.items():
        try:
            yield _entity(document, (*at, name), name, fields, schema)
        except InputError as error:
            problems.extend(error.problems)


def misfits(
    document: Document, at: Key, things: Iterable[Entity], known: Entities, schema: Schema
) -> Iterator[Problem]:
    """What is wrong with the things beside all others: declared twice, links that lead nowhere."""
    for entity in things:
        key = (*at, entity.id)
        if (first := known[entity.id]) is not entity:
            yield document.problem(key, "declared twice", f"the first is {first.file}:{first.line}")
        for field, target in entity.links.items():
            if wrong := _broken(entity, field, target, known, schema):
                yield document.problem((*key, field), *wrong)
        if _circular(entity, known):
            yield document.problem((*key, "speaksFor"), "leads back to itself")


def _entity(document: Document, at: Key, name: str, fields: Tree, schema: Schema) -> Entity:
    _check(document, at, fields, _FIELDS, ("label",))
    kind = _type(document, at, name.partition("/")[0], fields.get("type"), schema)
    names = (fields["label"], *_names(document, at, fields.get("alt", [])))
    return Entity(
        id=_id(document, at, name),
        type=kind,
        label=fields["label"],
        names=names,
        links={field: fields[field] for field in _LINKS if field in fields},
        facts=tuple(_facts(kind, names, fields, schema)),
        more=tuple(_more(document, at, name, fields)),
        line=document.line(at),
        file=document.file,
    )


def _id(document: Document, at: Key, name: str) -> str:
    parts = name.split("/")
    if len(parts) > 1 and all(NAME.fullmatch(part) for part in parts):
        return name
    hint = "write prefix/name, in letters without accents, digits, - and _"
    raise InputError(document.problem(at, f"{name!r} is no id", hint))


def _check(
    document: Document, at: Key, fields: Tree, allowed: Iterable[str], needed: tuple[str, ...]
) -> None:
    """Raises InputError unless the fields are a map of known names, with those that are needed."""
    if not isinstance(fields, dict):
        hint = f"write {{{', '.join(f'{key}: …' for key in needed)}}}"
        raise InputError(document.problem(at, f"lacks {', '.join(needed)}", hint))
    if unknown := sorted(set(fields) - set(allowed)):
        hint = closest(unknown[0], allowed)
        raise InputError(document.problem((*at, unknown[0]), "is no field here", hint))
    if missing := [key for key in needed if not fields.get(key)]:
        raise InputError(document.problem(at, f"lacks {', '.join(missing)}"))
    for key in sorted(set(fields) - _NESTED):
        if not isinstance(fields[key], str):
            raise InputError(document.problem((*at, key), "is no text", "write it in quotes"))
        if key == "geonames" and not NAME.fullmatch(fields[key]):
            raise InputError(document.problem((*at, key), "is no number of GeoNames"))


def _type(document: Document, at: Key, prefix: str, given: str | None, schema: Schema) -> str:
    classes = schema.prefixes.get(prefix, ())
    if not classes:
        message = f"no class has ids that begin with {prefix}/"
        raise InputError(document.problem(at, message, closest(prefix, schema.prefixes)))
    if given is None and len(classes) == 1:
        return classes[0]
    if given not in classes:
        message = f"{given} is no type for {prefix}/" if given else "lacks type"
        raise InputError(document.problem((*at, "type"), message, f"known: {', '.join(classes)}"))
    return given


def _names(document: Document, at: Key, names: Tree) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(document.problem((*at, "alt"), "is not a list of names", "write [a, b]"))
    return names


def _facts(
    kind: str, names: tuple[str, ...], fields: Tree, schema: Schema
) -> Iterator[tuple[str, str]]:
    label, *others = names
    yield vocab.TYPE, cas(kind)
    yield vocab.LABEL, literal(label, language="en")
    if schema.is_a(kind, "System"):
        yield vocab.PREF_LABEL, literal(label, language="en")
        yield vocab.IN_SCHEME, thing("scheme/systems")
    for other in others:
        yield vocab.ALT_LABEL, literal(other, language="en")
    for field, writer in _TEXTS.items():
        if field in fields:
            yield writer(fields[field])


def _link(kind: str, field: str) -> tuple[str, str]:
    return _LINKS_OF_CLASS.get((kind, field), _LINKS[field])


def _more(document: Document, at: Key, name: str, fields: Tree) -> Iterator[tuple[str, str, str]]:
    if "point" in fields:
        yield from _geometry(document, (*at, "point"), name, fields["point"])
    if "said" in fields:
        yield from _said(document, (*at, "said"), name, fields["said"])


def _geometry(
    document: Document, at: Key, name: str, point: Tree
) -> Iterator[tuple[str, str, str]]:
    """Where the place is; coordinates come from a source that is named, never from memory."""
    _check(document, at, point, (*_POINT, "note"), _POINT)
    lat, lon = _degrees(document, at, point, "lat", 90), _degrees(document, at, point, "lon", 180)
    if number(point["accuracy"]) is None:
        raise InputError(document.problem((*at, "accuracy"), "is no number of metres"))
    node = thing(f"geometry/{name}")
    yield thing(name), vocab.HAS_GEOMETRY, node
    yield node, vocab.TYPE, cas("Geometry")
    yield node, vocab.AS_WKT, literal(f"POINT({lon} {lat})", vocab.WKT)
    yield node, cas("accuracyMetres"), literal(point["accuracy"], XSD + "decimal")
    yield node, vocab.SOURCE, thing(_id(document, (*at, "source"), point["source"]))
    yield node, cas("sourceRecord"), literal(point["record"])
    if "note" in point:
        yield node, vocab.EDITORIAL_NOTE, literal(point["note"], language="en")


def _degrees(document: Document, at: Key, point: Tree, key: str, most: int) -> str:
    text: str = point[key]
    degrees = number(text.removeprefix("-"))
    if degrees is None or degrees > most:
        message = f"{text!r} is not in degrees from -{most} to {most}"
        raise InputError(document.problem((*at, key), message))
    return text


def _said(document: Document, at: Key, name: str, said: Tree) -> Iterator[tuple[str, str, str]]:
    _check(document, at, said, ("edtf", "says"), ("edtf",))
    try:
        date = Date(said["edtf"], *bounds(said["edtf"]), said.get("says", ""))
    except ValueError as error:
        raise InputError(document.problem(at, str(error))) from error
    yield thing(name), cas("said"), term(date)
    for subject, predicate, value, _ in describe(date, ""):
        yield subject, predicate, value


def _broken(
    entity: Entity, field: str, target: str, known: Entities, schema: Schema
) -> tuple[str, str] | None:
    """What is wrong with a link, and what to do about it; None where it leads where it should."""
    wanted = _link(entity.type, field)[1]
    if target not in known:
        return f"no thing {target}", meant(known.near(target))
    if not schema.is_a(known[target].type, wanted):
        return f"{target} is a {known[target].type}, not a {wanted}", ""
    return None


def _circular(entity: Entity, known: Entities) -> bool:
    seen = {entity.id}
    above = entity.links.get("speaksFor", "")
    while above in known and above not in seen:
        seen.add(above)
        above = known[above].links.get("speaksFor", "")
    return above == entity.id


def entity_quads(entity: Entity, graph: str) -> Iterator[Quad]:
    """The thing's reference triples, in that graph."""
    for predicate, value in entity.facts:
        yield Quad(thing(entity.id), predicate, value, graph)
    for field, target in entity.links.items():
        yield Quad(thing(entity.id), _link(entity.type, field)[0], thing(target), graph)
    for triple in entity.more:
        yield Quad(*triple, graph)
