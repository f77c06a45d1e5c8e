"""How things get from one place to another: routes over legs, each hop with its evidence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby, islice, pairwise, product
from typing import TYPE_CHECKING

from kg.errors import UnknownNameError
from kg.resolve import known_view, short
from kg.store import Iri, Literal, Store, Term
from kg.vocab import GRAPH, ID

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "Evidence",
    "Hop",
    "Place",
    "Route",
    "RouteAnswer",
    "evidence",
    "leg_graph",
    "routes",
]

MOST_ROUTES = 50
MOST_HOPS = 12


@dataclass(frozen=True)
class Place:
    """A place with its coordinates and how far from the thing meant they may lie, where known."""

    id: str
    label: str
    lat: float | None = None
    lon: float | None = None
    accuracy_metres: float | None = None
    coordinates_from: str = ""


@dataclass(frozen=True)
class Evidence:
    """One claim about a leg: what it says, in which words, whose, and how sure."""

    claim: str
    key: str
    value: str
    wording: str
    quotation: str
    start: int
    end: int
    checksum: str
    article: str
    article_sha256: str
    outlet: str
    speaker: str
    speaker_label: str
    speaker_role: str
    principal: str
    form: str
    certainty: str
    hedge_cue: str
    polarity: str
    chain: str


@dataclass(frozen=True)
class Hop:
    """One leg travelled: from where to where, with what, and what is said of it."""

    leg: str
    source: Place
    target: Place
    order: int | None
    mode: str
    route: str
    cargo: tuple[str, ...]
    """What is carried, by name."""
    across: tuple[str, ...]
    """What is crossed, by name."""
    evidence: tuple[Evidence, ...]

    @property
    def passages(self) -> tuple[tuple[Evidence, ...], ...]:
        """The evidence by passage: the claims that rest on the same words stand together."""
        ordered = sorted(self.evidence, key=_words)
        return tuple(tuple(claims) for _, claims in groupby(ordered, key=_words))


@dataclass(frozen=True)
class Route:
    """A way from the source to the target."""

    hops: tuple[Hop, ...]


@dataclass(frozen=True)
class RouteAnswer:
    """The shortest routes there are, or why there is none."""

    source: Place
    target: Place
    view: str
    routes: tuple[Route, ...]
    reason: str = ""


def _words(claim: Evidence) -> tuple[str, int, int, str]:
    return claim.article, claim.start, claim.end, claim.chain


def leg_graph(store: Store, view: str = "any") -> "nx.MultiDiGraph[str]":
    """The legs of a view as a networkx graph: places are nodes, each leg an edge keyed by its id.

    Edges carry order, mode, route, cargo, cargo_names and across.
    """
    import networkx as nx  # noqa: PLC0415 -- a tenth of a second

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    rows = store.select(_query("legs"), view=Iri(f"{GRAPH}view/{view}")).rows
    for (leg, source, target), group in groupby(rows, key=lambda row: row[:3]):
        order, mode, route, cargo, named, across = zip(*(row[3:] for row in group), strict=True)
        graph.add_edge(
            _id(source),
            _id(target),
            key=_id(leg),
            order=next((int(str(number)) for number in order if number), None),
            mode=next((_id(term) for term in mode if term), "mode/not-stated"),
            route=next((_id(term) for term in route if term), ""),
            cargo=_distinct(cargo),
            cargo_names=_distinct(named),
            across=_distinct(across),
        )
    return graph


def evidence(store: Store, thing: str) -> tuple[Evidence, ...]:
    """Every claim made of the thing, in the order of the articles and their texts."""
    found = store.select(_query("evidence"), thing=Iri(ID + thing))
    return tuple(_evidence(dict(zip(found.variables, row, strict=True))) for row in found.rows)


def routes(store: Store, *, source: str, target: str, view: str = "any") -> RouteAnswer:
    """The shortest routes from one place to another in a view, each hop with its evidence.

    `source` and `target` are ids, such as "place/amirabad"; kg.resolve makes them of names. Where
    there is no route, the answer holds the reason. Raises UnknownNameError where an id is no place,
    or no view goes by that name.
    """
    known_view(store, view)
    places = _places(store)
    ends = [places.get(name) for name in (source, target)]
    if None in ends:
        missing = source if ends[0] is None else target
        raise UnknownNameError(missing)
    start, end = places[source], places[target]
    graph = leg_graph(store, view)
    if reason := _no_route(graph, start, end, view):
        return RouteAnswer(start, end, view, (), reason)
    found = tuple(
        Route(tuple(_hop(store, graph, places, leg) for leg in legs))
        for legs in _shortest(graph, source, target)
    )
    return RouteAnswer(start, end, view, found)


def _no_route(graph: "nx.MultiDiGraph[str]", start: Place, end: Place, view: str) -> str:
    """Why there is no route, in a sentence; empty where there is one."""
    import networkx as nx  # noqa: PLC0415 -- as above

    if start.id == end.id:
        return f"{start.label} is both the start and the end."
    for place, which in ((start, "leaves from"), (end, "arrives at")):
        degree = graph.out_degree if which == "leaves from" else graph.in_degree
        if place.id not in graph or not degree(place.id):
            return f"In the view “{view}”, no leg {which} {place.label}."
    if not nx.has_path(graph, start.id, end.id):
        return f"In the view “{view}”, no chain of legs leads from {start.label} to {end.label}."
    if nx.shortest_path_length(graph, start.id, end.id) > MOST_HOPS:
        return f"The shortest chain of legs has more than {MOST_HOPS} hops."
    return ""


Leg = tuple[str, str, str]


def _shortest(graph: "nx.MultiDiGraph[str]", source: str, target: str) -> Iterator[tuple[Leg, ...]]:
    """The shortest chains of legs, parallel legs apart, in a stable order, MOST_ROUTES at most."""
    import networkx as nx  # noqa: PLC0415 -- as above

    nodes = islice(nx.all_shortest_paths(graph, source, target), MOST_ROUTES)
    chains = (
        chain
        for path in nodes
        for chain in product(
            *([(a, b, leg) for leg in sorted(graph[a][b])] for a, b in pairwise(path))
        )
    )
    return iter(sorted(islice(chains, MOST_ROUTES)))


def _hop(store: Store, graph: "nx.MultiDiGraph[str]", places: Mapping[str, Place], leg: Leg) -> Hop:
    source, target, name = leg
    edge = graph.edges[source, target, name]
    return Hop(
        leg=name,
        source=places[source],
        target=places[target],
        order=edge["order"],
        mode=edge["mode"].removeprefix("mode/"),
        route=edge["route"],
        cargo=edge["cargo_names"],
        across=tuple(places[name].label for name in edge["across"]),
        evidence=evidence(store, name),
    )


def _places(store: Store) -> dict[str, Place]:
    found = {}
    for place, label, wkt, accuracy, source in store.select(_query("places")).rows:
        lon, lat = _point(str(wkt)) if wkt else (None, None)
        found[_id(place)] = Place(
            id=_id(place),
            label=str(label),
            lat=lat,
            lon=lon,
            accuracy_metres=float(str(accuracy)) if accuracy else None,
            coordinates_from=str(source or ""),
        )
    return found


def _point(wkt: str) -> tuple[float, float]:
    lon, lat = wkt.removeprefix("POINT(").removesuffix(")").split()
    return float(lon), float(lat)


def _evidence(row: Mapping[str, Term | None]) -> Evidence:
    def text(name: str) -> str:
        return str(row[name] or "")

    return Evidence(
        claim=_id(row["claim"]),
        key=text("key"),
        value=short(text("value")),
        wording=text("wording"),
        quotation=text("quotation"),
        start=int(text("start")),
        end=int(text("end")),
        checksum=text("checksum"),
        article=_id(row["article"]).removeprefix("article/"),
        article_sha256=text("sha256"),
        outlet=text("outletName"),
        speaker=_id(row["speaker"]),
        speaker_label=text("speakerName"),
        speaker_role=text("role"),
        principal=_id(row["principal"]),
        form=_id(row["form"]).removeprefix("form/"),
        certainty=_id(row["certainty"]).removeprefix("certainty/"),
        hedge_cue=text("cue"),
        polarity=_id(row["polarity"]).removeprefix("polarity/"),
        chain=text("chain"),
    )


def _id(term: Term | None) -> str:
    return short(str(term or ""))


def _distinct(terms: Iterable[Iri | Literal | None]) -> tuple[str, ...]:
    return tuple(sorted({_id(term) for term in terms if term}))


def _query(name: str) -> str:
    return files("kg").joinpath(f"rq/{name}.rq").read_text(encoding="utf-8")
