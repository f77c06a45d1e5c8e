"""What is claimed, as two networkx graphs in which paths are sought.

The graph of routes has an edge for each thing that leads from one node to another: a leg from place
to place, a transfer from supplier to recipient, and so on (`FLOWS`). The graph of relations has one
for each thing that is claimed of another. An edge knows its claims, affirmed and denied, so that a
question chooses by view, date, certainty or origin as it goes; no edge is there without a claim.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import networkx as nx

from kg.resolve import names, short
from kg.search import Node
from kg.statements import query
from kg.store import Iri, Store, Term
from kg.vocab import CAS, GRAPH, ID

__all__ = [
    "FLOWS",
    "PROFILES",
    "Article",
    "Flow",
    "Network",
    "Place",
    "Said",
    "network",
    "patched",
]


class Flow(NamedTuple):
    """How a thing of some kind leads from one node to another; no key stands for the thing."""

    relation: str
    kind: str
    start: str
    end: str


FLOWS = (
    Flow("leg", "leg", "from", "to"),
    Flow("supply", "transfer", "supplier", "recipient"),
    Flow("supply", "transfer", "supplier", "endUser"),
    Flow("supply", "transfer", "recipient", "endUser"),
    Flow("route", "route", "origin", "destination"),
    Flow("base", "route", "destination", "purpose"),
    Flow("use", "transfer", "recipient", "purpose"),
    Flow("use", "transfer", "endUser", "purpose"),
    Flow("use", "use", "user", ""),
    Flow("target", "use", "", "target"),
    Flow("location", "use", "", "location"),
    Flow("contains", "place", "locatedIn", ""),
    Flow("within", "place", "", "locatedIn"),
)
"""What the graph of routes is made of, by the first part of a thing's id."""

PROFILES = ("route", "any")
"""The graphs: of routes, and of any relation."""

_STATUS_KINDS = ("status", "mode", "action-kind", "transfer-kind", "trend")


@dataclass(frozen=True)
class Place:
    """A thing on a path; a place with its coordinates and how far off they may be, where known."""

    id: str
    label: str
    kind: str = ""
    """Its class, such as AirBase."""
    lat: float | None = None
    lon: float | None = None
    accuracy_metres: float | None = None
    coordinates_from: str = ""


class Said(NamedTuple):
    """A claim as far as a search looks at it."""

    claim: str
    thing: str
    key: str
    value: str
    affirmed: bool
    certainty: str
    inferred: bool
    origin: str
    utterance: str
    article: str
    published: str
    """The last day on which its article may have appeared; empty where that is open."""
    views: frozenset[str]
    """The views that hold what it says."""

    @property
    def triple(self) -> tuple[str, str, str]:
        """What it says of what."""
        return self.thing, self.key, self.value


class Article(NamedTuple):
    """An article as evidence names it."""

    sha256: str
    outlet: str
    published: str
    """In EDTF."""


@dataclass(frozen=True)
class Network:
    """The graphs, and what stands behind them; nothing changes it."""

    routes: "nx.MultiDiGraph[Node]"
    relations: "nx.MultiDiGraph[Node]"
    said: Mapping[str, tuple[Said, ...]]
    """The claims on each thing."""
    nodes: Mapping[str, Place]
    wider: Mapping[str, frozenset[str]]
    """The places a place lies in, and the types a type of system is of, as far as that goes."""
    dates: Mapping[str, tuple[str, str, str]]
    """Each date that is claimed: in EDTF, its first and its last day."""
    articles: Mapping[str, Article]
    labels: Mapping[str, str]
    """What origins and relays are called."""
    names: Mapping[str, tuple[str, ...]]
    """What goes by each name, folded."""
    views: tuple[str, ...]
    modes: tuple[str, ...]
    """The means of transport there are; that none is stated is no means."""

    def graph(self, profile: str) -> "nx.MultiDiGraph[Node]":
        """The graph of routes or of any relation."""
        return self.routes if profile == "route" else self.relations

    @cached_property
    def parts(self) -> Mapping[str, frozenset[str]]:
        """What lies in each place, and the types below each type."""
        found: dict[str, set[str]] = defaultdict(set)
        for thing, above in self.wider.items():
            for each in above:
                found[each].add(thing)
        return {thing: frozenset(below) for thing, below in found.items()}

    @cached_property
    def related(self) -> tuple[str, ...]:
        """The relations that things are claimed to have, by name."""
        return tuple(sorted({relation for *_, relation in self.relations.edges(data="relation")}))

    def label(self, name: str) -> str:
        """What a node, an origin or a relay is called; its id where it has no name."""
        return self.labels.get(name) or self.node(name).label

    def node(self, name: str) -> Place:
        """What is known of a node; its id stands for a name it does not have."""
        return self.nodes.get(name) or Place(name, name)


