"""How things are connected: paths over what is claimed, each hop with who says so in which words.

`find` answers a question; `graph` gives what it is answered from as a networkx graph.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice, pairwise
from math import inf, log
from time import monotonic
from typing import TYPE_CHECKING

from kg import certainty
from kg.asked import CARGO, FILTERS, TIMELESS, UNDATED, Asked, Reading, limit, read
from kg.errors import LimitError, QueryError
from kg.network import Network, Place
from kg.routing import Hop, Teller, kilometres, rank_of, statuses, supports
from kg.search import (
    TURNED,
    Edge,
    How,
    Path,
    Scan,
    SpentError,
    between,
    earliest_path,
    paths_by_cost,
    reachable,
    shortest_path,
)
from kg.sentences import Citation, told
from kg.store import Store

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Answer", "Dropped", "Found", "Searched", "find", "graph"]

_POOL = limit("k").most
"""How many of the cheapest paths are put in order by what costs cannot tell."""


_DIGITS = 9


@dataclass(frozen=True)
class Found:
    """A path: its hops, how sure it is, and what it comes to in a sentence."""

    hops: tuple[Hop, ...]
    confidence: float
    units: int
    """On how many distinct pieces of evidence it rests: what was said on one occasion is one."""
    origins: tuple[str, ...]
    kilometres: float | None
    """The geodesic length; none where that of a hop is not known."""
    time_order: str
    """Whether its hops can follow each other: `undated`, `in time order`, `possible`, `broken`."""
    sentence: str
    citations: tuple[Citation, ...]

    @property
    def stops(self) -> tuple[Place, ...]:
        """The things it leads through."""
        return (self.hops[0].source, *(hop.target for hop in self.hops))


@dataclass(frozen=True)
class Searched:
    """What an answer was sought in."""

    nodes: int
    edges: int
    scanned: int
    """How often an edge was looked at."""


@dataclass(frozen=True)
class Dropped:
    """A filter without which there would be a path, and that path."""

    filter: str
    given: str
    stops: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The paths there are, or why there is none."""

    sources: tuple[Place, ...]
    targets: tuple[Place, ...]
    profile: str
    mode: str
    rank: str
    view: str
    paths: tuple[Found, ...]
    complete: bool
    why: str
    """Why it is not complete; empty where it is."""
    cut: str
    """What ran out: `edges`; `time`, which is not the same each time; `rank` where there are more
    paths than are ranked by confidence or date; empty where nothing."""
    reason: str
    """Why there is no path; empty where there is one."""
    would_give: tuple[Dropped, ...]
    """Which filter, dropped, would give one."""
    searched: Searched
    cursor: str
    """Ask the same with it for further paths; empty where there are none."""


def graph(held: Network, view: str = "any", profile: str = "route") -> "nx.MultiDiGraph[str]":
    """What a view holds as a networkx graph for anyone's own analysis: every value is plain.

    An edge has its relation, thing, order, transport, cargo, status, origins, confidence, days and
    kilometres; a node has its label, kind and coordinates.
    """
    import networkx as nx  # noqa: PLC0415 -- a tenth of a second

    reading = read(held, Asked((), (), view=view, profile=profile))
    keep = reading.keep()
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for start, end, key, data in held.graph(profile).edges(keys=True, data=True):
        if keep(start, end, key, data):
            plain.add_edge(
                start, end, key, **_attributes(reading, Edge(start, end, key, data, along=True))
            )
    for name, attributes in plain.nodes(data=True):
        place = held.node(name)
        attributes |= {"label": place.label, "kind": place.kind}
        if place.lat is not None and place.lon is not None:
            attributes |= {"lat": place.lat, "lon": place.lon}
    return plain


def _attributes(reading: Reading, edge: Edge) -> dict[str, str | int | float]:
    thing, node = edge.data["thing"], reading.network.node
    dated = reading.dated(thing)
    behind = supports(reading, edge)
    order = reading.values(thing, ("order",))
    apart = kilometres(node(edge.source), node(edge.target))
    return {
        "relation": edge.data["relation"],
        "thing": thing,
        "transport": " or ".join(reading.modes(thing)),
        "cargo": ", ".join(reading.values(thing, CARGO)),
        "status": ", ".join(statuses(reading, thing)),
        "origins": len({each.origin for each in behind}),
        "confidence": certainty.of_hop(behind),
        "first": dated[1] if dated else "",
        "last": dated[2] if dated else "",
        **({"order": int(order[0])} if order else {}),
        **({} if apart is None else {"kilometres": apart}),
    }


