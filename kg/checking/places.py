"""Which key of which file made a node of the graph, and the value of each of its properties.

The compiler names nodes by their content, so the way back is an index: from each node to the keys
that made it. It is built only where validation found something.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kg import vocab
from kg.claims import claim_keys, claims, passage_id, relay, spoken
from kg.corpus import Corpus
from kg.mapping import ArticleMapping, Voice
from kg.shacl import Result
from kg.source import Document, Key, read_yaml
from kg.values import Date, Distance, Money, Quantity, term
from kg.vocab import cas, claim_property, thing, value_property

__all__ = ["Place", "Places"]


class Place(NamedTuple):
    """A part of a file."""

    file: str
    line: int
    key: str


class _Made(NamedTuple):
    """The keys that made a node."""

    document: Document
    key: Key
    parts: Mapping[str, tuple[Key, ...]]
    """Property to the keys that may hold its value, the likeliest first."""


_OF_ENTITY = {
    vocab.TYPE: "type",
    vocab.LABEL: "label",
    vocab.ALT_LABEL: "alt",
    vocab.HAS_GEOMETRY: "point",
    vocab.AS_WKT: "point",
    vocab.EXACT_MATCH: "geonames",
    vocab.SOURCE: "source",
    vocab.WITHIN: "within",
    vocab.BROADER: "broader",
    vocab.PUBLISHER: "publisher",
    vocab.LICENCE: "licence",
    vocab.DESCRIPTION: "description",
    vocab.EDITORIAL_NOTE: "note",
    vocab.POST_IN: "postIn",
    vocab.SUB_ORGANIZATION_OF: "subOrganizationOf",
    **{
        cas(name): name
        for name in ("said", "venue", "version", "within", "speaker", "speaksFor", "isoCode")
    },
    **{cas(name): name for name in ("icaoCode", "unlocode")},
}
"""Property to the field of a declaration that gives it."""
_OF_ARTICLE = {
    vocab.LABEL: "headline",
    vocab.HEADLINE: "headline",
    vocab.PUBLISHER: "outlet",
    cas("publicationDate"): "published",
    cas("sha256"): "sha256",
    cas("textLength"): "length",
    cas("bodyStart"): "body",
    cas("bodyEnd"): "body",
}
_OF_ENTRY = {
    cas("form"): "form",
    cas("certainty"): "certainty",
    cas("polarity"): "polarity",
    cas("basis"): "basis",
    cas("asOf"): "asOf",
    cas("hedgeCue"): "cue",
    cas("note"): "note",
    cas("evidence"): "quote",
    cas("utterance"): "utterance",
}
_OF_VOICE = {
    cas("form"): "form",
    cas("speaker"): "speaker",
    cas("principal"): "speaker",
    cas("speakerRole"): "role",
    cas("utterance"): "in",
    cas("relay"): "relay",
}
_KEY_IN_WORDS = re.compile(r"`(\w+):?`")


class Places:
    """Where each node of a graph came from."""

    def __init__(self, corpus: Corpus, articles: Iterable[ArticleMapping]) -> None:
        self._made: dict[str, list[_Made]] = {}
        for mapping in articles:
            for node, made in _of_mapping(corpus, mapping):
                self._made.setdefault(node, []).append(made)
        self._corpus = corpus
        self._documents: dict[str, Document] = {}

    def of(self, result: Result) -> Place | None:
        """The place that caused a result; None where no file made what it is about."""
        # whoever writes a SPARQL constraint selects as ?value what is to be mended
        by_query = bool(result.constraint)
        ends = (result.value, result.focus) if by_query else (result.focus, result.value)
        for node in ends:
            if made := self._at(node):
                return _place(*self._part(made, result, node))
        return None

    def _at(self, node: str) -> list[_Made]:
        return self._made.get(node) or self._declared(node)

    def _part(self, made: list[_Made], result: Result, node: str) -> tuple[Document, Key]:
        """The part of what made the node that the result is about."""
        if node == result.focus and result.value != node and (at := self._made.get(result.value)):
            for each in at:
                if any(_within(each, one) for one in made):
                    return each.document, each.key
        named = [
            term
            for word in _KEY_IN_WORDS.findall(result.said)
            for term in (claim_property(word), cas(word))
        ]
        for each in made:
            for name in (*re.findall(r"<[^>]*>", result.path)[-1:], *named):
                for key in each.parts.get(name, ()):
                    if _holds(each.document, key):
                        return each.document, key
        return made[0].document, made[0].key

    def _declared(self, node: str) -> list[_Made]:
        """What a thing's declaration in the seeds made."""
        name = node.removeprefix(f"<{vocab.ID}").removesuffix(">").removeprefix("geometry/")
        entity = self._corpus.vocabulary.entities.by_id.get(name)
        if entity is None:
            return []
        if entity.file not in self._documents:
            self._documents[entity.file] = read_yaml(Path(entity.file))
        return [_entity(self._documents[entity.file], (name,))]


