"""Judgements on who or what is the same: what each joins or keeps apart, by whom and why.

A judgement is data (seeds/identities.yaml). It is about a name as articles write it, or about a
thing, and says whether that is another thing. Only a positive verdict joins; a negative one and an
unsure one keep apart. Since every build starts from the seeds, a verdict that is changed and built
again changes the graph and nothing else: what was joined is split, what was split is joined.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from kg import vocab
from kg.claims import EDITOR, Claim
from kg.entities import Entities, Entity, declared, misfits
from kg.errors import InputError, Problem, closest, meant
from kg.mapping import ArticleMapping, Frame, Voice
from kg.schema import Schema
from kg.source import Document, Key, read_yaml
from kg.terms import Quad, literal
from kg.values import NAME, Distance, Ref, Value, term
from kg.vocab import cas, thing

__all__ = ["Identities", "Judgement", "identities", "read_identities"]

_VERDICTS = ("positive", "negative", "unsure")
_NEEDED = ("is", "verdict", "certainty", "because")
_TEXTS = (*_NEEDED, "written", "thing", "by")
_FIELDS = (*_TEXTS, "otherwise")


class Judgement(NamedTuple):
    """Whether a name, or a thing, is another thing."""

    name: str
    written: str
    """The name as articles write it; empty where the judgement is about a thing."""
    thing: str
    """The thing judged: what the name stands for, where it is not the other."""
    other: str
    verdict: str
    certainty: str
    because: str
    by: str

    @property
    def joins(self) -> bool:
        """Whether the two are one thing."""
        return self.verdict == "positive"

    def about(self, claim: Claim) -> bool:
        """Whether the claim rests on this reading of a name."""
        value = claim.value
        return (
            isinstance(value, Ref)
            and bool(self.written)
            and value.written == self.written
            and value.id in {self.thing, self.other}
        )


@dataclass(frozen=True)
class Identities:
    """All judgements, and the things they are about."""

    judgements: tuple[Judgement, ...]
    known: Entities
    """What mappings may name: what is declared, and what the names stand for otherwise."""

    @cached_property
    def settled(self) -> Entities:
        """The things there are: without those that are others, which take over their names."""
        things = (each for each in self.known.by_id.values() if each.id not in self.joined)
        return Entities({each.id: self._merged(each) for each in things})

    @cached_property
    def joined(self) -> Mapping[str, str]:
        """Each thing that is another, to that other."""
        one = {each.thing: each.other for each in self.judgements if each.joins}
        return {name: _end(name, one) for name in one}

    @cached_property
    def _apart(self) -> Mapping[tuple[str, str], str]:
        """A name and the thing a mapping reads it as, to the thing it stands for instead."""
        return {
            (each.written, each.other): each.thing
            for each in self.judgements
            if each.written and not each.joins
        }

    @cached_property
    def _judged(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (each.written, name)
            for each in self.judgements
            for name in (each.thing, each.other)
            if each.written
        )

    def settle(self, mapping: ArticleMapping) -> ArticleMapping:
        """The mapping with each name and thing as it is judged to be."""
        if not self.judgements:
            return mapping
        things = tuple(map(self._merged, mapping.things))
        return replace(
            mapping,
            outlet=self._one(mapping.outlet),
            voices={
                key: self._voice(voice, mapping.outlet) for key, voice in mapping.voices.items()
            },
            said=tuple(
                each._replace(
                    voice=self._voice(each.voice, mapping.outlet), frames=self._frames(each.frames)
                )
                for each in mapping.said
            ),
            inferred=tuple(
                each._replace(frames=self._frames(each.frames)) for each in mapping.inferred
            ),
            entities=self.settled.extended(things) if things else self.settled,
            things=things,
        )

    def described(self, where: str) -> Iterator[Quad]:
        """The judgements themselves."""
        for each in self.judgements:
            node = _node(each)
            written = each.written or self.known.label(each.thing)
            yield Quad(node, vocab.TYPE, cas("IdentityJudgement"), where)
            yield Quad(node, cas("written"), literal(written), where)
            yield Quad(node, cas("identifiedWith"), thing(self._one(each.other)), where)
            yield Quad(node, cas("verdict"), thing(f"verdict/{each.verdict}"), where)
            yield Quad(node, cas("certainty"), thing(f"certainty/{each.certainty}"), where)
            yield Quad(node, cas("because"), literal(each.because), where)
            yield Quad(node, cas("madeBy"), thing(each.by), where)

    def relied_on(self, claims: Sequence[Claim], where: str) -> Iterator[Quad]:
        """Which of an article's claims rest on which judgement of a name."""
        for each in self.judgements:
            for claim in claims:
                if each.about(claim):
                    yield Quad(_node(each), cas("inClaim"), thing(claim.id), where)

    def _one(self, name: str) -> str:
        return self.joined.get(name, name)

    def _voice(self, voice: Voice, outlet: str) -> Voice:
        """The voice as judged; two steps of its relay that are one outlet are one step."""
        steps = [self._one(name) for name in (*voice.relay, outlet)]
        relay = tuple(name for name, following in pairwise(steps) if name != following)
        return voice._replace(speaker=self._one(voice.speaker), relay=relay)

    def _merged(self, entity: Entity) -> Entity:
        """The entity with the names of what it is judged to be, and links to things there are."""
        links = {key: self._one(target) for key, target in entity.links.items()}
        judged = [self.known[name] for name, end in self.joined.items() if end == entity.id]
        also = dict.fromkeys(name for each in judged for name in each.names)
        more = tuple(name for name in also if name not in entity.names)
        facts = ((vocab.ALT_LABEL, literal(name, language="en")) for name in more)
        names = (*entity.names, *more)
        return entity._replace(names=names, links=links, facts=(*entity.facts, *facts))

    def _frames(self, frames: Iterable[Frame]) -> tuple[Frame, ...]:
        """The frames as judged; what two things said alike is said once of the one they are."""
        seen: set[tuple[str, str, str]] = set()
        settled = []
        for frame in frames:
            name, values = self._one(frame.thing), []
            for key, value, line in frame.values:
                meant_value = self._value(value)
                same = (name, key, term(meant_value))
                if same not in seen:
                    seen.add(same)
                    values.append((key, meant_value, line))
            settled.append(Frame(name, tuple(values)))
        return tuple(settled)

    def _value(self, value: Value) -> Value:
        if isinstance(value, Distance):
            return value._replace(place=self._one(value.place))
        if not isinstance(value, Ref):
            return value
        judged = (value.written, value.id)
        name = self._apart.get(judged, value.id)
        if judged in self._judged:  # then the file's judgement stands, not the mapping's own
            value = value._replace(match="", because="")
        return value._replace(id=self._one(name))