def find(store: Store, held: Network, asked: Asked, *, until: float = inf) -> Answer:
    """The paths that answer the question, with their evidence, or why there is none.

    `until` is when to stop searching, by the monotonic clock: what was found by then is told.

    Raises UnknownNameError, AmbiguousNameError, LimitError or QueryError.
    """
    for name, given in (("from", asked.sources), ("to", asked.targets)):
        if not given:
            raise LimitError(f"the number of names in {name}", 0, limit("names").most, 1)
    reading = read(held, asked)
    offset = _offset(asked)
    scan = Scan(asked.edges, until)
    found: list[Path] = []
    with suppress(SpentError):
        found.extend(islice(_wanted(reading, scan), offset + asked.k + 1))
    cut: str = scan.over
    wanted = found[offset : offset + asked.k]
    teller, told = Teller(store, reading), list[Found]()
    for path in wanted:
        if told and monotonic() > until:
            cut = "time"
            break
        told.append(_told(teller, reading, path))
    more = len(found) > offset + len(told)
    why = _spent(asked, cut) if cut else ""
    answer = Answer(
        sources=tuple(map(held.node, reading.sources.nodes)),
        targets=tuple(map(held.node, reading.targets.nodes)),
        profile=asked.profile,
        mode=asked.mode,
        rank=asked.rank,
        view=asked.view,
        paths=tuple(told),
        complete=not why,
        why=why,
        cut=cut,
        reason="",
        would_give=(),
        searched=_searched(reading, scan),
        cursor=_cursor(asked, offset + len(told)) if more else "",
    )
    return answer if found[offset:] or why else _with_reason(reading, answer, scan)


def _wanted(reading: Reading, scan: Scan) -> Iterator[Path]:
    """The paths asked for, in their order, as many as are taken."""
    asked = reading.asked
    found = _suited(reading, scan)
    if asked.rank in {"confidence", "date"} and asked.mode != "earliest":
        found = _put_in_order(reading, found, scan)
    if asked.mode in {"shortest", "earliest"}:
        yield from islice(found, 1)
    elif asked.mode == "all-shortest":
        best: tuple[object, ...] | None = None
        for path in found:
            worth = _worth(reading, path)
            best = worth if best is None else best
            if worth != best:
                return
            yield path
    else:
        yield from found


def _suited(reading: Reading, scan: Scan) -> Iterator[Path]:
    """Every path that suits the question, the cheapest first."""
    via = frozenset(reading.via)
    for path in _candidates(reading, scan):
        in_time = not reading.asked.time_respecting or _time_order(reading, path) != "broken"
        if via <= set(path) and in_time:
            yield path


def _candidates(reading: Reading, scan: Scan) -> Iterator[Path]:
    """Every path by what it costs; the one that ends first, where that is asked for."""
    asked, network = reading.asked, reading.network
    where = network.graph(asked.profile)
    sources = reading.sources.nodes
    targets = tuple(node for node in reading.targets.nodes if node not in sources)
    how = reading.how(scan)
    if asked.mode == "earliest":
        path = earliest_path(where, sources, targets, how, when=_when(reading))
        yield from [path] if path and len(path) <= asked.max_hops + 1 else ()
    elif asked.mode == "shortest" and asked.rank == "hops" and not _chosen(asked):
        path = shortest_path(where, sources, targets, how)
        yield from [path] if path else ()
    else:
        cost = {"confidence": _doubt(reading), "distance": _apart(reading)}.get(asked.rank)
        yield from (path for _, path in paths_by_cost(where, sources, targets, how, weight=cost))


def _chosen(asked: Asked) -> bool:
    """Whether paths are chosen once they are found."""
    return bool(asked.via or asked.time_respecting)


def _doubt(reading: Reading) -> Callable[[tuple[Edge, ...]], float]:
    """What a hop costs where the surest paths come first."""
    return lambda edges: -log(max(_chance(reading, edge) for edge in edges))


