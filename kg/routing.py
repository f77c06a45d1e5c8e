"""A hop as it is told: what it is, who says so in which words, how sure, and who says otherwise."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, groupby, islice

from kg import certainty
from kg.asked import CARGO, TIMELESS, UNDATED, Reading, limit
from kg.certainty import Support
from kg.geodesy import line
from kg.known import Point
from kg.network import Article, Network, Place, Said
from kg.resolve import short
from kg.search import Edge
from kg.statements import query, row_text
from kg.store import Iri, Solutions, Store, Term
from kg.vocab import CAS, ID, OA, VALUE

__all__ = [
    "Conflicting",
    "Corroboration",
    "Denial",
    "Evidence",
    "Hop",
    "Parallel",
    "Teller",
    "evidence",
    "kilometres",
    "rank_of",
    "spaced",
    "statuses",
    "supports",
]

_TOLD = ("mode", "order", "route", "across", "status", "period", "deliveryStart", *CARGO)
"""What is told of a hop besides its ends, with its evidence."""

_SERVES = ("route", "partOf", "purpose")
"""By which properties a thing serves another, so that a denial of the one touches the other."""

_COARSER: Mapping[str, tuple[str, ...]] = {
    "from": ("origin", "from"),
    "to": ("destination", "to"),
    "across": ("across",),
}
"""Under which properties of what a hop serves the same is said of it, or more roughly."""

_MOST = limit("claims").most
_MOST_BESIDE = _MOST // 2


@dataclass(frozen=True)
class Evidence:
    """One claim: what it says of which thing, in which words, whose, and how sure."""

    claim: str
    thing: str
    key: str
    value: str
    wording: str
    quotation: str
    start: int
    end: int
    checksum: str
    article: str
    article_sha256: str
    published: str
    """When the article appeared, in EDTF."""
    outlet: str
    speaker: str
    speaker_label: str
    speaker_role: str
    principal: str
    principal_label: str
    origin: str
    origin_label: str
    """Where it comes from in the end."""
    interest: str
    """Whether it is an admission against interest or an interested denial; mostly neither."""
    utterance: str
    form: str
    certainty: str
    hedge_cue: str
    polarity: str
    chain: str
    rests: bool = False
    """Whether the hop rests on it; else it tells what is said of the hop besides."""
    counts: bool = True
    """Whether the question lets it count."""


@dataclass(frozen=True)
class Corroboration:
    """A claim from elsewhere that says the same of what the hop is part of, or more roughly."""

    supports: str
    """What it supports, in words."""
    new_origin: bool
    """Whether it has an origin that the hop does not have."""
    evidence: Evidence


@dataclass(frozen=True)
class Denial:
    """A claim that denies something of the hop, or of what it serves."""

    touches: tuple[str, ...]
    """From the hop's thing to what is denied of."""
    denied: str
    """What is denied, in words."""
    evidence: Evidence


@dataclass(frozen=True)
class Conflicting:
    """Two claims on the hop, or on what it serves, that do not go together."""

    relation: str
    kind: str
    rule: str
    thing: str
    explanation: str
    first: str
    second: str


@dataclass(frozen=True)
class Parallel:
    """Another thing that leads from the same node to the same node."""

    relation: str
    direction: str
    thing: str
    label: str
    cargo: tuple[str, ...]
    status: tuple[str, ...]
    confidence: float
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Hop:
    """One edge travelled: from where to where, what it is, and what is said of it."""

    source: Place
    target: Place
    relation: str
    direction: str
    """`along` its own direction, or `against` it."""
    thing: str
    """The thing that leads there, such as a leg; its claims are the evidence."""
    label: str
    order: int | None
    transport: str
    route: str
    cargo: tuple[str, ...]
    """What is carried, by name."""
    across: tuple[str, ...]
    """What is crossed, by name."""
    status: tuple[str, ...]
    """How far it is said to have come."""
    dates: str
    """When, in EDTF as claimed; `undated` where nobody says."""
    first: str
    last: str
    kilometres: float | None
    """The geodesic distance, where both ends have coordinates."""
    confidence: float
    origins: tuple[str, ...]
    claims: int
    """How many claims there are on it; the first of them are the evidence."""
    evidence: tuple[Evidence, ...]
    corroboration: tuple[Corroboration, ...]
    denials: tuple[Denial, ...]
    conflicts: tuple[Conflicting, ...]
    parallel: tuple[Parallel, ...]

    @property
    def timeless(self) -> bool:
        """Whether it is a place within another, which has no date."""
        return self.relation in TIMELESS

    @property
    def passages(self) -> tuple[tuple[Evidence, ...], ...]:
        """The evidence by passage: the claims that rest on the same words stand together."""
        ordered = sorted(self.evidence, key=_words)
        return tuple(tuple(claims) for _, claims in groupby(ordered, key=_words))


