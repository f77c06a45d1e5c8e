"""The search for one shortest path as Python does it fastest: by dictionaries and rows of numbers.

It finds what the kernel `meet` finds, of a graph whose edges all count, and scans the same edges.
"""

from array import array
from typing import NamedTuple

__all__ = ["Rows", "meet"]


class Rows(dict[int, list[int]]):
    """The neighbours of each node as a list, made when first asked for."""

    def __init__(self, start: "array[int]", ends: "array[int]") -> None:
        super().__init__()
        self.start, self.ends = start, ends

    def __missing__(self, node: int) -> list[int]:
        row = self[node] = self.ends[self.start[node] : self.start[node + 1]].tolist()
        return row


class Met(NamedTuple):
    """The shortest path as numbers of nodes, None where there is none or the limit was reached."""

    path: list[int] | None
    scanned: int


def meet(ahead: Rows, behind: Rows, source: int, goal: int, limit: int) -> Met:
    """The first of the shortest paths, and how many edges were scanned.

    >>> rows = Rows(array("i", [0, 1, 2, 2]), array("i", [1, 2]))
    >>> meet(rows, Rows(array("i", [0, 0, 1, 2]), array("i", [0, 1])), 0, 2, 9)
    Met(path=[0, 1, 2], scanned=2)
    """
    if source == goal:
        return Met([source], 0)
    parents, left = {source: -1}, {goal: 0}
    near, far = [source], [goal]
    wide, back_wide = len(ahead[source]), len(behind[goal])
    scanned = 0
    while near and far:
        if wide <= back_wide:
            further: list[int] = []
            for node in near:
                row = ahead[node]
                scanned += len(row)
                if scanned > limit:
                    return Met(None, scanned)
                for other in row:
                    if other not in parents:
                        if other in left:
                            return Met(_through(ahead, parents, left, (node, other)), scanned)
                        parents[other] = node
                        further.append(other)
            near, wide = further, sum(map(len, map(ahead.__getitem__, further)))
        else:
            depth = left[far[0]] + 1
            further, met = [], set()
            for node in far:
                row = behind[node]
                scanned += len(row)
                if scanned > limit:
                    return Met(None, scanned)
                for other in row:
                    if other not in left:
                        left[other] = depth
                        if other in parents:
                            met.add(other)
                        else:
                            further.append(other)
            if met:
                first = next(node for node in near if node in met)
                return Met(_through(ahead, parents, left, (first,)), scanned)
            far, back_wide = further, sum(map(len, map(behind.__getitem__, further)))
    return Met(None, scanned)


def _through(
    ahead: Rows, parents: dict[int, int], left: dict[int, int], middle: tuple[int, ...]
) -> list[int]:
    """The path by these nodes: back by parents, and on by the lowest that is one hop nearer."""
    path, node = [], parents[middle[0]]
    while node >= 0:
        path.append(node)
        node = parents[node]
    path.reverse()
    path.extend(middle)
    node = path[-1]
    for wanted in range(left[node] - 1, -1, -1):
        for other in ahead[node]:
            if left.get(other) == wanted:
                node = other
                break
        path.append(node)
    return path