def _apart(reading: Reading) -> Callable[[tuple[Edge, ...]], float | None]:
    """What a hop costs where the shortest ways come first; one of no known length is not taken."""
    node = reading.network.node

    def cost(edges: tuple[Edge, ...]) -> float | None:
        if all(edge.data["relation"] in TIMELESS for edge in edges):
            return 0.0
        return kilometres(node(edges[0].source), node(edges[0].target))

    return cost


def _chance(reading: Reading, edge: Edge) -> float:
    return certainty.of_hop(supports(reading, edge))


def _when(reading: Reading) -> Callable[[Edge], tuple[str, str] | None]:
    def when(edge: Edge) -> tuple[str, str] | None:
        if edge.data["relation"] in TIMELESS:
            return "", ""
        dated = reading.dated(edge.data["thing"])
        return dated[1:] if dated else None

    return when


def _put_in_order(reading: Reading, found: Iterator[Path], scan: Scan) -> Iterator[Path]:
    """The first of these paths by how sure they are or when they end, then the others.

    Where there are others the scan says so: one of them might have come first.
    """
    pool = list[Path]()
    with suppress(SpentError):  # the scan says so, and so does the answer
        pool.extend(islice(found, _POOL + 1))
    if len(pool) > _POOL:
        scan.over = "rank"
    yield from sorted(pool[:_POOL], key=lambda path: _worth(reading, path))
    yield from pool[_POOL:]
    yield from found


def _worth(reading: Reading, path: Path) -> tuple[object, ...]:
    """What a path is ranked by, the least first."""
    rank = reading.asked.rank
    if rank == "hops":
        return (len(path),)
    hops = best_edges(reading, path)
    if rank == "confidence":
        return (-certainty.of_path([supports(reading, edge) for edge in hops]),)
    if rank == "date":
        dated = [reading.dated(edge.data["thing"]) for edge in hops]
        last = max((each[1] for each in dated if each), default="")
        return (None in dated, last)
    cost = _apart(reading)
    return (round(sum(cost((edge,)) or 0.0 for edge in hops), _DIGITS),)


def best_edges(reading: Reading, path: Path) -> tuple[Edge, ...]:
    """Of each hop of the path the edge it is told by."""
    how = reading.how()
    where = reading.network.graph(reading.asked.profile)
    return tuple(min(edges, key=rank_of(reading)) for edges in between(where, path, how))


def _time_order(reading: Reading, path: Path) -> str:
    hops = [edge for edge in best_edges(reading, path) if edge.data["relation"] not in TIMELESS]
    dated = [reading.dated(edge.data["thing"]) for edge in hops]
    return _order([each[1:] if each else None for each in dated])


def _order(dated: Sequence[tuple[str, str] | None]) -> str:
    """Whether what is of these days, from the first to the last each, can be in this order."""
    days = [each for each in dated if each is not None]
    begun, order = "", "in time order"
    for first, last in days:
        if last and last < begun:
            return "broken"
        begun = max(begun, first)
    if len(days) < len(dated) or not days:
        return UNDATED
    for (_, last), (first, _) in pairwise(days):
        if not last or not first or last > first:
            order = "possible"
    return order


def _told(teller: Teller, reading: Reading, path: Path) -> Found:
    where = reading.network.graph(reading.asked.profile)
    edges = between(where, path, reading.how())
    hops = tuple(map(teller.hop, edges))
    behind = [supports(reading, edge) for edge in best_edges(reading, path)]
    lengths = [hop.kilometres for hop in hops if not hop.timeless]
    known = [each for each in lengths if each is not None]
    sentence, citations = told(hops, reading.asked.profile)
    return Found(
        hops=hops,
        confidence=certainty.of_path(behind),
        units=len({each.unit for hop in behind for each in hop}),
        origins=tuple(sorted({name for hop in hops for name in hop.origins})),
        kilometres=round(sum(known), 1) if len(known) == len(lengths) and known else None,
        time_order=_time_order(reading, path),
        sentence=sentence,
        citations=citations,
    )


def _searched(reading: Reading, scan: Scan) -> Searched:
    where = reading.network.graph(reading.asked.profile)
    return Searched(where.number_of_nodes(), where.number_of_edges(), scan.scanned)