def _words(claim: Evidence) -> tuple[str, int, int, str]:
    return claim.article, claim.start, claim.end, claim.chain


def supports(reading: Reading, edge: Edge) -> tuple[Support, ...]:
    """The units of evidence behind an edge, of those that count."""
    return certainty.joint(
        [
            [
                Support(each.utterance, each.origin, certainty.of_term(each.certainty))
                for each in need
                if reading.admits(each)
            ]
            for need in edge.data["needs"]
        ]
    )


def rank_of(reading: Reading) -> Callable[[Edge], tuple[object, ...]]:
    """A key to sort parallel edges by: the one that a hop is told by comes first."""

    def rank(edge: Edge) -> tuple[object, ...]:
        when = reading.dated(edge.data["thing"]) if reading.asked.mode == "earliest" else None
        chance = certainty.of_hop(supports(reading, edge))
        return (when is None, when[1] if when else "", -chance, not edge.along, str(edge.key))

    return rank


def evidence(store: Store, held: Network, thing: str) -> tuple[Evidence, ...]:
    """Every claim made of the thing, in the order of the articles and their texts."""
    return _evidence(held, store.select(query("evidence"), thing=Iri(ID + thing)))


def _evidence(held: Network, found: Solutions) -> tuple[Evidence, ...]:
    """The claims that these rows tell of, a property each."""
    told: dict[str, dict[str, str]] = {}
    # sorted here: the engine would read the text of every term from the disk to compare it
    for claim, name, value in sorted(tuple(map(str, row)) for row in found.rows):
        facts = told.setdefault(short(claim), {})
        if name.startswith(VALUE):
            facts |= {"key": name.removeprefix(VALUE), "value": short(value)}
        else:
            facts.setdefault(name.removeprefix(CAS).removeprefix(OA), short(value))
    claims = (_claim(held, claim, facts) for claim, facts in told.items() if "end" in facts)
    return tuple(sorted(claims, key=_order))


def _order(claim: Evidence) -> tuple[str, int, str, str, str]:
    return claim.article, claim.start, claim.key, claim.value, claim.claim


