"""Simple paths by number of hops, the shortest first, as numbers of nodes."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from kg.backend.engine import ROOM, Desk
from kg.backend.net import EVERY
from kg.backend.plainly import meet
from kg.backend.question import Question

__all__ = ["shortest_walk", "walks"]

Numbers: TypeAlias = list[int]


class Walk(NamedTuple):
    """A path by its nodes, and in how many ways it can go over parallel edges."""

    ways: int
    nodes: Numbers


_MOST_SORTED = 100_000
"""So many paths are held to be sorted; where there are more, lengths are tried one by one."""


def shortest_walk(question: Question) -> Numbers | None:
    """The first of the shortest paths; None where there is none, or the budget was spent."""
    net = question.net
    if net.mode == "plain" and question.chosen == EVERY:
        path, scanned = meet(*net.rows, question.source, question.goal, question.budget.left)
        question.budget.take(scanned)
        return path
    desk = net.borrow()
    try:
        base = desk.stamp(2 * net.csr.nodes + 6)
        long, scanned, used = net.engine.run.meet(
            *question.arrays,
            *(question.source, question.goal, base),
            *desk.several("mark", "parent", "ahead", "behind", "path"),
            question.budget.left,
        )
        desk.now = base + used
        question.budget.take(scanned)
        return net.engine.read(desk.ints("path")[:long]) if long > 0 else None
    finally:
        net.desks.append(desk)


def walks(question: Question, most: int) -> Iterator[Walk]:
    """Simple paths of at most so many hops, shortest first, equal ones as their nodes stand.

    With -1, the shortest ones only. Ends early where the budget is spent.
    """
    net = question.net
    with net.desk() as desk:
        base = desk.stamp(net.csr.nodes + 2)
        found, scanned = net.engine.run.corridor(
            *question.arrays,
            *(question.source, question.goal, most, base),
            *desk.several("mark", "back_mark", "ahead", "behind"),
            question.budget.left,
        )
        if question.budget.take(scanned) and found >= 0:
            least = int(desk.ints("back_mark")[question.source]) - base
            yield from _by_length(question, desk, base, (least, int(found)))


def _by_length(
    question: Question, desk: Desk, base: int, lengths: tuple[int, int]
) -> Iterator[Walk]:
    """The paths from the least to the greatest length, where each length is one search or more."""
    (above, most), step = (lengths[0] - 1, lengths[1]), 1
    while above < most:
        search = _Search(question, desk, base, (above, min(most, above + step)))
        found = 0
        if step == 1:
            for path in search.paths():
                found += 1
                yield path
        else:
            held = []
            for path in search.paths():
                held.append(path)
                if len(held) > _MOST_SORTED:
                    break
            found = len(held)
            if found > _MOST_SORTED:
                step = 1
                continue
            yield from sorted(held, key=lambda walk: (len(walk.nodes), walk.nodes))
        if not search.more or question.budget.cut_short:
            return
        above = min(most, above + step)
        step = 1 if found else 2 * step


class _Search:
    """One search for paths of more hops than one number and at most another."""

    def __init__(self, question: Question, desk: Desk, base: int, lengths: tuple[int, int]) -> None:
        self.question, self.desk, self.base, self.lengths = question, desk, base, lengths
        self.more = False

    def paths(self) -> Iterator[Walk]:
        """The paths in order; afterwards `more` says whether longer ones may be there."""
        net, budget, source = self.question.net, self.question.budget, self.question.source
        path, cursor, used = self.desk.several("path", "cursor", "used")
        room = 2 * self.lengths[1] + 8
        out = net.engine.whole(room) if room > ROOM else self.desk.out
        path[0], cursor[0], used[source] = source, net.csr.start[source], 1
        depth, ends = 0, (self.question.goal, *self.lengths, self.base)
        marks = self.desk.ints("back_mark")
        try:
            while depth >= 0:
                lent = (marks, path, cursor, used, depth, out)
                taken, depth, scanned, more = net.engine.run.walk(
                    *self.question.ahead, *ends, *lent, budget.left
                )
                self.more = self.more or more > 0
                within = budget.take(int(scanned))
                yield from _unpacked(net.engine.read(out[:taken]))
                if not within:
                    return
        finally:
            for at in range(depth + 1):
                used[path[at]] = 0


def _unpacked(flat: list[int]) -> Iterator[Walk]:
    """Paths that stand one after another, each after its number of nodes and its ways."""
    at = 0
    while at < len(flat):
        end = at + 2 + flat[at]
        yield Walk(flat[at + 1], flat[at + 2 : end])
        at = end