def read_identities(path: Path, entities: Entities, schema: Schema) -> Identities:
    """The judgements in the file on these things; none where there is no file.

    >>> from kg.entities import read_entities
    >>> from kg.resources import folder
    >>> from kg.schema import read_schema
    >>> seeds, schema = folder("seeds"), read_schema(folder("ontology"))
    >>> known = read_entities(seeds / "entities", schema)
    >>> read_identities(seeds / "identities.yaml", known, schema).joined
    {'place/sisha': 'place/seshcha'}

    Raises InputError with every problem found.
    """
    if not path.is_file():
        return Identities((), entities)
    return identities(read_yaml(path), entities, schema)


def identities(document: Document, entities: Entities, schema: Schema) -> Identities:
    """The judgements the document holds."""
    return _Reader(document, entities, schema).identities()


class _Reader:
    """Reads one document; gathers problems so that an editor sees all of them at once."""

    def __init__(self, document: Document, entities: Entities, schema: Schema) -> None:
        self.document, self.entities, self.schema = document, entities, schema
        self.problems: list[Problem] = []
        self.declared: list[Entity] = []

    def identities(self) -> Identities:
        tree = self.document.tree
        if not isinstance(tree, dict):
            hint = "write name: {written: …, is: …, verdict: positive, …}"
            raise InputError(self.document.problem((), "holds no judgements", hint))
        found = []
        for name in tree:
            try:
                found.append(self._judgement(name))
            except InputError as error:
                self.problems.extend(error.problems)
        self._agree(found)
        if self.problems:
            raise InputError(*self.problems)
        return Identities(tuple(found), self.entities.extended(self.declared))

    def _judgement(self, name: str) -> Judgement:
        fields = self.document.tree[name]
        self._check_fields(name, fields)
        if fields["verdict"] not in _VERDICTS:
            hint = closest(fields["verdict"], _VERDICTS)
            raise self._error((name, "verdict"), f"no verdict {fields['verdict']}", hint)
        certainties = [each.partition("/")[2] for each in self.schema.concepts["Certainty"]]
        if fields["certainty"] not in certainties:
            hint = closest(fields["certainty"], certainties)
            raise self._error((name, "certainty"), f"no certainty {fields['certainty']}", hint)
        by = self._known((name, "by"), fields.get("by", EDITOR))
        other = self._known((name, "is"), fields["is"])
        if "written" in fields:
            judged = self._declare(name, fields.get("otherwise"))
        else:
            judged = self._known((name, "thing"), fields["thing"])
        self._comparable(name, judged, other)
        return Judgement(
            name=name,
            written=fields.get("written", ""),
            thing=judged.id,
            other=other.id,
            verdict=fields["verdict"],
            certainty=fields["certainty"],
            because=fields["because"],
            by=by.id,
        )

    def _check_fields(self, name: str, fields: object) -> None:
        at = (name,)
        if not NAME.fullmatch(name):
            raise self._error(at, f"{name!r} is not letters, digits, _ and -")
        if not isinstance(fields, dict):
            raise self._error(at, "is no judgement", "write {written: …, is: …, verdict: …}")
        if unknown := sorted(set(fields) - set(_FIELDS)):
            raise self._error((*at, unknown[0]), "is no field here", closest(unknown[0], _FIELDS))
        if missing := [key for key in _NEEDED if not fields.get(key)]:
            raise self._error(at, f"lacks {', '.join(missing)}")
        if not_text := [key for key in _TEXTS if not isinstance(fields.get(key, ""), str)]:
            raise self._error((*at, not_text[0]), "is no text")
        if ("written" in fields) == ("thing" in fields):
            hint = "written: for a name as articles write it, thing: for a thing"
            raise self._error(at, "needs one of written and thing", hint)
        if "thing" in fields and "otherwise" in fields:
            raise self._error((*at, "otherwise"), "is for a name; a thing is declared already")

    def _declare(self, name: str, tree: object) -> Entity:
        """The thing that the name stands for where the verdict does not join."""
        at = (name, "otherwise")
        if not isinstance(tree, dict) or len(tree) != 1:
            hint = "write otherwise: {place/sisha: {type: AirBase, label: Sisha}}"
            raise self._error(at, "declares no thing for the name", hint)
        problems: list[Problem] = []
        found = tuple(declared(self.document, at, tree, self.schema, problems))
        problems.extend(
            misfits(self.document, at, found, self.entities.extended(found), self.schema)
        )
        if problems:
            raise InputError(*problems)
        (entity,) = found
        self.declared.append(entity)
        return entity

    def _known(self, at: Key, name: str) -> Entity:
        if name not in self.entities:
            raise self._error(at, f"no thing {name}", meant(self.entities.near(name)))
        return self.entities[name]

    def _comparable(self, name: str, judged: Entity, other: Entity) -> None:
        if judged.id == other.id:
            raise self._error((name, "is"), "is the thing itself")
        kinds = judged.type, other.type
        if not (self.schema.is_a(*kinds) or self.schema.is_a(*reversed(kinds))):
            message = f"{other.id} is a {other.type}, and {judged.id} a {judged.type}"
            raise self._error((name, "is"), message, "only things of one kind can be the same")

    def _agree(self, found: Sequence[Judgement]) -> None:
        """What one judgement alone cannot show: two on the same thing, a circle of them."""
        first: dict[str, Judgement] = {}
        for each in (each for each in found if each.joins):
            if first.setdefault(each.thing, each) is not each:
                hint = f"{first[each.thing].name} says it is {first[each.thing].other}"
                self.problems.append(
                    self.document.problem((each.name,), f"{each.thing} is judged twice", hint)
                )
        one = {name: each.other for name, each in first.items()}
        for name, each in first.items():
            if _end(name, one) == name:
                self.problems.append(self.document.problem((each.name, "is"), "leads in a circle"))

    def _error(self, at: Key, message: str, hint: str = "") -> InputError:
        return InputError(self.document.problem(at, message, hint))


def _node(judgement: Judgement) -> str:
    return thing(f"identity/{judgement.name}")


def _end(name: str, one: Mapping[str, str]) -> str:
    """The thing that this one is in the end; itself where that leads in a circle."""
    end, seen = one[name], {name}
    while end in one and end not in seen:
        seen.add(end)
        end = one[end]
    return name if end in seen else end
