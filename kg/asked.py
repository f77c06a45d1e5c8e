"""A question for paths: what can be asked, within which limits, and which edges it lets through."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kg import certainty
from kg.dates import bounds
from kg.errors import AmbiguousNameError, LimitError, QueryError, UnknownNameError, near
from kg.network import FLOWS, PROFILES, Network, Said
from kg.resolve import candidates
from kg.search import Direction, How, Keep, Node, Scan

__all__ = [
    "CARGO",
    "DATING",
    "DIRECTIONS",
    "EVIDENCE",
    "FILTERS",
    "LIMITS",
    "MODES",
    "RANKS",
    "TIMELESS",
    "UNDATED",
    "UNSTATED",
    "Asked",
    "Ends",
    "Limit",
    "Reading",
    "limit",
    "read",
]

MODES = ("shortest", "all-shortest", "k-shortest", "all", "earliest")
RANKS = ("hops", "confidence", "distance", "date")
DIRECTIONS: Mapping[str, Direction] = {"out": "out", "in": "in", "either": "either"}
EVIDENCE = ("full", "refs", "none")
UNDATED = "undated"
"""The date of what nobody dates."""

UNSTATED = "unstated"
"""The mode of transport where nobody states one."""

TIMELESS = ("contains", "within")
"""Relations of a place and what lies in it: no way, no cargo, no date, no distance."""

CARGO = ("cargo", "item", "weapon", "product")
"""By which properties things say what is carried, supplied, used or made."""

DATING = ("period", "deliveryStart")
"""By which they say when."""


class Limit(NamedTuple):
    """The least and the most of something, and what a question has that does not say."""

    name: str
    least: int
    most: int
    usual: int
    counts: str


LIMITS = (
    Limit("k", 1, 50, 10, "paths in an answer"),
    Limit("max_hops", 1, 12, 12, "hops of a path"),
    Limit("edges", 1, 1_000_000, 200_000, "edges scanned to find them"),
    Limit("origins", 1, 50, 1, "independent origins that a hop must have"),
    Limit("skip_degree", 1, 1_000_000, 1_000_000, "edges a node may have that is passed through"),
    Limit("names", 0, 20, 0, "names in each of from, to, via, avoid, relations and the like"),
    Limit("pages", 0, 1_000, 0, "paths before those of the answer, as the cursor counts them"),
    Limit("claims", 0, 200, 200, "claims told of a hop, and half as many denials and the like"),
)
"""What a question for paths may ask, whatever the service's settings."""


def limit(name: str) -> Limit:
    """The limit of this name.

    >>> limit("k").most
    50
    """
    return next(each for each in LIMITS if each.name == name)