def network(store: Store) -> Network:
    """The network of a store's claims."""
    said = _grouped(_claims(store))
    graphs = {profile: nx.MultiDiGraph() for profile in PROFILES}
    return _made(store, said, graphs, said)


def patched(old: Network, store: Store, articles: Iterable[str] = ()) -> Network:
    """The network of the store, made of that of a store before it; the old one stays as it is.

    Read again are the things of which a claim has come, gone or another origin now, and those that
    these articles speak of: all whose graphs differ, and others as well, do no harm.
    """
    if _view_names(store) != old.views:
        return network(store)
    touched = _touched(old, store, frozenset(articles))
    fresh = _grouped(each for thing in sorted(touched) for each in _claims(store, thing))
    kept = {thing: said for thing, said in old.said.items() if thing not in touched}
    graphs = {profile: old.graph(profile).copy() for profile in PROFILES}
    for graph in graphs.values():
        edges = graph.edges(keys=True, data="thing")
        graph.remove_edges_from([edge[:3] for edge in edges if edge[3] in touched])
    return _made(store, kept | fresh, graphs, fresh)


def _touched(old: Network, store: Store, articles: frozenset[str]) -> set[str]:
    """The things of which a claim differs, or that the articles speak of."""
    before = {(each.claim, thing, each.origin) for thing, said in old.said.items() for each in said}
    rows = store.select(query("network_origins")).rows
    now = {(_id(claim), _id(thing), _id(origin)) for claim, thing, origin in rows}
    theirs = {
        thing for thing, said in old.said.items() if any(each.article in articles for each in said)
    }
    return theirs | {thing for _, thing, _ in before ^ now}


def _made(
    store: Store,
    said: Mapping[str, tuple[Said, ...]],
    graphs: Mapping[str, "nx.MultiDiGraph[Node]"],
    fresh: Mapping[str, tuple[Said, ...]],
) -> Network:
    """The network of what is said, once the edges of what is fresh of it are in the graphs."""
    nodes, wider = _nodes(store)
    routes, relations = (graphs[profile] for profile in PROFILES)
    for thing, claims in fresh.items():
        routes.add_edges_from(_flows(thing, claims))
        relations.add_edges_from(_relations(thing, claims))
    for graph in (routes, relations):
        graph.remove_nodes_from([*nx.isolates(graph)])
    return Network(
        routes=nx.freeze(routes),
        relations=nx.freeze(relations),
        said=said,
        nodes=nodes,
        wider=wider,
        dates=_dates(store),
        articles={
            _id(article).removeprefix("article/"): Article(_id(sha256), _id(outlet), _id(when))
            for article, sha256, outlet, when in store.select(query("network_articles")).rows
        },
        labels={_id(node): _id(label) for node, label in store.select(query("network_names")).rows},
        names=names(store),
        views=_view_names(store),
        modes=tuple(_id(mode) for (mode,) in store.select(query("network_modes")).rows),
    )


_Edge = tuple[str, str, str, dict[str, Any]]


def _flows(thing: str, said: Sequence[Said]) -> Iterator[_Edge]:
    """The edges by which a thing leads from one node to another."""
    kind = thing.partition("/")[0]
    for flow in FLOWS:
        if flow.kind != kind:
            continue
        starts, ends = (_values(thing, said, key) for key in (flow.start, flow.end))
        for (start, of_start), (end, of_end) in product(starts.items(), ends.items()):
            if start != end:
                needs = tuple(filter(None, (of_start, of_end)))
                data = {"relation": flow.relation, "thing": thing, "needs": needs}
                yield (
                    start,
                    end,
                    thing if flow.relation == "leg" else f"{flow.relation} {thing}",
                    data,
                )


