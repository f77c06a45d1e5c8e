"""What follows from the claims of a corpus: origins, relations, checks, as quads of their own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg import vocab
from kg.comparing.group import Context, Group
from kg.compile import DERIVED
from kg.known import Known
from kg.mapping import ArticleMapping
from kg.origins import Origin, Origins, interests, origin_id
from kg.plausibility import Check, checks_of
from kg.records import Record, records
from kg.relations import Relation, relations_of
from kg.rules import Rules
from kg.terms import XSD, Quad, literal
from kg.values import Ref
from kg.vocab import cas, thing

__all__ = ["Index", "derived_quads", "index_quads", "origin_quads", "thing_quads"]


@dataclass
class Index:
    """The claims of a corpus by what they are about: to add to, to take from, and to ask.

    What is asked of a thing looks at its own claims and at those that point to it: parts of it,
    and breaches that are said to consist in it. So an article that is added or taken away touches
    the things it tells of and those that these point to, and no others.
    """

    rules: Rules
    known: Known = field(default_factory=Known)
    origins: Origins = field(default_factory=Origins)
    things: dict[str, dict[str, Record]] = field(default_factory=dict)
    """Thing to its claims by id."""
    articles: dict[str, list[Record]] = field(default_factory=dict)
    pointing: dict[str, dict[str, Record]] = field(default_factory=dict)
    """Situation to the claims that name it as the whole of a part, or the conduct in a breach."""

    def learn(self, mapping: ArticleMapping) -> set[str]:
        """Adds a mapping; the things whose relations may be others now."""
        return self.add(mapping.article, [*records(mapping, self.known)])

    def add(self, article: str, found: Iterable[Record]) -> set[str]:
        """Adds an article's claims; the things touched."""
        held = self.articles.setdefault(article, [])
        joined = False
        for record in found:
            held.append(record)
            joined = self.origins.add_record(record) or joined
            self.things.setdefault(record.thing, {})[record.claim] = record
            if target := _target(record):
                self.pointing.setdefault(target, {})[record.claim] = record
        # an utterance that turns out to go back further may change relations anywhere
        return set(self.things) if joined else self._touched(held)

    def remove(self, article: str) -> set[str]:
        """Takes an article's claims away; the things touched."""
        held = self.articles.pop(article)
        touched = self._touched(held)
        for record in held:
            _drop(self.things, record.thing, record.claim)
            if target := _target(record):
                _drop(self.pointing, target, record.claim)
        return touched

    def relearn(self, mapping: ArticleMapping) -> set[str]:
        """Takes a mapping in place of the one its article had; the things touched.

        Those are the things of claims that came or went: fewer than taking all away and adding all.
        """
        before, after = self.articles.get(mapping.article, []), [*records(mapping, self.known)]
        gone = {*before}.difference(after)
        touched = self._touched(gone)
        if before:
            self.remove(mapping.article)
        of_all = self.add(mapping.article, after)
        if of_all >= self.things.keys():
            return touched | of_all
        return touched | self._touched({*after}.difference(before))

    def _touched(self, held: Iterable[Record]) -> set[str]:
        touched: set[str] = set()
        for record in held:
            touched.add(record.thing)
            touched.update(filter(None, [_target(record)]))
            # what the thing is a part of looks at it too
            touched.update(
                _target(each)
                for each in self.things.get(record.thing, {}).values()
                if each.key == _PART
            )
        return touched

    def group(self, name: str) -> Group:
        """All that is claimed of the thing, in order."""
        own = sorted(self.things.get(name, {}).values(), key=lambda r: r.order)
        parts = {r.thing for r in self.pointing.get(name, {}).values() if r.key == _PART}
        concrete = [
            record
            for part in sorted(parts)
            for record in self.things.get(part, {}).values()
            if record.key in self.rules.status.concretes
        ]
        return Group(name, own, sorted(concrete, key=lambda r: r.order))

    def accusers(self, name: str) -> frozenset[str]:
        """The principals who call the situation a breach of some norm."""
        pointing = self.pointing.get(name, {}).values()
        return frozenset(
            r.telling.principal for r in pointing if r.key == _CONDUCT and r.polarity == "affirmed"
        )

    def context(self) -> Context:
        """What comparing claims looks at."""
        return Context(self.known, self.rules, lambda r: self.origins.of(r.telling.ancestors[0]))

    def relations_of(self, touched: Iterable[str]) -> dict[str, tuple[Relation, ...]]:
        """The relations among the claims of each of these things, and of no other."""
        context = self.context()
        return {name: tuple(relations_of(self.group(name), context)) for name in sorted(touched)}

    def relations(self) -> Iterator[Relation]:
        """The relations among all claims."""
        context = self.context()
        for name in sorted(self.things):
            yield from relations_of(self.group(name), context)