def _place(document: Document, key: Key) -> Place:
    return Place(document.file, document.line(key), ".".join(map(str, key)))


def _within(inner: _Made, outer: _Made) -> bool:
    return inner.document is outer.document and inner.key[: len(outer.key)] == outer.key


def _holds(document: Document, key: Key) -> bool:
    tree = document.tree
    for part in key:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _entity(document: Document, at: Key) -> _Made:
    return _Made(document, at, {term: ((*at, field),) for term, field in _OF_ENTITY.items()})


def _of_mapping(corpus: Corpus, mapping: ArticleMapping) -> Iterator[tuple[str, _Made]]:
    document = mapping.document
    parts = {term: ((field,),) for term, field in _OF_ARTICLE.items()}
    yield thing(f"article/{mapping.article}"), _Made(document, ("article",), parts)
    yield (
        thing(f"inference/{mapping.article}/publication-date"),
        _Made(document, ("published",), {}),
    )
    yield term(mapping.published.date), _Made(document, ("published",), {})
    yield from _of_claims(corpus, mapping)
    for voice in mapping.voices.values():
        yield from _of_voice(mapping, voice)
    for entity in mapping.things:
        made = _entity(document, ("things", entity.id))
        yield thing(entity.id), made
        yield thing(f"geometry/{entity.id}"), made
    for quoted in mapping.evidence():
        if quoted.passage:
            yield from _of_passage(mapping, passage_id(mapping.article, quoted.passage), quoted.key)


def _of_claims(corpus: Corpus, mapping: ArticleMapping) -> Iterator[tuple[str, _Made]]:
    document, schema = mapping.document, corpus.vocabulary.schema
    voices = {voice.speaker: voice.key for voice in mapping.voices.values()}
    stated: dict[str, dict[str, tuple[Key, ...]]] = {}
    frames: dict[str, Key] = {}
    for claim, key in zip(claims(mapping), claim_keys(mapping), strict=True):
        entry, frame = key[:2], key[:3]
        voice = _entry(document, entry).get("voice", voices.get(claim.speaker, ""))
        parts = {
            name: (
                *([(*entry, _OF_ENTRY[name])] if name in _OF_ENTRY else []),
                *([("voices", str(voice), _OF_VOICE[name])] if name in _OF_VOICE else []),
            )
            for name in (*_OF_ENTRY, *_OF_VOICE)
        }
        parts[value_property(claim.key)] = (key,)
        yield thing(claim.id), _Made(document, key, parts)
        yield thing(f"inference/{claim.id.partition('/')[2]}"), _Made(document, entry, {})
        if isinstance(claim.value, Quantity | Money | Distance | Date):
            yield term(claim.value), _Made(document, key, {})
        frames.setdefault(claim.thing, frame)
        said = stated.setdefault(claim.thing, {})
        for name in (claim_property(claim.key), cas(claim.key)):
            said[name] = (*said.get(name, ()), key)
        if claim.spoken.id not in mapping.entities:
            at: Key = ("voices", str(voice)) if voice else entry
            yield thing(claim.spoken.id), _Made(document, at, {})
    for name, key in frames.items():
        kind = mapping.entities[name].type if name in mapping.entities else ""
        # a situation is what is claimed of it; a person or a place is what is declared of them
        if kind and schema.is_a(kind, "Situation"):
            yield thing(name), _Made(document, key, stated[name])


def _of_voice(mapping: ArticleMapping, voice: Voice) -> Iterator[tuple[str, _Made]]:
    at: Key = ("voices", voice.key)
    heard = spoken(mapping, voice)
    for step in relay(mapping, voice, heard):
        parts = {cas("relayedBy"): ((*at, "relay"),), cas("evidence"): ((*at, "quote"),)}
        yield thing(step.id), _Made(mapping.document, at, parts)


def _of_passage(mapping: ArticleMapping, name: str, at: Key) -> Iterator[tuple[str, _Made]]:
    key = (*at, "quote")
    for part in ("", "/position", "/quote", "/range", "/first", "/last"):
        yield thing(name + part), _Made(mapping.document, key, {})


def _entry(document: Document, key: Key) -> Mapping[str, str]:
    tree = document.tree
    for part in key:
        tree = tree[part]
    return dict(tree)