def _values(thing: str, said: Iterable[Said], key: str) -> dict[str, tuple[Said, ...]]:
    """What is said to be the thing's `key`, each with the claims; without a key itself, unsaid."""
    if not key:
        return {thing: ()}
    found: dict[str, list[Said]] = defaultdict(list)
    for each in said:
        if each.key == key:
            found[each.value].append(each)
    return {value: tuple(claims) for value, claims in found.items()}


def _relations(thing: str, said: Sequence[Said]) -> Iterator[_Edge]:
    """The edges from a thing to each other thing that is claimed of it."""
    found: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for each in said:
        other = each.value.partition("/")
        if other[2] and other[0] not in {"value", *_STATUS_KINDS} and each.value != thing:
            found[each.key, each.value].append(each)
    for (key, value), claims in found.items():
        yield thing, value, key, {"relation": key, "thing": thing, "needs": (tuple(claims),)}


def _grouped(rows: Iterable[Said]) -> dict[str, tuple[Said, ...]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for each in rows:
        found[each.thing].append(each)
    return {thing: tuple(claims) for thing, claims in found.items()}


def _claims(store: Store, thing: str = "") -> Iterator[Said]:
    """The claims on a thing, or all there are."""
    given = {"thing": Iri(ID + thing)} if thing else {}
    views = _views(store, given)
    nowhere: frozenset[str] = frozenset()
    known: dict[str, str] = {}

    def text(term: Term | None) -> str:
        """The same text once, however often it stands there: it is most of what is kept."""
        found = _id(term)
        return known.setdefault(found, found)

    def text_of(name: str) -> str:
        found = name.partition("/")[2]
        return known.setdefault(found, found)

    for row in store.select(query("network_claims"), **given).rows:
        claim, about, key, value = map(text, row[:4])
        polarity, certainty, form, origin, utterance, article, published = map(text, row[4:])
        yield Said(
            claim=claim,
            thing=about,
            key=key,
            value=value,
            affirmed=polarity == "polarity/affirmed",
            certainty=text_of(certainty),
            inferred=form == "form/inference",
            origin=origin,
            utterance=utterance,
            article=text_of(article),
            published=published,
            views=views.get((about, key, value), nowhere),
        )


def _view_names(store: Store) -> tuple[str, ...]:
    return tuple(_local(view) for (view,) in store.select(query("views")).rows)


def _views(store: Store, given: Mapping[str, Term]) -> dict[tuple[str, str, str], frozenset[str]]:
    """The views that hold a triple; those of many are one set."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for view, *triple in store.select(query("network_views"), **given).rows:
        thing, key, value = map(_id, triple)
        found[thing, key, value].add(_local(view))
    shared: dict[frozenset[str], frozenset[str]] = {}
    return {
        triple: shared.setdefault(frozenset(views), frozenset(views))
        for triple, views in found.items()
    }


def _nodes(store: Store) -> tuple[dict[str, Place], dict[str, frozenset[str]]]:
    nodes: dict[str, Place] = {}
    above: dict[str, set[str]] = defaultdict(set)
    for thing, label, kind, wider, wkt, accuracy, source in store.select(
        query("network_nodes")
    ).rows:
        name = _id(thing)
        lon, lat = _point(str(wkt)) if wkt else (None, None)
        nodes[name] = Place(
            id=name,
            label=str(label),
            kind=str(kind).removeprefix(CAS),
            lat=lat,
            lon=lon,
            accuracy_metres=float(str(accuracy)) if accuracy else None,
            coordinates_from=str(source or ""),
        )
        if wider:
            above[name].add(_id(wider))
    return nodes, {name: frozenset(_all_above(name, above)) for name in above}


def _all_above(name: str, above: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    left = [name]
    while left:
        for each in above.get(left.pop(), ()):
            if each not in found:
                found.add(each)
                left.append(each)
    return found


def _dates(store: Store) -> dict[str, tuple[str, str, str]]:
    return {
        _id(value): (_id(edtf), _id(earliest), _id(latest))
        for value, edtf, earliest, latest in store.select(query("network_dates")).rows
    }


def _point(wkt: str) -> tuple[float, float]:
    lon, lat = wkt.removeprefix("POINT(").removesuffix(")").split()
    return float(lon), float(lat)


def _id(term: Term | None) -> str:
    return short(str(term or ""))


def _local(view: Term | None) -> str:
    return str(view).removeprefix(f"{GRAPH}view/")
