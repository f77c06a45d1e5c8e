"""How many edges a search may scan: a bound that cuts a search at the same place each time."""

import networkx as nx

__all__ = ["Budget", "CutShortError"]

_UNBOUND = 2**62


class CutShortError(nx.NetworkXException):  # type: ignore[misc]
    """The budget was spent before one path was found, or was known to be absent."""


class Budget:
    """Edges a search may scan; afterwards, how many it did, and whether that cut it short.

    >>> budget = Budget(100)
    >>> budget.take(60), budget.left, budget.take(60), budget.cut_short
    (True, 40, False, True)
    """

    def __init__(self, edges: int | None = None) -> None:
        self.edges = edges
        self.scanned = 0
        self.cut_short = False

    @property
    def left(self) -> int:
        """How many more edges may be scanned."""
        return _UNBOUND if self.edges is None else self.edges - self.scanned

    def take(self, edges: int) -> bool:
        """Notes that so many were scanned; whether as many were left."""
        self.cut_short = self.cut_short or edges > self.left
        self.scanned += edges
        return not self.cut_short