class Teller:
    """Tells the hops of an answer; what it has read of a thing once serves for all of them."""

    def __init__(self, store: Store, reading: Reading) -> None:
        self.store, self.reading, self.network = store, reading, reading.network
        self._evidence: dict[str, dict[str, Evidence]] = {}
        self._claims: dict[str, tuple[Evidence, ...]] = {}
        self._conflicts: dict[str, tuple[Conflicting, ...]] = {}

    def hop(self, edges: Sequence[Edge]) -> Hop:
        """The hop of these parallel edges: the surest of them, and beside it the others."""
        best, *others = sorted(edges, key=rank_of(self.reading))
        thing, reading = best.data["thing"], self.reading
        source, target = self.network.node(best.source), self.network.node(best.target)
        when = reading.dated(thing)
        of_edge = supports(reading, best)
        timeless = best.data["relation"] in TIMELESS
        hop = Hop(
            source=source,
            target=target,
            relation=best.data["relation"],
            direction=_direction(best),
            thing=thing,
            label=self.network.node(thing).label,
            order=next(map(int, reading.values(thing, ("order",))), None),
            transport=" or ".join(reading.modes(thing)),
            route=next(iter(reading.values(thing, ("route",))), ""),
            cargo=self._cargo(best),
            across=self._labels(reading.values(thing, ("across",))),
            status=statuses(reading, thing),
            dates=when[0] if when else UNDATED,
            first=when[1] if when else "",
            last=when[2] if when else "",
            kilometres=None if timeless else kilometres(source, target),
            confidence=certainty.of_hop(of_edge),
            origins=self._origins(best),
            claims=len(self._claims_on(best)),
            evidence=(),
            corroboration=(),
            denials=(),
            conflicts=(),
            parallel=tuple(map(self._parallel, others)),
        )
        if reading.asked.evidence == "none":
            return hop
        served, told = self._served(thing), self._told(best)
        hop = replace(
            hop,
            evidence=told,
            corroboration=tuple(islice(self._corroboration(best, told, served), _MOST_BESIDE)),
            denials=tuple(islice(self._denials(best, served), _MOST_BESIDE)),
            conflicts=tuple(self._touching(thing, served))[:_MOST_BESIDE],
        )
        return _as_references(hop) if reading.asked.evidence == "refs" else hop

    def _parallel(self, edge: Edge) -> Parallel:
        thing = edge.data["thing"]
        return Parallel(
            relation=edge.data["relation"],
            direction=_direction(edge),
            thing=thing,
            label=self.network.node(thing).label,
            cargo=self._cargo(edge),
            status=statuses(self.reading, thing),
            confidence=certainty.of_hop(supports(self.reading, edge)),
            origins=self._origins(edge),
        )

    def _read(self, thing: str) -> dict[str, Evidence]:
        """What is claimed of a thing, by claim."""
        if thing not in self._evidence:
            told = evidence(self.store, self.network, thing)
            self._evidence[thing] = {each.claim: each for each in told}
        return self._evidence[thing]

    def _words(self, said: Said) -> tuple[Evidence, ...]:
        """One claim as evidence; none where the store has no words of it."""
        if said.claim not in self._claims:
            found = self.store.select(query("evidence"), claim=Iri(ID + said.claim))
            self._claims[said.claim] = tuple(
                replace(each, counts=self.reading.admits(said))
                for each in _evidence(self.network, found)
            )
        return self._claims[said.claim]

    def _claims_on(self, edge: Edge) -> tuple[Said, ...]:
        """The claims that the edge rests on, then those on what is told of it besides."""
        needed = [each for need in edge.data["needs"] for each in need]
        # what a place or a relation is besides is not told of the hop
        further = _TOLD if self._is_situation(edge) else ()
        besides = (each for each in self._said(edge.data["thing"]) if each.key in further)
        published = (each for each in needed if self.reading.published(each))
        return tuple(dict.fromkeys(chain(published, besides)))

    def _told(self, edge: Edge) -> tuple[Evidence, ...]:
        """The first of these claims, in the order of the articles and their texts."""
        thing, claims = edge.data["thing"], self._claims_on(edge)[:_MOST]
        needed = {each.claim for need in edge.data["needs"] for each in need}
        # of a thing of which very much is said, all of it would take longer than the claims told
        few = len(self.network.said[thing]) <= _MOST
        read = self._read(thing) if few else {e.claim: e for s in claims for e in self._words(s)}
        told = (
            replace(read[each.claim], rests=each.claim in needed, counts=self.reading.admits(each))
            for each in claims
            if each.claim in read
        )
        return tuple(sorted(told, key=_order))

    def _origins(self, edge: Edge) -> tuple[str, ...]:
        """The origins that count for the edge, by name."""
        counting = (
            each.origin for need in edge.data["needs"] for each in need if self.reading.admits(each)
        )
        return tuple(sorted({self.network.label(origin) for origin in counting}))

    def _served(self, thing: str) -> dict[str, tuple[str, ...]]:
        """The thing and what it serves, each with the way there, by claims that count."""
        found: dict[str, tuple[str, ...]] = {thing: (thing,)}
        left = [thing]
        while left:
            here = left.pop(0)
            for there in self.reading.values(here, _SERVES):
                if there not in found:
                    found[there] = (*found[here], there)
                    left.append(there)
        return found

    def _corroboration(
        self, edge: Edge, told: Iterable[Evidence], served: Iterable[str]
    ) -> Iterator[Corroboration]:
        thing, known = edge.data["thing"], self.network
        told = tuple(told)
        articles = {each.article for each in told}
        origins = {each.origin for each in told if each.counts}
        wanted = {
            (under, rough)
            for key, unders in _COARSER.items()
            for value in self.reading.values(thing, (key,))
            for under in unders
            for rough in (value, *known.wider.get(value, ()))
        }
        elsewhere = (each for other in served for each in self._said(other) if other != thing)
        for said in elsewhere:
            counts = self.reading.admits(said) and said.article not in articles
            if counts and (said.key, said.value) in wanted:
                what = f"{spaced(said.key)} {known.node(said.value).label}"
                for each in self._words(said):
                    yield Corroboration(what, said.origin not in origins, each)

    def _denials(self, edge: Edge, served: Mapping[str, tuple[str, ...]]) -> Iterator[Denial]:
        own = {each.triple[1:] for need in edge.data["needs"] for each in need}
        # of a place or the like, only that it lies on this hop is what the hop says
        touched = self._is_situation(edge)
        for thing, way in served.items():
            for said in self._said(thing):
                if not said.affirmed and (touched or said.triple[1:] in own):
                    value = self.network.node(said.value).label.removeprefix(f"{said.key}/")
                    what = f"“{self.network.node(thing).label}”, {spaced(said.key)} {value}"
                    for each in self._words(said):
                        yield Denial(way, what, each)

    def _said(self, thing: str) -> Iterator[Said]:
        """The claims on a thing that had been published by the day asked for."""
        claims = self.network.said.get(thing, ())
        return (each for each in claims if self.reading.published(each))

    def _is_situation(self, edge: Edge) -> bool:
        """Whether the hop is a situation, of which more is told than its ends."""
        routes = self.reading.asked.profile == "route"
        return routes and edge.data["relation"] not in TIMELESS

    def _touching(self, thing: str, served: Iterable[str]) -> Iterator[Conflicting]:
        for each in served:
            yield from (
                found
                for found in self._conflicting(each)
                if each == thing or found.kind == "contradicts"
            )

    def _conflicting(self, thing: str) -> tuple[Conflicting, ...]:
        """The conflicts of a thing's claims, of what had been published by the day asked for."""
        if thing not in self._conflicts:
            found = self.store.select(query("touching"), thing=Iri(ID + thing))
            rows = (dict(zip(found.variables, row, strict=True)) for row in found.rows)
            told = (_conflicting(thing, row) for row in rows)
            self._conflicts[thing] = tuple(
                each
                for each in told
                if not self.reading.as_of or {each.first, each.second} <= self._published
            )
        return self._conflicts[thing]

    @cached_property
    def _published(self) -> frozenset[str]:
        """The claims that had been published by the day asked for."""
        said = chain.from_iterable(self.network.said.values())
        return frozenset(each.claim for each in said if self.reading.published(each))

    def _cargo(self, edge: Edge) -> tuple[str, ...]:
        carries = self._is_situation(edge)
        return self._labels(self.reading.values(edge.data["thing"], CARGO)) if carries else ()

    def _labels(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.network.node(name).label for name in names)


