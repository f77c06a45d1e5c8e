"""The mapping of an article: who speaks, in which words, and what they say.

kg.mapping_reader reads it from a file; what the text itself must confirm is checked by kg.anchor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.entities import Entities, Entity
from kg.lexicon import Lexicon
from kg.schema import Schema
from kg.source import Document, Key
from kg.values import Date, Value

__all__ = [
    "BRIDGE",
    "ArticleMapping",
    "Frame",
    "Inferred",
    "Passage",
    "Published",
    "Quoted",
    "Said",
    "Unmapped",
    "Vocabulary",
    "Voice",
]

BRIDGE = "…"


@dataclass(frozen=True)
class Vocabulary:
    """All a mapping may name: the schema's properties, declared things, the lexicon's words."""

    schema: Schema
    entities: Entities
    lexicon: Lexicon


class Passage(NamedTuple):
    """A stretch of an article, as evidence: where it stands, its checksum, and the words shown."""

    start: int
    end: int
    checksum: str
    parts: tuple[str, ...]
    """The words themselves; two parts where a longer stretch is bridged."""


class Quoted(NamedTuple):
    """A quote as it stands in the file; `passage` is None until it is anchored."""

    text: str
    nth: int
    passage: Passage | None
    key: Key

    @property
    def parts(self) -> tuple[str, ...]:
        """The quoted words: one part, or the first and the last where they bridge a stretch."""
        return tuple(self.text.split(BRIDGE))


class Voice(NamedTuple):
    """Who speaks, in which role, and through which outlets the words came here."""

    key: str
    speaker: str
    utterance: str
    form: str
    role: str
    relay: tuple[str, ...]
    quoted: Quoted | None


class Frame(NamedTuple):
    """What is said of one thing: property keys with their values, and the line of each."""

    thing: str
    values: tuple[tuple[str, Value, int], ...]


class Said(NamedTuple):
    """One entry of the claims: a quote, whose words it is, how sure, and what it says."""

    quoted: Quoted
    voice: Voice
    form: str
    certainty: str
    cue: str
    polarity: str
    basis: str
    as_of: Date | None
    utterance: str
    note: str
    frames: tuple[Frame, ...]
    line: int


class Inferred(NamedTuple):
    """What the editor concludes, with the reason; never the article's word."""

    because: str
    quoted: Quoted
    """The words of the article it rests on."""
    frames: tuple[Frame, ...]
    line: int


class Unmapped(NamedTuple):
    """A stretch of text that is deliberately not mapped, and why."""

    quoted: Quoted
    because: str


class Published(NamedTuple):
    """When the article appeared, as far as the editor can tell, and why they think so."""

    date: Date
    because: str
    quoted: Quoted | None


@dataclass(frozen=True)
class ArticleMapping:
    """One article's mapping, read and checked."""

    document: Document = field(repr=False)
    article: str
    sha256: str
    length: int
    body: tuple[int, int]
    outlet: str
    headline: str
    published: Published
    voices: Mapping[str, Voice]
    said: tuple[Said, ...]
    inferred: tuple[Inferred, ...]
    unmapped: tuple[Unmapped, ...]
    entities: Entities = field(repr=False)
    things: tuple[Entity, ...] = ()

    def evidence(self) -> Iterator[Quoted]:
        """Every quote that attests something, in the file's order."""
        optional = [self.published.quoted, *(voice.quoted for voice in self.voices.values())]
        yield from (quoted for quoted in optional if quoted)
        yield from (said.quoted for said in self.said)
        yield from (inferred.quoted for inferred in self.inferred)

    def quoted(self) -> Iterator[Quoted]:
        """Every quote in the mapping, of what is left unmapped as well."""
        yield from self.evidence()
        yield from (unmapped.quoted for unmapped in self.unmapped)
