"""The search for one shortest path as Python does it fastest: by dictionaries and rows of numbers.

It finds what the kernel `meet` finds, of a graph whose edges all count, and scans the same edges.
"""

from array import array
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Rows", "meet", "rows"]


class Rows(NamedTuple):
    """The neighbours of nodes: those of a node are `ends` from its `start` to the next one's."""

    start: list[int]
    ends: list[int]
    width: list[int]
    """How many neighbours each node has."""


def rows(start: "array[int]", ends: "array[int]") -> Rows:
    """The same as lists, in which each number stands once."""
    begun, numbers = list(start), list(range(len(start)))
    return Rows(
        begun,
        list(map(numbers.__getitem__, ends)),
        [end - begin for begin, end in pairwise(begun)],
    )


class Met(NamedTuple):
    """The shortest path as numbers of nodes, None where there is none or the limit was reached."""

    path: list[int] | None
    scanned: int


def meet(ahead: Rows, behind: Rows, source: int, goal: int, limit: int) -> Met:
    """The first of the shortest paths, and how many edges were scanned.

    >>> ahead = rows(array("i", [0, 1, 2, 2]), array("i", [1, 2]))
    >>> meet(ahead, rows(array("i", [0, 0, 1, 2]), array("i", [0, 1])), 0, 2, 9)
    Met(path=[0, 1, 2], scanned=2)
    """
    if source == goal:
        return Met([source], 0)
    parents, left = {source: -1}, {goal: 0}
    near, far = [source], [goal]
    start, ends, width = ahead
    back_start, back_ends, back_width = behind
    wide, back_wide = width[source], back_width[goal]
    scanned = 0
    while near and far:
        if wide <= back_wide:
            further: list[int] = []
            for node in near:
                row = ends[start[node] : start[node + 1]]
                scanned += len(row)
                if scanned > limit:
                    return Met(None, scanned)
                for other in row:
                    if other not in parents:
                        if other in left:
                            return Met(_through(ahead, parents, left, (node, other)), scanned)
                        parents[other] = node
                        further.append(other)
            near, wide = further, sum(map(width.__getitem__, further))
        else:
            depth = left[far[0]] + 1
            further, met = [], set()
            for node in far:
                row = back_ends[back_start[node] : back_start[node + 1]]
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
            far, back_wide = further, sum(map(back_width.__getitem__, further))
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
        for other in ahead.ends[ahead.start[node] : ahead.start[node + 1]]:
            if left.get(other) == wanted:
                node = other
                break
        path.append(node)
    return path