def spaced(key: str) -> str:
    """The name of a property in words.

    >>> spaced("inExchangeFor")
    'in exchange for'
    """
    return "".join(f" {c.lower()}" if c.isupper() else c for c in key)


def _direction(edge: Edge) -> str:
    return "along" if edge.along else "against"


def statuses(reading: Reading, thing: str) -> tuple[str, ...]:
    """How far a thing is said to have come, by claims that count."""
    return tuple(each.removeprefix("status/") for each in reading.values(thing, ("status",)))


def kilometres(source: Place, target: Place) -> float | None:
    """The geodesic distance between two places, to 100 m; None where one has no coordinates."""
    if source.lat is None or target.lat is None or source.lon is None or target.lon is None:
        return None
    return round(line(_at(source.lat, source.lon), _at(target.lat, target.lon)).metres / 1000, 1)


def _at(lat: float, lon: float) -> Point:
    return Point(lat, lon, 0)


def _as_references(hop: Hop) -> Hop:
    """The hop with its evidence named, and none of its words."""
    return replace(
        hop,
        evidence=tuple(map(_named, hop.evidence)),
        corroboration=tuple(
            replace(each, evidence=_named(each.evidence)) for each in hop.corroboration
        ),
        denials=tuple(replace(each, evidence=_named(each.evidence)) for each in hop.denials),
    )


def _named(claim: Evidence) -> Evidence:
    return replace(claim, quotation="", wording="")


def _conflicting(thing: str, row: Mapping[str, Term | None]) -> Conflicting:
    return Conflicting(
        relation=row_text(row, "relation"),
        kind=row_text(row, "kind", "relation-kind/"),
        rule=row_text(row, "rule"),
        thing=thing,
        explanation=row_text(row, "explanation"),
        first=row_text(row, "first"),
        second=row_text(row, "second"),
    )


def _claim(held: Network, claim: str, facts: Mapping[str, str]) -> Evidence:
    def text(name: str) -> str:
        return facts.get(name, "")

    def last(name: str) -> str:
        return text(name).partition("/")[2]

    article, origin = last("inArticle"), text("hasOrigin") or text("principal")
    known = held.articles.get(article, Article("", "", ""))
    return Evidence(
        claim=claim,
        thing=text("about"),
        key=text("key"),
        value=text("value"),
        wording=text("wording"),
        quotation=text("quotation"),
        start=int(text("start")),
        end=int(text("end")),
        checksum=text("checksum"),
        article=article,
        article_sha256=known.sha256,
        published=known.published,
        outlet=known.outlet,
        speaker=text("speaker"),
        speaker_label=held.label(text("speaker")),
        speaker_role=text("speakerRole"),
        principal=text("principal"),
        principal_label=held.label(text("principal")),
        origin=origin,
        origin_label=held.label(origin),
        interest=last("interest"),
        utterance=text("utterance"),
        form=last("form"),
        certainty=last("certainty"),
        hedge_cue=text("hedgeCue"),
        polarity=last("polarity"),
        chain=held.labels.get(text("relay"), ""),
    )