_PART, _CONDUCT = "partOf", "conduct"


def _target(record: Record) -> str:
    """The situation that claim bears on, beside the thing it is about; empty where none."""
    if record.key in {_PART, _CONDUCT} and isinstance(record.value, Ref):
        return record.value.id
    return ""


def _drop(held: dict[str, dict[str, Record]], name: str, claim: str) -> None:
    del held[name][claim]
    if not held[name]:
        del held[name]


def derived_quads(mappings: Iterable[ArticleMapping], rules: Rules) -> Iterator[Quad]:
    """The quads of all that follows from the claims of these mappings, each once, in a fixed order.

    The claims are held in memory meanwhile, about 1 kB each.
    """
    index = Index(rules)
    for mapping in mappings:
        index.learn(mapping)
    yield from index_quads(index)


def index_quads(index: Index) -> Iterator[Quad]:
    """The same, of claims that are indexed already."""
    yield from origin_quads(index)
    context = index.context()
    for name in sorted(index.things):
        yield from thing_quads(index, name, context)


def origin_quads(index: Index) -> Iterator[Quad]:
    """What is said of the origins of all claims."""
    told = {r.telling.ancestors[0]: None for held in index.articles.values() for r in held}
    for origin in index.origins.found(told):
        yield from _origin(origin, index.known)


def thing_quads(index: Index, name: str, context: Context) -> Iterator[Quad]:
    """What follows from the claims about one thing."""
    group = index.group(name)
    for record in group.records:
        node = thing(origin_id(context.origin(record)))
        yield Quad(thing(record.claim), cas("hasOrigin"), node, DERIVED)
    yield from _interests(index, group)
    for relation in relations_of(group, context):
        yield from _relation(relation)
    for check in checks_of(group, context):
        yield from _check(check)


def _interests(index: Index, group: Group) -> Iterator[Quad]:
    found = interests(group.said, index.accusers(group.thing), known=index.known, rules=index.rules)
    for claim, interest in sorted(found.items()):
        yield Quad(thing(claim), cas("interest"), thing(f"interest/{interest}"), DERIVED)


def _origin(origin: Origin, known: Known) -> Iterator[Quad]:
    node = thing(origin.id)
    label = ", ".join(known.label(name) for name in origin.principals)
    yield Quad(node, vocab.TYPE, cas("Origin"), DERIVED)
    yield Quad(node, vocab.LABEL, literal(label, language="en"), DERIVED)
    yield Quad(node, cas("principal"), thing(origin.principals[0]), DERIVED)
    for root in origin.roots:
        yield Quad(node, cas("root"), thing(root), DERIVED)


def _relation(relation: Relation) -> Iterator[Quad]:
    facts = (
        (vocab.TYPE, cas("ClaimRelation")),
        (cas("firstClaim"), thing(relation.first)),
        (cas("secondClaim"), thing(relation.second)),
        (cas("relationKind"), thing(f"relation-kind/{relation.kind}")),
        (cas("rule"), literal(relation.rule)),
        (cas("explanation"), literal(relation.explanation)),
    )
    node = thing(relation.id)
    for predicate, value in facts:
        yield Quad(node, predicate, value, DERIVED)
    if relation.compared:
        yield Quad(node, cas("compared"), literal(relation.compared), DERIVED)


def _check(check: Check) -> Iterator[Quad]:
    facts = (
        (vocab.TYPE, cas("PlausibilityCheck")),
        (cas("checks"), thing(check.claim)),
        (cas("rule"), literal(check.rule)),
        (cas("method"), literal(check.method)),
        (cas("input"), literal(check.input)),
        (cas("computed"), literal(str(check.computed), XSD + "decimal")),
        (cas("plausible"), literal(str(check.plausible).lower(), XSD + "boolean")),
        (cas("explanation"), literal(check.explanation)),
    )
    for predicate, value in facts:
        yield Quad(thing(check.id), predicate, value, DERIVED)