@dataclass(frozen=True)
class Asked:
    """A question for paths, as it is put."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    mode: str = "all-shortest"
    rank: str = "hops"
    k: int = limit("k").usual
    max_hops: int = limit("max_hops").usual
    profile: str = "route"
    relations: tuple[str, ...] = ()
    """Only hops of these relations; of any where there is none."""
    without: tuple[str, ...] = ()
    """No hops of these relations."""
    direction: str = ""
    """Whether edges are followed (out), gone against (in), or either; by itself as the profile."""
    cargo: tuple[str, ...] = ()
    transport: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    skip_degree: int = limit("skip_degree").usual
    view: str = "any"
    as_of: str = ""
    """Only what had been published by the end of this day."""
    after: str = ""
    before: str = ""
    time_respecting: bool = False
    certainty: str = ""
    """Only what is at least this sure."""
    origins: int = limit("origins").usual
    evidence: str = "full"
    edges: int = limit("edges").usual
    cursor: str = ""


FILTERS: Mapping[str, Mapping[str, Any]] = {
    "view": {"view": "any"},
    "as_of": {"as_of": ""},
    "certainty": {"certainty": ""},
    "origins": {"origins": 1},
    "cargo": {"cargo": ()},
    "transport": {"transport": ()},
    "relations": {"relations": ()},
    "without": {"without": ()},
    "via": {"via": ()},
    "avoid": {"avoid": ()},
    "skip_degree": {"skip_degree": limit("skip_degree").usual},
    "dates": {"after": "", "before": ""},
    "time_respecting": {"time_respecting": False},
    "max_hops": {"max_hops": limit("max_hops").most},
    "direction": {"direction": "either"},
    "mode": {"mode": "all-shortest"},
    "rank": {"rank": "hops"},
}
"""What keeps paths out, and a question that has it no more."""


class Ends(NamedTuple):
    """The things a question starts from or leads to, and the names they were given by."""

    names: tuple[str, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Reading:
    """A question as it is understood: names are things, dates are days, and edges are judged."""

    asked: Asked
    network: Network
    sources: Ends
    targets: Ends
    via: tuple[Node, ...]
    avoid: frozenset[Node]
    cargo: frozenset[str]
    sure: frozenset[str]
    as_of: str
    after: str
    before: str
    direction: Direction

    def without(self, name: str) -> "Reading":
        """The same question without one of its filters."""
        return read(self.network, replace(self.asked, **FILTERS[name]))

    @property
    def filters(self) -> tuple[str, ...]:
        """The filters the question has: of modes and ranks, those that leave hops out."""
        harmless = {"mode": self.asked.mode != "earliest", "rank": self.asked.rank != "distance"}
        return tuple(
            name
            for name, unset in FILTERS.items()
            if not harmless.get(name)
            and any(self.given(key) != value for key, value in unset.items())
        )

    def given(self, key: str) -> object:
        """What the question says under this name, the direction as it is understood."""
        return self.direction if key == "direction" else getattr(self.asked, key)

    def admits(self, said: Said) -> bool:
        """Whether a claim counts for the question: affirmed, by this view, in time, sure enough."""
        return (
            said.affirmed
            and not said.inferred
            and self.asked.view in said.views
            and self.published(said)
            and (not self.sure or said.certainty in self.sure)
        )

    def published(self, said: Said) -> bool:
        """Whether it had been published by the day asked for."""
        return not self.as_of or "" < said.published <= self.as_of

    def values(self, thing: str, keys: Sequence[str]) -> tuple[str, ...]:
        """What the claims that count say of a thing under these keys."""
        claims = self.network.said.get(thing, ())
        return tuple(
            sorted({each.value for each in claims if each.key in keys and self.admits(each)})
        )

    def modes(self, thing: str) -> tuple[str, ...]:
        """By which means a thing is said to move, or that it is unstated."""
        said = {each.removeprefix("mode/") for each in self.values(thing, ("mode",))}
        return tuple(sorted(said - {"not-stated"})) or (UNSTATED,)

    def dated(self, thing: str) -> tuple[str, str, str] | None:
        """When a thing is said to be: in EDTF, and the first and last day of all that is said."""
        known = self.network.dates
        dates = [known[each] for each in self.values(thing, DATING) if each in known]
        if not dates:
            return None
        written, first, last = zip(*sorted(dates), strict=True)
        return (
            ", ".join(dict.fromkeys(written)),
            min(first) if all(first) else "",
            max(last) if all(last) else "",
        )

    def how(self, scan: Scan | None = None) -> How:
        """How to search for it."""
        return How(self.keep(), self.direction, self.asked.max_hops, scan)

    def keep(self) -> Keep:
        """Which edges count; each is judged once."""
        judged: dict[tuple[Node, Node, Hashable], bool] = {}
        judges = self._judges()

        def keep(start: Node, end: Node, key: Hashable, data: Mapping[str, Any]) -> bool:
            edge = (start, end, key)
            if edge not in judged:
                judged[edge] = all(judge(start, end, data) for judge in judges)
            return judged[edge]

        return keep

    def _judges(self) -> tuple["_Judge", ...]:
        """What each filter asks of an edge; those that the question does not have are left out."""
        asked = self.asked
        degree = asked.skip_degree < limit("skip_degree").most
        judges: Mapping[_Judge, bool] = {
            self._is_related: bool(asked.relations or asked.without),
            self._is_at_an_end(): asked.profile == "route",
            self._is_passable: bool(self.avoid) or degree,
            self._is_attested: True,
            self._is_cargo: bool(self.cargo),
            self._is_moved: bool(asked.transport),
            self._is_timely: bool(self.after or self.before),
        }
        return tuple(judge for judge, wanted in judges.items() if wanted)

    def _is_related(self, _: Node, __: Node, data: Mapping[str, Any]) -> bool:
        relation = data["relation"]
        wanted = self.asked.relations
        return relation not in self.asked.without and (not wanted or relation in wanted)

    def _is_at_an_end(self) -> "_Judge":
        """Into the parts of a place a path only begins, and out of them it only ends.

        What has come to a country is not everywhere in it.
        """
        begin = frozenset[Node]().union(*map(self._parts, self.sources.nodes))
        finish = frozenset[Node]().union(*map(self._parts, self.targets.nodes))

        def judge(start: Node, end: Node, data: Mapping[str, Any]) -> bool:
            if data["relation"] == "contains":
                return start in begin
            return data["relation"] != "within" or end in finish

        return judge

    def _is_passable(self, start: Node, end: Node, _: Mapping[str, Any]) -> bool:
        return not (self._is_barred(start) or self._is_barred(end))

    def _is_barred(self, node: Node) -> bool:
        if node in self.sources.nodes or node in self.targets.nodes:
            return False
        degree = self.network.graph(self.asked.profile).degree(node)
        return node in self.avoid or degree > self.asked.skip_degree

    def _is_attested(self, _: Node, __: Node, data: Mapping[str, Any]) -> bool:
        return all(
            len({each.origin for each in need if self.admits(each)}) >= self.asked.origins
            for need in data["needs"]
        )

    def _is_cargo(self, _: Node, __: Node, data: Mapping[str, Any]) -> bool:
        carried = self.values(data["thing"], CARGO)
        return data["relation"] in TIMELESS or not self.cargo.isdisjoint(carried)

    def _is_moved(self, _: Node, __: Node, data: Mapping[str, Any]) -> bool:
        modes = self.modes(data["thing"])
        return data["relation"] in TIMELESS or not set(self.asked.transport).isdisjoint(modes)

    def _is_timely(self, _: Node, __: Node, data: Mapping[str, Any]) -> bool:
        when = self.dated(data["thing"])
        return when is not None and _overlaps(when, self.after, self.before)

    def _parts(self, node: Node) -> frozenset[Node]:
        """The node, and what claims that count put inside it, however deep."""
        graph = self.network.routes
        found, left = {node}, [node]
        while left:
            for _, part, data in graph.out_edges(left.pop(), data=True):
                if data["relation"] == "contains" and part not in found:
                    found.add(part)
                    left.append(part)
        return frozenset(found)


_Judge = Callable[[Node, Node, Mapping[str, Any]], bool]


def _overlaps(when: tuple[str, str, str], after: str, before: str) -> bool:
    _, first, last = when
    return (not after or not last or last >= after) and (not before or not first or first <= before)


def read(network: Network, asked: Asked) -> Reading:
    """The question as it is understood.

    Raises UnknownNameError with the nearest names, AmbiguousNameError with the candidates,
    LimitError, or QueryError for a date that is none.
    """
    _within_limits(asked)
    _one_of(asked.mode, MODES)
    _one_of(asked.rank, RANKS)
    _one_of(asked.profile, PROFILES)
    _one_of(asked.evidence, EVIDENCE)
    _one_of(asked.view, network.views)
    relations = _relations(network, asked.profile)
    for name in (*asked.relations, *asked.without):
        _one_of(name, relations)
    modes = {mode.removeprefix("mode/") for mode in network.modes} - {"not-stated"} | {UNSTATED}
    for name in asked.transport:
        _one_of(name, modes)
    direction = asked.direction or ("out" if asked.profile == "route" else "either")
    _one_of(direction, tuple(DIRECTIONS))
    if asked.certainty:
        _one_of(asked.certainty, [term.name for term in certainty.TERMS])
    types = _ends(network, asked.cargo).nodes
    return Reading(
        asked=asked,
        network=network,
        sources=_ends(network, asked.sources),
        targets=_ends(network, asked.targets),
        via=_ends(network, asked.via).nodes,
        avoid=frozenset(_ends(network, asked.avoid).nodes),
        cargo=frozenset(types).union(*(network.parts.get(each, ()) for each in types)),
        sure=certainty.least(asked.certainty) if asked.certainty else frozenset(),
        as_of=_day("as_of", asked.as_of, 1),
        after=_day("after", asked.after, 0),
        before=_day("before", asked.before, 1),
        direction=DIRECTIONS[direction],
    )


def _within_limits(asked: Asked) -> None:
    counts = {
        name: len(getattr(asked, name))
        for name in (
            *("sources", "targets", "relations", "without"),
            *("cargo", "transport", "via", "avoid"),
        )
    }
    for name in ("k", "max_hops", "edges", "origins", "skip_degree"):
        _, least, most, *_ = limit(name)
        if not least <= getattr(asked, name) <= most:
            raise LimitError(name, getattr(asked, name), most, least)
    for name, given in counts.items():
        if given > limit("names").most:
            raise LimitError(
                f"the number of names in {_CALLED.get(name, name)}", given, limit("names").most
            )


_CALLED = {"sources": "from", "targets": "to"}


def _one_of(given: str, known: Iterable[str]) -> None:
    known = tuple(known)
    if given not in known:
        raise UnknownNameError(given, near(given, known) or known)


def _relations(network: Network, profile: str) -> tuple[str, ...]:
    if profile == "route":
        return tuple(dict.fromkeys(flow.relation for flow in FLOWS))
    return network.related


def _ends(network: Network, given: tuple[str, ...]) -> Ends:
    found = (node for name in given for node in _found(network, name))
    return Ends(given, tuple(dict.fromkeys(found)))


def _found(network: Network, name: str) -> tuple[str, ...]:
    """What goes by the name: one thing, or a state and the country it has its name from."""
    found = candidates(network.names, name)
    kinds = sorted(network.node(each).kind for each in found)
    if len(found) > 1 and kinds != ["Country", "State"]:
        raise AmbiguousNameError(name, found)
    return found


_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


def _day(what: str, given: str, which: int) -> str:
    """The first (0) or last (1) day of what is given: a day, a month or a year."""
    if not given:
        return ""
    try:
        return bounds(given if _DAY.fullmatch(given) else "")[which]
    except ValueError as error:
        raise QueryError(f"{what} is {given!r}, no date such as 2022-12-31 or 2022") from error
