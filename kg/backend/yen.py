"""Simple paths by cost, the cheapest first: Yen's partition as Lawler improved it, by A*.

What is left to the goal is known exactly from every node that a path within a bound can pass, so a
search for the next path goes straight there, and what a path that parts from another costs at least
is known without a search: only those whose turn has come are searched for. Where the paths within
the bound are exhausted, it is widened and the search begun again; what was told is passed over.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

from kg.backend.engine import Desk
from kg.backend.question import Question

__all__ = ["cheapest_first", "cheapest_walk"]

Numbers: TypeAlias = tuple[int, ...]

_SLACK = 0.15
"""How much dearer than the cheapest the paths within the first bound are, at most."""
_ROUNDING = 1 + 1e-9
"""So much wider than the bound is the funnel: sums from its two ends differ in their last bits."""


class _Root(NamedTuple):
    """How a path begins: its nodes, what it has cost at each, where it may not go next."""

    nodes: Numbers
    costs: tuple[float, ...]
    barred: Numbers


class _Candidate(NamedTuple):
    """A path, or how one begins that is still to be sought; of equals, the first goes first."""

    cost: float
    """What it costs; where it is still to be sought, at least."""
    turn: int
    root: _Root
    """Where it parts from the path it was made of."""
    nodes: Numbers = ()
    """All its nodes, once it is found."""
    costs: tuple[float, ...] = ()
    """What it has cost at each of them."""


class _Funnel(NamedTuple):
    """What is left to the goal, for every node on a path within the bound."""

    bound: float
    then: int
    more: bool
    """Whether there may be dearer paths outside."""


def cheapest_walk(question: Question, weight: str | None) -> tuple[float, Numbers] | None:
    """A cheapest path with its cost; None where there is none, or the budget was spent."""
    with question.net.desk() as desk:
        net = question.net
        seen, parent, back = desk.floats("seen", 4), desk.ints("parent"), desk.ints("back_parent")
        middle, scanned = net.engine.run.cheapest(
            *question.arrays,
            *net.costs(weight, question.chosen),
            *(question.source, question.goal, float(desk.stamp(2))),
            *(seen, parent, back, question.budget.left),
        )
        if not question.budget.take(int(scanned)) or middle < 0:
            return None
        path, node = [], int(middle)
        while node >= 0:
            path.append(node)
            node = int(parent[node])
        path.reverse()
        while (node := int(back[path[-1]])) >= 0:
            path.append(node)
        return float(seen[4 * middle + 1] + seen[4 * middle + 3]), tuple(path)


def cheapest_first(question: Question, weight: str | None) -> Iterator[tuple[float, Numbers]]:
    """Every simple path with its cost, cheapest first; ends early where the budget is spent."""
    if (found := cheapest_walk(question, weight)) is None:
        return
    least = found[0]
    told: set[Numbers] = set()
    slack, more = (least or 1.0) * _SLACK, True
    with question.net.desk() as desk:
        while more:
            search = _Yen(question, weight, desk)
            for each in search.paths(least + slack):
                if each[1] not in told:
                    told.add(each[1])
                    yield each
            slack, more = 2 * slack, search.more and not question.budget.cut_short


class _Yen:
    """The paths within a bound."""

    def __init__(self, question: Question, weight: str | None, desk: Desk) -> None:
        self.question, self.desk = question, desk
        self.costs = question.net.costs(weight, question.chosen)
        cost, _, costs = self.costs
        self.ahead = (*question.ahead, cost, costs)
        self.run = question.net.engine.run
        self.heap: list[_Candidate] = []
        self.turn = 0
        self.more = False

    def paths(self, bound: float) -> Iterator[tuple[float, Numbers]]:
        """The paths within the bound; afterwards `more` says whether there may be dearer ones."""
        if (funnel := self.funnel(bound)) is None:
            return
        whole = _Root((self.question.source,), (0.0,), ())
        self.heap.append(_Candidate(0.0, 0, whole))
        while self.heap and not self.question.budget.cut_short:
            best = heappop(self.heap)
            if not best.nodes:
                self.seek(funnel, best)
                continue
            yield best.cost, best.nodes
            self.part(funnel, best)

    def funnel(self, bound: float) -> _Funnel | None:
        """What is left to the goal within the bound; None where the budget was spent."""
        desk, budget = self.desk, self.question.budget
        then = desk.stamp(2)
        more, scanned = self.run.funnel(
            *(*self.question.arrays, *self.costs, self.question.source, self.question.goal),
            *(bound * _ROUNDING, float(then), desk.floats("seen", 4), budget.left),
        )
        return _Funnel(bound, then, more > 0) if budget.take(int(scanned)) else None

    def part(self, funnel: _Funnel, parent: _Candidate) -> None:
        """Adds how each path begins that parts from this one, with what it costs at least."""
        desk, nodes, costs = self.desk, parent.nodes, parent.costs
        since, barred = len(parent.root.nodes) - 1, parent.root.barred
        path, begun, least = desk.ints("ahead"), desk.floats("begun"), desk.floats("least")
        _fill(path, nodes)
        _fill(begun, costs)
        aside, scanned = self.run.partings(
            *(*self.ahead, path, len(nodes), since, begun, self.barred(barred), len(barred)),
            *(float(funnel.then), desk.floats("seen", 4)),
            *(float(desk.stamp(1)), desk.floats("noted", 2), funnel.bound, least),
        )
        self.note(funnel, int(aside))
        self.question.budget.take(int(scanned))
        for at in range(since, len(nodes) - 1):
            if least[at] >= 0:
                self.turn += 1
                known = (*barred, nodes[at + 1]) if at == since else (nodes[at + 1],)
                root = _Root(nodes[: at + 1], costs[: at + 1], known)
                heappush(self.heap, _Candidate(float(least[at]), self.turn, root))

    def seek(self, funnel: _Funnel, begun: _Candidate) -> None:
        """Adds the cheapest path that begins so, where there is one within the bound."""
        desk, budget, root = self.desk, self.question.budget, begun.root
        path, out, noted = desk.ints("ahead"), desk.ints("behind"), desk.floats("noted", 2)
        _fill(path, root.nodes)
        long, cost, aside, scanned = self.run.spur(
            *(*self.ahead, path, len(root.nodes) - 1, root.costs[-1]),
            *(self.barred(root.barred), len(root.barred), self.question.goal),
            *(float(funnel.then), desk.floats("seen", 4), float(desk.stamp(1)), noted),
            *(desk.ints("parent"), funnel.bound, out, budget.left),
        )
        self.note(funnel, int(aside))
        if budget.take(int(scanned)) and long >= 0:
            way = self.question.net.engine.read(out[:long])
            costs = (*root.costs, *(float(noted[2 * node + 1]) for node in way))
            nodes = (*root.nodes, *way)
            heappush(self.heap, begun._replace(cost=float(cost), nodes=nodes, costs=costs))

    def barred(self, nodes: Numbers) -> object:
        """The nodes as kernels read them."""
        bars = self.desk.ints("bars")
        _fill(bars, nodes)
        return bars

    def note(self, funnel: _Funnel, aside: int) -> None:
        """Notes whether what a kernel left aside may lead to dearer paths."""
        self.more = self.more or aside > 1 or (aside == 1 and funnel.more)


def _fill(array: object, values: tuple[float, ...]) -> None:
    for at, value in enumerate(values):
        array[at] = value  # type: ignore[index]
