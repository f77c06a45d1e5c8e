"""A question in numbers: from where to where, by which edges, for how many edges scanned."""

from collections.abc import Hashable
from typing import Any, NamedTuple, TypeAlias

import networkx as nx

from kg.backend.budget import Budget
from kg.backend.graph import chosen, filtered, ready
from kg.backend.net import EVERY, Filter, Net

__all__ = ["How", "Question", "asked", "networkx_answer"]

How: TypeAlias = dict[str, Any]
"""What a function takes besides networkx's arguments: relations, without, edges, budget."""


class Question(NamedTuple):
    """From where to where in which net, by which edges, at what cost in edges scanned."""

    net: Net
    source: int
    goal: int
    chosen: Filter
    budget: Budget

    @property
    def arrays(self) -> tuple[Any, ...]:
        """The hops both ways, and which edges count, as kernels read them."""
        return self.net.both_ways(self.chosen)

    @property
    def ahead(self) -> tuple[Any, ...]:
        """The hops ahead, and which edges count, as kernels read them."""
        arrays = self.net.both_ways(self.chosen)
        return (*arrays[:2], *arrays[5:])


def asked(graph: Any, source: Hashable, goal: Hashable, how: How) -> Question | None:
    """The question in numbers; None where networkx must answer it, or refuse it."""
    mine = _filter(graph, how)
    if (net := ready(graph)) is None:
        return None
    try:
        ends = net.number[source], net.number[goal]
    except (KeyError, TypeError):  # no such node, or nothing that could be one
        return None
    return Question(net, *ends, mine, how.get("budget") or Budget())


def networkx_answer(name: str, how: How, graph: Any, *args: Any) -> Any:
    """What networkx's own function of this name answers, of the edges that count."""
    budget = how.get("budget")
    if budget is not None and budget.edges is not None and args[0] in graph and args[1] in graph:
        raise nx.NetworkXNotImplemented(
            f"{name}: networkx answers this itself and counts no edges: leave the budget out."
        )
    mine = _filter(graph, how)
    if mine != getattr(graph, "chosen", EVERY):
        graph = filtered(graph, mine)
    return nx.utils.backends._registered_algorithms[name].orig_func(graph, *args)


def _filter(graph: Any, how: How) -> Filter:
    mine = EVERY
    if how and any(name != "budget" for name in how):
        mine = chosen(**{name: value for name, value in how.items() if name != "budget"})
    shown: Filter = getattr(graph, "chosen", EVERY)
    if EVERY not in (shown, mine):
        raise nx.NetworkXError("This view chooses edges already: choose from the whole graph.")
    return mine if shown == EVERY else shown
