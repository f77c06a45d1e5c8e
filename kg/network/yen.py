"""Simple paths by cost, the cheapest first: Yen's partition as Lawler improved it, by A*.

What is left to the goal is known exactly from every node that a path within a bound can pass, so a
search for the next path goes straight there. Where the paths within the bound are exhausted, the
bound is widened and the search begun again; what was found already is passed over.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

from kg.network.engine import Desk
from kg.network.question import Question

__all__ = ["cheapest_first", "cheapest_walk"]

Numbers: TypeAlias = tuple[int, ...]

_SLACK = 0.1
"""How much dearer than the cheapest the paths within the first bound are, at most."""
_ROUNDING = 1 + 1e-9
"""So much wider than the bound is the funnel: sums from its two ends differ in their last bits."""


class _Root(NamedTuple):
    """How a path begins: its nodes, what it has cost at each, where it may not go next."""

    nodes: Numbers
    costs: tuple[float, ...]
    barred: Numbers


class _Candidate(NamedTuple):
    """A path, what it has cost at each of its nodes, and where it parts from its parent."""

    cost: float
    turn: int
    """How many were found before it: of equals, the first found goes first, as in networkx."""
    path: Numbers
    costs: tuple[float, ...]
    parts: int
    barred: Numbers
    """The nodes it may not go to where it parts."""


class _Funnel(NamedTuple):
    """What is left to the goal, for every node on a path within the bound."""

    bound: float
    then: int
    more: bool
    """Whether there are nodes from which the goal is further."""


def cheapest_walk(question: Question, weight: str | None) -> tuple[float, Numbers] | None:
    """A cheapest path with its cost; None where there is none, or the budget was spent."""
    with question.net.desk() as desk:
        found = _meet(question, weight, desk, desk.stamp(2))
        return None if found is None else (found[0], found[1])


def _meet(
    question: Question, weight: str | None, desk: Desk, now: int
) -> tuple[float, Numbers, float] | None:
    """A cheapest path: its cost, its nodes, and how far the search from the source came."""
    net = question.net
    ahead = desk.ints("state"), desk.floats("dist"), desk.ints("parent")
    behind = desk.ints("back_state"), desk.floats("back_dist"), desk.ints("back_parent")
    middle, top, scanned = net.engine.run.cheapest(
        *question.arrays,
        *net.costs(weight),
        *(question.source, question.goal, now),
        *(*ahead, *behind, question.budget.left),
    )
    if not question.budget.take(int(scanned)) or middle < 0:
        return None
    path, node = [], int(middle)
    while node >= 0:
        path.append(node)
        node = int(ahead[2][node])
    path.reverse()
    while (node := int(behind[2][path[-1]])) >= 0:
        path.append(node)
    return float(ahead[1][middle] + behind[1][middle]), tuple(path), float(top)


def cheapest_first(question: Question, weight: str | None) -> Iterator[tuple[float, Numbers]]:
    """Every simple path with its cost, cheapest first; ends early where the budget is spent."""
    with question.net.desk() as desk:
        now = desk.stamp(2)
        found = _meet(question, weight, desk, now)
        if found is None:
            return
        least, _, top = found
        given: set[Numbers] = set()
        slack, more = (least or 1.0) * _SLACK, True
        while more:
            search = _Yen(question, weight, desk, (now, top))
            for each in search.paths(least + slack):
                if each[1] not in given:
                    given.add(each[1])
                    yield each
            slack, more = 2 * slack, search.more and not question.budget.cut_short


class _Yen:
    """The paths within a bound."""

    def __init__(
        self, question: Question, weight: str | None, desk: Desk, reached: tuple[int, float]
    ) -> None:
        self.question, self.desk = question, desk
        self.reached = reached
        self.costs = question.net.costs(weight)
        self.ahead = question.ahead
        self.turn = 0
        self.more = False

    def paths(self, bound: float) -> Iterator[tuple[float, Numbers]]:
        """The paths within the bound; afterwards `more` says whether there may be dearer ones."""
        if (funnel := self.funnel(bound)) is None:
            return
        heap: list[_Candidate] = []
        self.push(heap, funnel, _Root((self.question.source,), (0.0,), ()))
        while heap and not self.question.budget.cut_short:
            best = heappop(heap)
            yield best.costs[-1], best.path
            for at in range(best.parts, len(best.path) - 1):
                barred = best.barred if at == best.parts else ()
                nodes, costs = best.path[: at + 1], best.costs[: at + 1]
                self.push(heap, funnel, _Root(nodes, costs, (*barred, best.path[at + 1])))

    def funnel(self, bound: float) -> _Funnel | None:
        """What is left to the goal within the bound; None where the budget was spent."""
        net, desk, budget = self.question.net, self.desk, self.question.budget
        (now, top), then = self.reached, desk.stamp(2)
        more, scanned = net.engine.run.funnel(
            *(*net.both[2:], *net.open(self.question.chosen), *self.costs),
            *(self.question.goal, now, desk.ints("state"), desk.floats("dist"), top),
            *(then, desk.ints("back_state"), desk.floats("back_dist")),
            *(bound * _ROUNDING, budget.left),
        )
        return _Funnel(bound, then, more > 0) if budget.take(int(scanned)) else None

    def push(self, heap: list[_Candidate], funnel: _Funnel, root: _Root) -> None:
        """Adds the cheapest path that begins with these nodes and goes on to no barred one."""
        net, desk, budget = self.question.net, self.desk, self.question.budget
        if budget.cut_short:
            return
        nodes, out = desk.ints("ahead"), desk.ints("behind")
        bars = net.engine.whole(len(root.barred))
        for place, node in enumerate(root.nodes):
            nodes[place] = node
        for place, node in enumerate(root.barred):
            bars[place] = node
        dist = desk.floats("spur_dist")
        long, cost, aside, scanned = net.engine.run.spur(
            *(*self.ahead, *self.costs, nodes, len(root.nodes) - 1, root.costs[-1]),
            *(bars, len(root.barred), self.question.goal),
            *(funnel.then, desk.ints("back_state"), desk.floats("back_dist")),
            *(desk.stamp(1), desk.ints("spur_state"), dist, desk.ints("back_parent")),
            *(funnel.bound, out, budget.left),
        )
        self.more = self.more or aside > 1 or (aside == 1 and funnel.more)
        if budget.take(int(scanned)) and long >= 0:
            way = net.engine.read(out[:long])
            costs = (*root.costs, *(float(dist[node]) for node in way))
            self.turn += 1
            parts = len(root.nodes) - 1
            path = (*root.nodes, *way)
            heappush(heap, _Candidate(float(cost), self.turn, path, costs, parts, root.barred))