def _spent(asked: Asked, over: str) -> str:
    if over == "rank":
        return (
            f"Ranked by {asked.rank} are the {_POOL} paths found first; there are more, and one "
            "of them may rank before these."
        )
    if over == "time":
        return "The time for an answer was over; these are the paths told by then."
    return (
        f"The search had scanned {asked.edges:,} edges, as many as it may (edges, at most "
        f"{limit('edges').most:,}); these are the paths found by then."
    )


def _with_reason(reading: Reading, answer: Answer, scan: Scan) -> Answer:
    """The answer that there is no path, with what stands in the way."""
    if _offset(reading.asked):
        return replace(answer, reason="There are no further paths.")
    if set(reading.targets.nodes) <= set(reading.sources.nodes):
        both = _all_of(reading, reading.targets.nodes)
        return replace(answer, reason=f"{both} is both the start and the end.")
    again = Scan(reading.asked.edges, scan.until)
    would_give = tuple(_dropped(reading, again))
    reason = _reason(reading)
    if again.scanned == again.limit:
        reason += " Not every filter could be dropped within the edges that may be scanned."
    return replace(answer, reason=reason, would_give=would_give)


def _dropped(reading: Reading, scan: Scan) -> Iterator[Dropped]:
    """Each filter without which there would be a path; all of them, where no one of them does."""
    gave = False
    for name in reading.filters:
        other = reading.without(name)
        stops = _first_stops(other, scan)
        if stops:
            gave = True
            yield Dropped(name, _given(reading, name), stops)
    if not gave and len(reading.filters) > 1:
        other = reading
        for name in reading.filters:
            other = other.without(name)
        if stops := _first_stops(other, scan):
            yield Dropped(
                "all", ", ".join(_given(reading, each) for each in reading.filters), stops
            )


def _first_stops(reading: Reading, scan: Scan) -> tuple[str, ...]:
    try:
        path = next(_suited(reading, scan), ())
    except SpentError:
        return ()
    return tuple(reading.network.node(node).label for node in path)


def _given(reading: Reading, name: str) -> str:
    """What the question says of a filter, as it may be written in an address."""
    parts = []
    for key, unset in FILTERS[name].items():
        value = reading.given(key)
        if value != unset:
            text = ", ".join(value) if isinstance(value, tuple) else str(value)
            parts.append(f"{key}={text}")
    return "&".join(parts)


def _reason(reading: Reading) -> str:
    """Why there is no path, in a sentence."""
    asked, where = reading.asked, reading.network.graph(reading.asked.profile)
    begin = f"In the view “{asked.view}”"
    if reading.as_of:
        begin += f", of what was published by {reading.as_of}"
    how = How(reading.keep(), reading.direction, 1)
    start, end = (_all_of(reading, each.nodes) for each in (reading.sources, reading.targets))
    turned = how._replace(direction=TURNED[how.direction])
    if len(reachable(where, reading.sources.nodes, how)) <= len(reading.sources.nodes):
        return f"{begin}, nothing that counts leads from {start}."
    if len(reachable(where, reading.targets.nodes, turned)) <= len(reading.targets.nodes):
        return f"{begin}, nothing that counts leads to {end}."
    if asked.mode == "earliest":
        return f"{begin}, no chain from {start} to {end} has a date for each hop, in time order."
    known = ", each of a known length," if asked.rank == "distance" else ""
    hops = f"{asked.max_hops} hops{known}"
    return f"{begin}, no chain of at most {hops} leads from {start} to {end}."


def _all_of(reading: Reading, nodes: Sequence[str]) -> str:
    return " or ".join(dict.fromkeys(reading.network.node(node).label for node in nodes))


def _cursor(asked: Asked, offset: int) -> str:
    return f"{offset}.{_digest(asked)}" if offset <= limit("pages").most else ""


def _offset(asked: Asked) -> int:
    """How many paths the cursor stands for; QueryError where it is none of this question's."""
    if not asked.cursor:
        return 0
    offset, _, digest = asked.cursor.partition(".")
    if not (offset.isascii() and offset.isdecimal()) or digest != _digest(asked):
        raise QueryError("the cursor is none of this question; ask it again without one")
    if int(offset) > limit("pages").most:
        raise LimitError("the paths before the cursor", int(offset), limit("pages").most)
    return int(offset)


def _digest(asked: Asked) -> str:
    question = replace(asked, cursor="", evidence="")
    return blake2b(repr(question).encode(), digest_size=8).hexdigest()
